"""Plans as whole texts, for what containers are given: images built, files, hooks, limits, volumes without names."""
# ruff: noqa: E501

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.design import Design, Resource
from topology.core.observed import ObservedNetwork
from topology.core.plan import Kind, Plan
from topology.core.planner import plan_apply, plan_down, plan_restart, plan_start, plan_stop

HOOK = {"command": ["sh", "-c", "migrate"], "user": "root", "privileged": False, "environment": {"A": "1"}}


def lines(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"


def notes(plan: Plan) -> list[str]:
    return [f"{note.severity} {note.code}: {note.message}" for note in plan.notes]


def with_keys(design: Design, service: str, *, fields: dict[str, Any] | None = None, **keys: Any) -> Design:
    spec = design.services[service]
    spec = replace(spec, other={**spec.other, **keys}, **(fields or {}))
    return replace(design, services={**design.services, service: spec})


def engine_of(design: Design, *, images: tuple[str, ...] = ("nginx", "redis", "busybox")) -> Simulator:
    engine = Simulator(images=images)
    return engine.perform(plan_apply(design, engine.observe()))


def secret(design: Design, content: str = "hunter2") -> Design:
    return replace(with_keys(design, "web", secrets=["pw"]), secrets={"pw": Resource("pw", content=content)})


# --- configs and secrets


def test_it_copies_a_secret_into_a_new_container_before_it_starts() -> None:
    plan = plan_apply(secret(draw("web nginx")), Simulator(images=("nginx",)).observe())
    assert plan.as_text() == lines("""
        new  create network p_default  (it is not there)
        new  create web from nginx on default  (it is not there)
        new  copy /run/secrets/pw into web  (it is not there)
        new  start web  (it is new)
        """)
    copied = plan.operations[2]
    assert copied.contents == {"/run/secrets/pw": "hunter2"}
    assert "hunter2" not in str(copied.to_json())
    assert plan.operations[3].needs == (1, 2)


def test_it_makes_a_container_anew_when_a_secret_changes() -> None:
    engine = engine_of(secret(draw("web nginx")))
    assert plan_apply(secret(draw("web nginx")), engine.observe()).as_text() == "nothing to do\n"
    plan = plan_apply(secret(draw("web nginx"), "other"), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on default  (secrets changed)
        recreate  copy /run/secrets/pw into the new web  (secrets changed)
        recreate  stop web  (secrets changed)
        recreate  set the old web aside as p-web-1.old  (secrets changed)
        recreate  name the new web p-web-1  (secrets changed)
        recreate  start web  (secrets changed)
        recreate  see that web stays up  (secrets changed)
        recreate  remove the old web  (secrets changed)
        """)


def test_it_copies_again_when_an_apply_broke_off_before_the_copy() -> None:
    design, engine = secret(draw("web nginx")), Simulator(images=("nginx",))
    engine.perform(plan_apply(design, engine.observe()), steps=2)
    plan = plan_apply(design, engine.observe())
    assert plan.as_text() == lines("""
        in place  copy /run/secrets/pw into web  (it was made, but not started)
        in place  start web  (it was made, but not started)
        """)
    assert engine.perform(plan).containers["p-web-1"].files.keys() == {"/run/secrets/pw"}


def test_it_does_not_copy_into_a_container_that_stopped_by_itself() -> None:
    engine = engine_of(secret(draw("web nginx")))
    engine.exit("p-web-1", code=1)
    assert plan_apply(secret(draw("web nginx")), engine.observe()).as_text() == lines("""
        in place  start web  (it exited with 1)
        """)


@pytest.mark.parametrize(
    ("resource", "note"),
    [
        (Resource("pw", external=True), "error secrets-missing: web is to have /run/secrets/pw, but the secret pw is external, which only a Swarm has."),
        (Resource("pw", environment="PW"), "error secrets-missing: web is to have /run/secrets/pw, but the secret pw comes from the variable PW, which is not set."),
        (Resource("pw", file="./pw"), "error secrets-missing: web is to have /run/secrets/pw, but the secret pw comes from ./pw, which this stack does not have."),
    ],
)  # fmt: skip
def test_it_says_whose_secret_it_does_not_have(resource: Resource, note: str) -> None:
    design = replace(secret(draw("web nginx")), secrets={"pw": resource})
    assert notes(plan_apply(design, Simulator(images=("nginx",)).observe())) == [note]


def test_it_says_that_a_read_only_container_takes_no_copy() -> None:
    design = with_keys(secret(draw("web nginx")), "web", fields={"read_only": True})
    found = plan_apply(design, Simulator(images=("nginx",)).observe()).notes
    assert [(one.code, one.message) for one in found] == [
        ("copy-read-only", "/run/secrets/pw cannot be copied into web: its files are read-only.")
    ]


# --- hooks


def test_it_runs_post_start_before_what_depends_on_it_starts() -> None:
    design = with_keys(draw("web nginx; needs db\ndb redis"), "db", post_start=[HOOK, {"command": "echo two"}])
    plan = plan_apply(design, Simulator(images=("nginx", "redis")).observe())
    assert plan.as_text() == lines("""
        new  create network p_default  (it is not there)
        new  create db from redis on default  (it is not there)
        new  start db  (it is new)
        new  run post_start 1 of 2 in db  (it has started)
        new  run post_start 2 of 2 in db  (it has started)
        new  create web from nginx on default  (it is not there)
        new  start web  (it is new)
        """)
    assert 4 in plan.operations[6].needs
    assert plan.operations[3].detail["command"] == ["sh", "-c", "migrate"]
    assert plan.operations[3].detail["environment"] == ["A=1"]
    assert plan.operations[4].detail["command"] == ["echo", "two"]


def test_it_runs_pre_stop_before_it_stops_the_old_one() -> None:
    design = with_keys(draw("web nginx"), "web", pre_stop=[HOOK])
    engine = engine_of(design)
    changed = with_keys(draw("web nginx; env A=1"), "web", pre_stop=[HOOK])
    assert plan_apply(changed, engine.observe()).as_text() == lines("""
        recreate  create the new web from nginx on default  (environment changed)
        recreate  run pre_stop in web  (environment changed)
        recreate  stop web  (environment changed)
        recreate  set the old web aside as p-web-1.old  (environment changed)
        recreate  name the new web p-web-1  (environment changed)
        recreate  start web  (environment changed)
        recreate  see that web stays up  (environment changed)
        recreate  remove the old web  (environment changed)
        """)


def test_down_and_stop_run_pre_stop_of_what_runs() -> None:
    design = with_keys(draw("web nginx"), "web", pre_stop=[HOOK])
    engine = engine_of(design)
    assert plan_stop(design, engine.observe()).as_text() == lines("""
        stop  run pre_stop in web  (stopping was asked for)
        stop  stop web  (stopping was asked for)
        """)
    assert plan_down(design, engine.observe()).as_text() == lines("""
        remove  run pre_stop in web  (the stack is taken down)
        remove  stop web  (the stack is taken down)
        remove  remove web  (the stack is taken down)
        remove  remove network p_default  (the stack is taken down)
        """)
    engine.exit("p-web-1", code=0)
    assert plan_down(design, engine.observe()).as_text() == lines("""
        remove  remove web  (the stack is taken down)
        remove  remove network p_default  (the stack is taken down)
        """)


def test_restart_and_start_run_the_hooks() -> None:
    design = with_keys(draw("web nginx"), "web", pre_stop=[HOOK], post_start=[HOOK])
    engine = engine_of(design)
    plan = plan_restart(design, engine.observe())
    assert plan.as_text() == lines("""
        restart  run pre_stop in web  (restarting was asked for)
        restart  restart web  (restarting was asked for)
        restart  run post_start in web  (it has started)
        """)
    started_at = engine.containers["p-web-1"].started_at
    assert plan.operations[1].detail["since"] == started_at
    engine.exit("p-web-1", code=0)
    assert plan_start(design, engine.observe()).as_text() == lines("""
        in place  start web  (starting was asked for)
        in place  run post_start in web  (it has started)
        """)


# --- images


def built(files: dict[str, str] | None = None, **build: Any) -> Design:
    design = draw("app; build")
    app = replace(design.services["app"], build={"context": ".", **build})
    return replace(design, services={"app": app}, files={"Dockerfile": "FROM nginx"} if files is None else files)


def test_it_builds_an_image_from_the_stack_s_files() -> None:
    plan = plan_apply(built(args={"A": 1}, target="last", tags=["x:1"]), Simulator().observe())
    assert plan.as_text() == lines("""
        new  build image p-app from .  (it is not on the engine)
        new  create network p_default  (it is not there)
        new  create app from p-app on default  (it is not there)
        new  start app  (it is new)
        """)
    assert plan.operations[0].contents == {"Dockerfile": "FROM nginx"}
    assert plan.operations[0].detail == {"image": "p-app", "options": {
        "dockerfile": "Dockerfile", "args": {"A": "1"}, "target": "last", "tags": ["x:1"],
        "labels": {"com.docker.compose.project": "p", "com.docker.compose.service": "app", "com.docker.compose.version": "2.26.1"},
    }}  # fmt: skip


def test_it_builds_from_a_folder_with_a_dockerfile_beside_it() -> None:
    files = {"docker/App.Dockerfile": "FROM nginx\nRUN --mount=type=cache,target=/c x", "src/a.txt": "a", "secret.txt": "s"}
    design = built(files, context="src", dockerfile="../docker/App.Dockerfile")
    build = plan_apply(design, Simulator().observe()).operations[0]
    assert build.contents == {"a.txt": "a", ".dockerfile-inline": files["docker/App.Dockerfile"]}
    assert build.detail["options"]["modern"] is True


def test_it_builds_from_a_git_url_and_shows_no_password() -> None:
    plan = plan_apply(built({}, context="https://ann:s3cret@example.org/app.git#main:sub"), Simulator().observe())
    assert plan.as_text().splitlines()[0] == (
        "new  build image p-app from https://example.org/app.git#main:sub  (it is not on the engine)"
    )
    assert plan.operations[0].contents == {}


def test_it_builds_an_image_of_two_services_once_and_pulls_it_for_neither() -> None:
    design = draw("worker app:1\napi app:1; build")
    design = replace(design, files={"Dockerfile": "FROM nginx"})
    assert plan_apply(design, Simulator().observe()).as_text() == lines("""
        new  build image app:1 from .  (it is not on the engine)
        new  create network p_default  (it is not there)
        new  create api from app:1 on default  (it is not there)
        new  start api  (it is new)
        new  create worker from app:1 on default  (it is not there)
        new  start worker  (it is new)
        """)


def test_it_does_not_build_what_is_there_unless_asked_to() -> None:
    engine = Simulator(images=("p-app",))
    assert plan_apply(built(), engine.observe()).operations[0].kind is Kind.CREATE_NETWORK
    design = built()
    always = replace(design, services={"app": replace(design.services["app"], pull_policy="build")})
    assert plan_apply(always, engine.observe()).as_text().splitlines()[0] == "new  build image p-app from .  (pull_policy is build)"
    engine.perform(plan_apply(always, engine.observe()))
    assert plan_apply(always, engine.observe()).as_text() == "nothing to do\n"


def test_it_says_what_of_a_build_the_builder_is_not_told() -> None:
    plan = plan_apply(built(secrets=["s"], platforms=["linux/amd64", "linux/arm64"]), Simulator().observe())
    assert notes(plan) == [
        "warning build-not-carried: build.secrets, build.platforms of app cannot be told to the engine's builder."
    ]


@pytest.mark.parametrize(("policy", "age_s"), [("daily", 86400), ("weekly", 604800), ("every_1d12h", 129600), ("every_30m", 1800)])
def test_it_pulls_what_may_be_too_old(policy: str, age_s: int) -> None:
    plan = plan_apply(draw(f"web nginx; policy {policy}"), Simulator(images=("nginx",)).observe())
    assert plan.as_text().splitlines()[0] == f"new  pull image nginx  (pull_policy is {policy})"
    assert plan.operations[0].detail == {"image": "nginx", "max_age_s": age_s}


def test_it_refuses_to_build_what_has_no_build() -> None:
    plan = plan_apply(draw("web nginx; policy build"), Simulator(images=("nginx",)).observe())
    assert notes(plan) == ["error build-missing: web is to be built, but has no build section."]
    assert plan.operations == ()


def test_a_container_knows_the_image_it_was_made_from() -> None:
    (made,) = [
        one for one in plan_apply(draw("web nginx"), Simulator(images=("nginx",)).observe()).operations
        if one.kind is Kind.CREATE_CONTAINER
    ]  # fmt: skip
    assert made.detail["payload"]["Labels"]["com.docker.compose.image"] == "sha256:nginx"


# --- limits


def test_it_changes_swap_and_cpu_time_in_place() -> None:
    engine = engine_of(draw("web nginx; memory 64"))
    design = with_keys(draw("web nginx; memory 64"), "web", memswap_limit="96m", cpu_quota="50ms")
    plan = plan_apply(design, engine.observe())
    assert plan.as_text() == lines("""
        in place  set the swap limit 96 MiB and CPU quota 50000 of web  (the design says so)
        """)
    assert plan_apply(design, engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_it_lifts_what_the_engine_can_lift_in_place() -> None:
    design = with_keys(draw("web nginx; memory 64"), "web", memswap_limit="96m", cpu_quota=50000, fields={"pids_limit": 9})
    engine = engine_of(design)
    plan = plan_apply(draw("web nginx; memory 64"), engine.observe())
    assert plan.as_text() == lines("""
        in place  set the no process limit, no CPU quota and no swap limit of web  (the design says so)
        """)
    assert plan_apply(draw("web nginx; memory 64"), engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_a_swap_limit_of_twice_the_memory_is_the_engine_s_own() -> None:
    engine = engine_of(draw("web nginx; memory 64"))
    design = with_keys(draw("web nginx; memory 64"), "web", memswap_limit="128m")
    assert plan_apply(design, engine.observe()).as_text() == "nothing to do\n"


# --- what stands in the way


def test_it_says_that_a_subnet_is_taken_before_it_does_anything() -> None:
    observed = Simulator(images=("nginx",)).observe()
    observed = replace(observed, networks=(*observed.networks, ObservedNetwork("x", "vpn", "bridge", ("10.0.0.0/16",))))
    plan = plan_apply(draw("web nginx on n\nnet n 10.0.3.0/24"), observed)
    assert notes(plan) == ["error subnet-taken: The subnet 10.0.3.0/24 of n overlaps with that of the network vpn."]


def test_it_says_that_a_container_s_name_is_taken() -> None:
    observed = replace(Simulator(images=("nginx",)).observe(), taken_names=("database", "other"))
    plan = plan_apply(draw("web nginx; name database"), observed)
    assert notes(plan) == ["error name-taken: A container that is not of this stack is named database, as the one of web is to be."]


def test_it_says_what_no_call_carries_and_what_the_engine_is_too_old_for() -> None:
    design = with_keys(
        draw("web nginx"), "web", models=["m"], annotations={"a": "b"}, deploy={"placement": {"constraints": ["x"]}}, attach=False
    )
    observed = replace(Simulator(images=("nginx",)).observe(), api_version="1.41")
    assert notes(plan_apply(design, observed)) == [
        "warning engine-too-old: `annotations` of web needs engine 24; this one leaves it out or refuses it.",
        "warning key-not-carried: `models` of web stays in the file, but no engine call carries it.",
        "warning key-not-carried: deploy.placement of web is for a Swarm, and no matter to one engine.",
    ]
    assert [note.split(":")[0] for note in notes(plan_apply(design, replace(observed, api_version="1.44")))] == [
        "warning key-not-carried", "warning key-not-carried",
    ]  # fmt: skip


# --- what Compose made


def made_by_compose(design: Design, *, hash: str) -> Simulator:
    engine = engine_of(design)
    engine.forget_labels()
    for one in engine.containers.values():
        one.payload = one.payload | {"Labels": one.labels | {"com.docker.compose.config-hash": hash}}
    return engine


def test_what_compose_made_by_the_same_file_is_kept() -> None:
    design = with_keys(draw("web nginx"), "web", fields={"hash": "abc"})
    plan = plan_apply(design, made_by_compose(design, hash="abc").observe())
    assert (plan.as_text(), plan.notes) == ("nothing to do\n", ())


def test_what_compose_made_by_another_file_is_made_anew_for_what_differs() -> None:
    design = with_keys(draw("web nginx"), "web", fields={"hash": "old"})
    changed = with_keys(draw("web nginx; env A=1; cmd x"), "web", fields={"hash": "abc"})
    engine = made_by_compose(design, hash="old")
    assert plan_apply(changed, engine.observe()).as_text().splitlines()[0] == (
        "recreate  create the new web from nginx on default  (command and environment changed)"
    )
    assert plan_apply(with_keys(design, "web", fields={"hash": "abc"}), engine.observe()).as_text() == "nothing to do\n"


def test_what_compose_made_is_rewired_in_place() -> None:
    design = with_keys(draw("web nginx on a"), "web", fields={"hash": "old"})
    engine = made_by_compose(design, hash="old")
    moved = with_keys(draw("web nginx on a b"), "web", fields={"hash": "new"})
    plan = plan_apply(moved, engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_b  (it is not there)
        in place  connect web to b  (the design has it on b)
        """)
