"""Plans as whole texts: images that are built, and what may be too old."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.planning import lines, notes
from tests.core.simulator import Simulator
from topology.core.design import Design
from topology.core.plan import Kind
from topology.core.planner import plan_apply


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


def test_it_sends_nothing_that_dockerignore_keeps_out() -> None:
    files = {"Dockerfile": "FROM nginx\nCOPY . .", ".dockerignore": ".env\n*file", ".env": "A=1", "a.txt": "a", "sub/.env": "B=2"}
    sent = {"Dockerfile", ".dockerignore", "a.txt", "sub/.env"}
    assert plan_apply(built(files), Simulator().observe()).operations[0].contents.keys() == sent
    own = built({**files, "Dockerfile.dockerignore": "**/.env"})
    sent = sent - {"sub/.env"} | {"Dockerfile.dockerignore"}
    assert plan_apply(own, Simulator().observe()).operations[0].contents.keys() == sent


def test_it_refuses_a_build_whose_dockerignore_nothing_reads() -> None:
    plan = plan_apply(built({"Dockerfile": "FROM nginx", ".dockerignore": "[", ".env": "A=1"}), Simulator().observe())
    assert notes(plan) == [
        "error build-context-missing: app is to be built from ., but its .dockerignore has [, which nothing reads."
    ]


@pytest.mark.parametrize(("dockerfile", "version", "said"), [("FROM a", "1.41", []), ("FROM a\nRUN <<E\nE", "1.42", []), (
    "FROM a\nRUN <<E\nE", "1.41", ["warning build-not-carried: build.ulimits of app cannot be told to the engine's builder."],
)])  # fmt: skip
def test_it_carries_the_limits_of_a_build(dockerfile: str, version: str, said: list[str]) -> None:
    design = built({"Dockerfile": dockerfile}, ulimits={"nofile": {"soft": 1, "hard": "2"}, "nproc": 3})
    plan = plan_apply(design, replace(Simulator().observe(), api_version=version))
    assert plan.operations[0].detail["options"]["ulimits"] == {"nofile": [1, 2], "nproc": [3, 3]}
    assert notes(plan) == said


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
