"""Plans performed on both engines: afterwards the plan is empty, and wires change with no container made anew."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from tests.engine.bench import BUSYBOX, MARK, Bench, operation
from topology.core.design import (
    Attachment,
    Dependency,
    Design,
    Healthcheck,
    Link,
    Mount,
    Network,
    Pool,
    Port,
    Resource,
    Service,
    Volume,
)
from topology.core.lifecycle import plan_down
from topology.core.plan import Kind, Plan
from topology.core.planner import plan_apply
from topology.engine.errors import NotFound
from topology.engine.fake import FakeEngine


def service(name: str, **more: object) -> Service:
    sleep = ("sleep", "300")
    return replace(Service(name=name, image=BUSYBOX, command=sleep, labels={MARK: "1"}, stop_grace_period_s=0), **more)  # type: ignore[arg-type]


def shop(bench: Bench) -> Design:
    """web --front-- , web --back-- db, redis <-link- app on docker0, side in web's namespaces."""
    healthy = Healthcheck(test=("CMD-SHELL", "true"), interval_s=0.2, timeout_s=2, retries=3)
    labelled = {MARK: "1"}
    address = f"10.{150 + int(bench.project[-2:], 16) % 50}.{int(bench.project[-4:-2], 16)}"
    services = (
        service("web", attachments=(Attachment("front", aliases=("www",)), Attachment("back", ipv4=f"{address}.5")),
                ports=(Port(target=80, published="28090", host_ip="127.0.0.1"),), links=(Link("db", "store"),),
                depends_on=(Dependency("db", "service_healthy"),)),
        service("db", attachments=(Attachment("back"),), healthcheck=healthy, mounts=(Mount("volume", "/data", "data"),),
                hostname="db", mem_limit_bytes=64 << 20),
        service("redis", network_mode="bridge"),
        service("app", network_mode="bridge", links=(Link("redis", "db"),), depends_on=(Dependency("redis", implied=True),)),
        service("side", network_mode="service:web", depends_on=(Dependency("web", implied=True),)),
        service("lone", network_mode="none", restart="on-failure:2"),
    )  # fmt: skip
    return Design(
        project=bench.project,
        services={one.name: one for one in services},
        networks={
            "front": Network("front", labels=labelled),
            "back": Network("back", labels=labelled, internal=True, pools=(Pool(subnet=f"{address}.0/24"),)),
        },
        volumes={"data": Volume("data", labels=labelled)},
    )


def perform(bench: Bench, plan: Plan) -> None:
    for one in plan.operations:
        bench.engine.perform(one)


def still_to_do(bench: Bench, design: Design) -> str:
    return plan_apply(design, bench.engine.observe(bench.project)).as_text()


def test_a_plan_that_was_performed_leaves_nothing_to_do(bench: Bench) -> None:
    design = shop(bench)
    plan = plan_apply(design, bench.engine.observe(bench.project))
    perform(bench, plan)
    assert still_to_do(bench, design) == "nothing to do\n"
    perform(bench, plan)  # as a worker would that died before it wrote any of it down
    assert still_to_do(bench, design) == "nothing to do\n"
    assert {one.state for one in bench.engine.observe(bench.project).containers} == {"running"}
    perform(bench, plan_down(design, bench.engine.observe(bench.project), remove_volumes=True))
    left = bench.engine.observe(bench.project)
    assert (left.containers, left.volumes) == ((), ())
    assert not [one for one in left.networks if one.name.startswith(bench.project)]


def test_wires_change_with_no_container_made_anew(bench: Bench) -> None:
    design = shop(bench)
    perform(bench, plan_apply(design, bench.engine.observe(bench.project)))
    before = {one.service: (one.id, one.started_at) for one in bench.engine.observe(bench.project).containers}
    web = replace(design.services["web"], attachments=(Attachment("front", aliases=("shop",)),), links=())
    lone = replace(design.services["lone"], network_mode=None, attachments=(Attachment("front"), Attachment("back")))
    app = replace(design.services["app"], links=(), depends_on=())
    changed = replace(design, services=design.services | {"web": web, "lone": lone, "app": app})
    perform(bench, plan_apply(changed, bench.engine.observe(bench.project)))
    assert still_to_do(bench, changed) == "nothing to do\n"
    observed = bench.engine.observe(bench.project)
    assert {one.service: (one.id, one.started_at) for one in observed.containers} == before
    lone_now = observed.by_service()["lone"][0]
    assert [one.network for one in lone_now.endpoints] == [f"{bench.project}_back", f"{bench.project}_front"]
    assert observed.by_service()["app"][0].links == ()


def test_what_is_built_copied_run_and_kept_is_performed(bench: Bench) -> None:
    hook = {"command": ["grep", "-q", "hunter2", "/run/secrets/pw"]}
    app = service(
        "app", image=None, build={"context": "app", "labels": {MARK: "1"}}, network_mode="none",
        mounts=(Mount("volume", "/nameless"),), other={"secrets": ["pw"], "post_start": [hook], "pre_stop": [hook]},
    )  # fmt: skip
    files = {"app/Dockerfile": f"FROM {BUSYBOX}\nCOPY note.txt /note.txt\n", "app/note.txt": "x"}
    design = Design(bench.project, {"app": app}, secrets={"pw": Resource("pw", content="hunter2")}, files=files)
    nameless: list[str] = []  # once kept for a new container it has a name there, and goes with no container
    try:
        perform(bench, plan_apply(design, bench.engine.observe(bench.project)))
        assert still_to_do(bench, design) == "nothing to do\n"
        before = bench.engine.observe(bench.project).containers[0]
        assert before.labels["com.docker.compose.image"] == before.image_id
        nameless += before.nameless.values()
        changed = replace(design, services={"app": replace(app, environment={"A": "1"})})
        perform(bench, plan_apply(changed, bench.engine.observe(bench.project)))
        assert still_to_do(bench, changed) == "nothing to do\n"
        after = bench.engine.observe(bench.project).containers[0]
        assert after.id != before.id and after.nameless == before.nameless
        perform(bench, plan_down(changed, bench.engine.observe(bench.project), remove_volumes=True))
    finally:
        if bench.real:
            bench.close()
            for path in (*(f"/volumes/{name}" for name in nameless), f"/images/{bench.project}-app"):
                with contextlib.suppress(NotFound):
                    bench.engine._client.delete(path, params={"force": 1})


def test_an_unknown_image_fails_its_own_step_with_the_engines_words() -> None:
    engine = FakeEngine(registry=())
    with pytest.raises(Exception, match="pull access denied"):
        engine.perform(operation(Kind.PULL_IMAGE, image="nothing:1"))
