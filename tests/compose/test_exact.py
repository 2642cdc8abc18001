"""Values that the schema lets through: what Compose takes is taken, what its reader refuses is refused, and where."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.lab.compose import compose_command
from topology.compose.project import resolve
from topology.compose.read import Reading, read_project
from topology.compose.sources import MemorySources, SourceFile
from topology.compose.verdict import compose_refuses
from topology.core.problems import Problem

REFUSED = {
    "expose: [1.5]": "bad-port",
    "group_add: [1.5]": "bad-number",
    "memswap_limit: '-1'": "bad-size",
    "memswap_limit: ''": "bad-size",
    "mem_swappiness: x": "bad-size",
    "volumes: [{type: tmpfs, target: /x, tmpfs: {mode: '0777'}}]": "bad-number",
    "blkio_config: {weight: '5'}": "bad-number",
    "blkio_config: {device_read_bps: [{path: /a, rate: 1x}]}": "bad-size",
    "blkio_config: {device_write_iops: [{path: /a, rate: 1x}]}": "bad-size",
    "devices: ['a:b:c:d']": "bad-device",
    "devices: [{source: /a}]": "bad-device",
    "gpus: [{count: x}]": "bad-number",
    "gpus: [{device_ids: [a], count: 1}]": "count-and-ids",
    "links: ['x:a:b']": "bad-link",
    "secrets: [{target: x}]": "source-missing",
    "configs: [{target: x}]": "source-missing",
    "attach: x": "bad-truth-value",
    "ports: [{target: -1}]": "bad-port",
    "deploy: {update_config: {delay: x}}": "bad-duration",
    "deploy: {rollback_config: {monitor: x}}": "bad-duration",
    "deploy: {restart_policy: {window: x}}": "bad-duration",
    "deploy: {restart_policy: {max_attempts: -1}}": "bad-number",
    "deploy: {update_config: {parallelism: -1}}": "bad-number",
    "deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: 1, device_ids: [a]}]}}}": "count-and-ids",
    "deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: a, value: x}}]}}}": "bad-number",
}
TAKEN = (
    "expose: ['80-90', 81]", "group_add: [a, 1]", "memswap_limit: -1", "memswap_limit: 1g", "mem_swappiness: '50'",
    "volumes: [{type: tmpfs, target: /x, tmpfs: {mode: 0777}}]", "blkio_config: {weight: 5}",
    "blkio_config: {device_read_bps: [{path: /a, rate: '1mb'}]}", "devices: ['/a:/b:rwm']", "devices: [{source: /a, target: /b}]",
    "gpus: [{count: all}]", "gpus: [{count: -1}]", "links: ['x:a']", "attach: 'false'", "deploy: {update_config: {delay: -1s}}",
    "deploy: {restart_policy: {window: 5s}}", "deploy: {restart_policy: {max_attempts: 0}}",
)  # fmt: skip
ENGINES = {  # Compose hands them on; no engine makes such a container
    "scale: -1": "scale-below-zero",
    "deploy: {replicas: -1}": "scale-below-zero",
    "ports: [{target: 70000}]": "port-not-possible",
    "ports: [{target: 80, published: '70000'}]": "port-not-possible",
    "ports: [{target: 80, protocol: xx}]": "port-not-possible",
    "stop_grace_period: -1s": "duration-below-zero",
    "healthcheck: {test: a, interval: -5s}": "duration-below-zero",
}


def text_of(keys: str) -> str:
    return f"services:\n  web:\n    image: a\n    {keys}\n  x: {{image: b}}\n"


def reading_of(keys: str) -> Reading:
    file = SourceFile("/p/compose.yaml", text_of(keys))
    return read_project(resolve([file], sources=MemorySources({}, complete=True), directory="/p", environment={}))


def refused(keys: str) -> list[Problem]:
    reading = reading_of(keys)
    assert reading.project is not None
    return [one for one in reading.checked() if compose_refuses(one, reading.project, read=one in reading.problems)]


@pytest.mark.parametrize("keys", REFUSED)
def test_what_composes_reader_refuses_is_refused_at_its_line(keys: str) -> None:
    assert REFUSED[keys] in {one.code for one in refused(keys) if one.line == 4 and one.message and one.fix}


@pytest.mark.parametrize("keys", TAKEN)
def test_what_composes_reader_takes_is_taken(keys: str) -> None:
    assert refused(keys) == []


@pytest.mark.parametrize("keys", ENGINES)
def test_what_only_the_engine_refuses_is_an_error_that_compose_does_not_make(keys: str) -> None:
    assert ENGINES[keys] in {one.code for one in reading_of(keys).checked()}
    assert refused(keys) == []


def test_every_one_of_them_is_judged_as_compose_judges_it(tmp_path: Path) -> None:
    command, path = compose_command(), tmp_path / "compose.yaml"
    for keys in (*REFUSED, *TAKEN, *ENGINES):
        path.write_text(text_of(keys))
        ran = subprocess.run([*command, "-f", str(path), "config", "--quiet"], capture_output=True, text=True, check=False)
        assert (ran.returncode != 0) == (keys in REFUSED), (keys, ran.stderr)
