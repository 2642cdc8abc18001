"""Streams, samples and speed of the real engine. Figures are printed: run with `-s` to read them."""

from __future__ import annotations

import threading
import time

import pytest

from tests.engine.bench import Bench, until
from topology.core.plan import Kind
from topology.engine.docker_engine import DockerEngine
from topology.engine.errors import Conflict
from topology.engine.port import LogLine, Sample

pytestmark = pytest.mark.engine

FLOOD = """
import socket, time
while True:
    try:
        peer = socket.create_connection(('server', 7))
        break
    except ConnectionRefusedError:
        time.sleep(0.05)  # it is about to listen
while True:
    peer.sendall(b'x' * 8192)
    peer.recv(65536)
"""


def read_logs(bench: Bench, service: str, *, tail: int = -1, since: float | None = None) -> list[LogLine]:
    return list(bench.engine.logs(bench.look(service), tail=tail, since=since, follow=False, stop=lambda: False))


def finished(bench: Bench, service: str) -> None:
    until(lambda: bench.look(service).state == "exited")


def test_a_killed_container_is_heard_of_within_a_second(real: Bench) -> None:
    made = real.run("web")
    listener = real.listen()
    killed_at = time.time()
    real.do(Kind.KILL, container=real.name("web"), signal="SIGKILL")
    died = listener.wait(made, "die")
    arrived_at = next(at for at, event in listener.heard if event is died)
    whole_ms, own_ms = (arrived_at - killed_at) * 1000, (arrived_at - died.at) * 1000
    print(f"\nkill → die heard: {whole_ms:.0f} ms; from the engine's time of it: {own_ms:.1f} ms")
    assert died.detail["exitCode"] == "137"
    assert arrived_at - killed_at < 1.0


def test_health_changes_are_events_with_the_new_health(real: Bench) -> None:
    listener = real.listen()
    check = {"Test": ["CMD-SHELL", "test ! -e /tmp/ill"], "Interval": 100_000_000, "Timeout": 10**9, "Retries": 1}
    made = real.run("web", Healthcheck=check)
    assert listener.wait(made, "health_status").detail["health"] == "healthy"
    real.exec("web", ["touch", "/tmp/ill"])
    until(lambda: "unhealthy" in [event.detail.get("health") for event in listener.of(made)])
    assert not [one for one in listener.actions(made) if one.startswith("exec")]


def test_an_unhealthy_container_ends_the_wait_with_its_checks_words(real: Bench) -> None:
    check = {
        "Test": ["CMD-SHELL", "echo no route to the database; exit 3"],
        "Interval": 100_000_000,
        "Timeout": 10**9,
        "Retries": 1,
    }
    real.run("web", Healthcheck=check)
    with pytest.raises(Exception, match="Its last check ended with 3: no route to the database"):
        real.do(Kind.WAIT_HEALTHY, container=real.name("web"), timeout_s=20)


def test_both_streams_are_told_apart_and_bad_bytes_replaced(real: Bench) -> None:
    real.run("web", command=["sh", "-c", "echo one; sleep 0.05; echo two >&2; sleep 0.05; printf 'a\\377b\\n'; printf tail"])
    finished(real, "web")
    lines = read_logs(real, "web")
    assert [(one.stream, one.text) for one in lines] == [
        ("stdout", "one"), ("stderr", "two"), ("stdout", "a\ufffdb"), ("stdout", "tail"),
    ]  # fmt: skip
    assert all(abs(one.at - time.time()) < 60 and one.service == "web" for one in lines)
    assert [one.text for one in read_logs(real, "web", tail=1)] == ["tail"]
    assert read_logs(real, "web", tail=0) == []
    assert "one" not in [one.text for one in read_logs(real, "web", since=lines[1].at)]


@pytest.mark.parametrize("tty", [False, True])
def test_a_line_of_40_kb_comes_as_one(real: Bench, tty: bool) -> None:
    script = "head -c 40000 /dev/zero | tr '\\0' x; echo; echo short"
    real.run("web", command=["sh", "-c", script], Tty=tty)
    finished(real, "web")
    assert [one.text for one in read_logs(real, "web")] == ["x" * 40000, "short"]


def test_following_goes_on_over_a_restart_and_stops_when_told(real: Bench) -> None:
    real.run("web", command=["sh", "-c", "echo up; trap 'exit 0' TERM; while :; do sleep 0.1; done"])
    ended, lines = threading.Event(), []

    def follow() -> None:
        for line in real.engine.logs(real.look("web"), tail=10, follow=True, stop=ended.is_set):
            lines.append(line.text)

    thread = threading.Thread(target=follow)
    thread.start()
    until(lambda: lines == ["up"])
    real.do(Kind.RESTART, container=real.name("web"), timeout_s=5)
    until(lambda: lines == ["up", "up"])
    told_at = time.monotonic()
    ended.set()
    thread.join(5)
    assert not thread.is_alive() and time.monotonic() - told_at <= 1.0


