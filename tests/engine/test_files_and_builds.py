"""Files put into containers, commands run in them and images built, on the engine in memory and on a real one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

import pytest

from tests.engine.bench import BUSYBOX, MARK, Bench, operation, until
from topology.core.plan import Kind
from topology.engine.docker_engine import DockerEngine
from topology.engine.errors import Conflict, EngineError, NotFound, WaitFailed
from topology.engine.fake import FakeEngine

ENTRY = {"path": "/run/secrets/db/password", "uid": 12, "gid": 34, "mode": 0o440}


@pytest.fixture
def image(bench: Bench) -> Iterator[str]:
    with own_image(bench) as name:
        yield name


@contextlib.contextmanager
def own_image(bench: Bench) -> Iterator[str]:
    """An image's name of this test's own; what has it afterwards is removed."""
    name = f"{bench.project}:built"
    try:
        yield name
    finally:
        if bench.real:
            _remove(bench, name)


def _remove(bench: Bench, name: str) -> None:
    with contextlib.suppress(NotFound):
        bench.engine._client.delete(f"/images/{name}", params={"force": 1})
    mine = {"dangling": ["true"], "label": [f"{MARK}=1"]}
    bench.engine._client.post("/images/prune", params={"filters": json.dumps(mine)})


def copy(bench: Bench, text: str) -> str:
    done = operation(Kind.COPY_FILES, contents={ENTRY["path"]: text}, container=bench.name("web"), files=[ENTRY])
    return bench.engine.perform(done)


def test_files_are_in_a_container_before_it_starts_with_their_owner_and_mode(bench: Bench) -> None:
    bench.create("web", command=["sh", "-c", "cat /run/secrets/db/password; stat -c '%u %g %a' /run/secrets/db/*; sleep 300"])
    copy(bench, "wrong")
    copy(bench, "höchst geheim\n")
    if isinstance(bench.engine, FakeEngine):
        held = bench.engine.daemon.world.container(bench.name("web")).files
        assert held == {ENTRY["path"]: ("höchst geheim\n".encode(), 12, 34, 0o440)}
        return
    bench.start("web")

    def printed() -> list[str]:
        lines = bench.engine.logs(bench.look("web"), tail=-1, follow=False, stop=lambda: False)
        return [one.text for one in lines]

    assert until(lambda: printed()[1:] and printed()) == ["höchst geheim", "12 34 440"]


def test_a_command_runs_in_a_container_and_tells_how_it_ended(bench: Bench) -> None:
    bench.run("web")
    said: list[str] = []
    run = operation(
        Kind.RUN_COMMAND, container=bench.name("web"), command=["echo", "migrated"], user="", working_dir="/tmp",
        environment=["A=1"], privileged=False, timeout_s=30,
    )  # fmt: skip
    assert bench.engine.perform(run, progress=lambda line, _: said.append(line))
    assert said[-1].endswith("migrated")
    with pytest.raises(WaitFailed, match=f"The command in {bench.name('web')} ended with code 1"):
        bench.do(Kind.RUN_COMMAND, container=bench.name("web"), command=["false"], timeout_s=30)
    bench.do(Kind.STOP, container=bench.name("web"), timeout_s=0)
    with pytest.raises(Conflict, match="is not running"):
        bench.do(Kind.RUN_COMMAND, container=bench.name("web"), command=["true"], timeout_s=30)


@pytest.mark.engine
def test_a_command_that_does_not_end_is_given_up_in_time(real: Bench) -> None:
    real.run("web")
    with pytest.raises(EngineError, match="did not end within 1 s"):
        real.do(Kind.RUN_COMMAND, container=real.name("web"), command=["sleep", "60"], timeout_s=1)
    with pytest.raises(WaitFailed, match="ended with code 3: no such table"):
        command = ["sh", "-c", "echo no such table >&2; exit 3"]
        real.do(Kind.RUN_COMMAND, container=real.name("web"), command=command, timeout_s=20)
    command = ["sh", "-c", 'test "$A" = 1 && test "$(id -u)" = 7 && test "$(pwd)" = /tmp']
    real.do(
        Kind.RUN_COMMAND, container=real.name("web"), command=command, user="7", working_dir="/tmp", environment=["A=1"],
        timeout_s=20,
    )  # fmt: skip


def build(engine: DockerEngine, image: str, contents: dict[str, str], **options: object) -> tuple[str, list[str]]:
    said: list[str] = []
    asked = {"dockerfile": "Dockerfile", "labels": {MARK: "1"}, **options}
    done = operation(Kind.BUILD_IMAGE, contents=contents, image=image, options=asked)
    return engine.perform(done, progress=lambda line, _: said.append(line)), said


@pytest.mark.parametrize("modern", [False, True], ids=["classic", "buildkit"])
def test_an_image_is_built_from_files_and_can_be_run(bench: Bench, image: str, modern: bool) -> None:
    mount = "--mount=type=tmpfs,target=/scratch " if modern else ""
    files = {
        "Dockerfile": f"FROM {BUSYBOX} AS first\nARG WHO=nobody\nRUN {mount}echo built for $WHO\nCOPY run.sh /run.sh\n"
        "FROM first AS last\nRUN false\n",
        "run.sh": "#!/bin/sh\nexec sleep 300\n",
    }
    if isinstance(bench.engine, FakeEngine):
        files["Dockerfile"] = f"FROM {BUSYBOX}\n"
    made, said = build(bench.engine, image, files, target="first", args={"WHO": bench.project}, modern=modern)
    assert made.startswith("sha256:") or not bench.real
    assert bench.engine.observe(bench.project).images[image] == made
    assert not bench.real or any(f"built for {bench.project}" in line for line in said)
    bench.run("web", Image=image, command=["/run.sh"])
    assert bench.look("web").state == "running"


@pytest.mark.engine
def test_a_build_runs_under_its_limits(real: Bench) -> None:
    files = {"Dockerfile": f"FROM {BUSYBOX}\nRUN echo limit $(ulimit -n)\n"}
    with own_image(real) as image:
        _, said = build(real.engine, image, files, ulimits={"nofile": [99, 99]}, no_cache=True)
    assert any("limit 99" in line for line in said)


@pytest.mark.parametrize("modern", [False, True], ids=["classic", "buildkit"])
def test_a_build_that_fails_says_in_which_step_and_why(bench: Bench, image: str, modern: bool) -> None:
    with pytest.raises(EngineError) as caught:
        build(bench.engine, image, {"Dockerfile": f"FROM {BUSYBOX}\nRUN false\n"}, modern=modern)
    assert "false" in caught.value.message and caught.value.fix.startswith("Mend the Dockerfile")
    assert image not in bench.engine.observe(bench.project).images


def test_a_restart_is_done_once(bench: Bench) -> None:
    bench.run("web")
    before = bench.look("web").started_at
    for _ in range(2):
        bench.do(Kind.RESTART, container=bench.name("web"), timeout_s=0, since=before)
    after = bench.look("web").started_at
    assert after > before
    bench.do(Kind.RESTART, container=bench.name("web"), timeout_s=0, since=before)
    assert bench.look("web").started_at == after
    bench.do(Kind.RESTART, container=bench.name("web"), timeout_s=0, since=after)
    assert bench.look("web").started_at > after


def test_limits_change_and_are_lifted_in_place(bench: Bench) -> None:
    made = bench.run("web", HostConfig={"Memory": 64 << 20, "PidsLimit": 50})
    assert dict(bench.look("web").limits or {}) == {"Memory": 64 << 20, "PidsLimit": 50}
    body = {"PidsLimit": -1, "CpuQuota": 50_000, "CpuPeriod": 100_000, "Memory": 32 << 20, "MemorySwap": 96 << 20}
    bench.do(Kind.UPDATE_CONTAINER, container=bench.name("web"), payload=body)
    limits = dict(bench.look("web").limits or {})
    assert limits == {"CpuQuota": 50_000, "CpuPeriod": 100_000, "Memory": 32 << 20, "MemorySwap": 96 << 20}
    bench.do(Kind.UPDATE_CONTAINER, container=bench.name("web"), payload={"CpuQuota": -1, "MemorySwap": 64 << 20})
    assert dict(bench.look("web").limits or {}) == {"CpuPeriod": 100_000, "Memory": 32 << 20}
    assert bench.look("web").id == made


def test_volumes_without_a_name_are_seen_by_their_target(bench: Bench) -> None:
    mounts = [{"Type": "volume", "Target": "/data"}, {"Type": "volume", "Source": bench.name("named"), "Target": "/named"}]
    bench.create("web", HostConfig={"Mounts": mounts})
    web = bench.look("web")
    assert list(web.nameless) == ["/data"]
    assert set(web.mounts) == {bench.name("named"), web.nameless["/data"]}
    again = [{"Type": "volume", "Source": web.nameless["/data"], "Target": "/data"}]
    bench.create("next", HostConfig={"Mounts": again})
    assert bench.look("next").nameless == web.nameless


def test_an_image_that_is_young_enough_is_not_pulled(bench: Bench) -> None:
    if not bench.real:
        bench.do(Kind.PULL_IMAGE, image="memcached:1.6", max_age_s=3600)
        assert "memcached:1.6" in bench.engine.observe(bench.project).images
        return
    said: list[str] = []
    name = f"{bench.project}:tagged"
    bench.engine._client.post(f"/images/{BUSYBOX}/tag", params={"repo": bench.project, "tag": "tagged"})
    try:
        asked = operation(Kind.PULL_IMAGE, image=name, max_age_s=3600)
        assert bench.engine.perform(asked, progress=lambda line, _: said.append(line)).startswith("sha256:")
        assert "no need to pull" in said[0]
    finally:
        bench.engine._client.delete(f"/images/{name}")


def test_names_of_other_containers_are_known(bench: Bench) -> None:
    bench.create("web")
    assert bench.name("web") not in bench.engine.observe(bench.project).taken_names
    assert bench.name("web") in bench.engine.observe("nyt-nobody").taken_names