def test_following_a_silent_container_stops_when_told_and_when_it_is_removed(real: Bench) -> None:
    real.run("web")
    told_at = time.monotonic()
    assert list(real.engine.logs(real.look("web"), tail=10, follow=True, stop=lambda: time.monotonic() - told_at > 0.5)) == []
    assert time.monotonic() - told_at <= 1.5
    thread = threading.Thread(target=lambda: list(real.engine.logs(real.look("web"), tail=10, follow=True, stop=lambda: False)))
    thread.start()
    real.do(Kind.STOP, container=real.name("web"), timeout_s=0)
    real.do(Kind.REMOVE_CONTAINER, container=real.name("web"), volumes=False)
    thread.join(10)
    assert not thread.is_alive()


def sampled(bench: Bench, engine: DockerEngine, service: str) -> Sample:
    web = bench.look(service)
    engine.samples([web])
    return until(lambda: next((s for s in engine.samples([web]) if (s.cpu_percent or 0) > 20), None), timeout_s=15, every_s=0.5)


def test_a_busy_loop_is_seen_by_files_and_by_statistics_alike(real: Bench) -> None:
    real.network("front")
    host = real.on("front")
    host["HostConfig"] |= {"Memory": 64 << 20, "NanoCpus": 500_000_000}
    real.run("web", command=["sh", "-c", "while :; do :; done"], **host)
    slow = DockerEngine(real.engine._client, local=False)
    from_files, from_statistics = sampled(real, real.engine, "web"), sampled(real, slow, "web")
    for sample in (from_files, from_statistics):
        assert 20 < (sample.cpu_percent or 0) < 80  # half a core
        assert 0 < sample.memory_bytes < 64 << 20 == sample.memory_limit_bytes
    assert real.engine._sampler._from_files(real.look("web")) is not None, "the files were not read"


def test_traffic_is_counted_for_the_network_it_takes(real: Bench) -> None:
    real.network("front")
    real.network("back")
    real.run("server", command=["nc", "-ll", "-p", "7", "-e", "cat"], **real.on("front", Aliases=["server"]))
    real.run("app", command=["python3", "-c", FLOOD], Image="python:3.11-slim", **real.on("front"))
    real.do(Kind.CONNECT, container=real.name("app"), network=real.name("back"), endpoint={})
    app = real.look("app")
    real.engine.samples([app])

    def busy() -> Sample | None:
        (sample,) = real.engine.samples([app])
        return sample if sample.network_rates.get(real.name("front"), (0, 0))[1] > 100_000 else None

    sample = until(busy, every_s=0.3)
    assert sample.network_rates[real.name("back")][1] < 10_000
    begun, cpu_s, rounds = time.monotonic(), time.process_time(), 200
    for _ in range(rounds):
        real.engine.samples([app])
    used_ms, took_ms = ((end - start) / rounds * 1000 for start, end in ((cpu_s, time.process_time()), (begun, time.monotonic())))
    print(f"\none sample from files: {used_ms:.2f} ms CPU, {took_ms:.2f} ms")


def test_a_process_that_is_not_the_containers_is_not_sampled_from_files(real: Bench) -> None:
    import dataclasses
    import os

    real.run("web")
    web = dataclasses.replace(real.look("web"), pid=os.getpid())
    assert real.engine._sampler._from_files(web) is None


def test_observing_everything_takes_milliseconds_a_container(real: Bench) -> None:
    real.network("front")
    for number in range(20):
        real.create(f"web{number}", **real.on("front"))
    begun = time.monotonic()
    seen = real.engine.observe_all()[real.project]
    took_s = time.monotonic() - begun
    print(f"\nobserve_all with 20 containers: {took_s * 1000:.0f} ms")
    assert len(seen.containers) == 20
    assert took_s < 2.0


def test_several_threads_share_one_engine(real: Bench) -> None:
    failures: list[Exception] = []

    def work(number: int) -> None:
        try:
            real.run(f"web{number}")
            for _ in range(5):
                real.engine.observe(real.project)
            real.do(Kind.REMOVE_CONTAINER, container=real.name(f"web{number}"), volumes=False)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [type(one) for one in failures] == [Conflict] * 4, failures  # each was refused: its container ran
