"""The corpus: 551 real files, what Compose said to each, and what it made of 353 of them."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.compose.corpus import expected_of, files_of, readings, rows, text_of
from tests.examples import examples
from topology.compose.read import Reading, read
from topology.compose.schema import FATAL, service_keys, validate
from topology.compose.units import seconds
from topology.core.design import Design, Service

ROWS = rows()
pytestmark = pytest.mark.skipif(not ROWS, reason="the corpus is not at hand")

# Compose took these with another revision's .env, or with what other files of an `include` add, or with `!reset` over `extends`.
OTHER_INPUTS = (
    "temporalio__docker-compose/_history/de7aafb9/docker-compose-cockroach-es.yml",
    "temporalio__docker-compose/_history/de7aafb9/docker-compose-cockroach.yml",
    "open-telemetry__opentelemetry-demo/_history/0a25bf2e/docker-compose.minimal.yml",
    "open-telemetry__opentelemetry-demo/_history/09f55069/docker-compose-hack.yml",
    "open-telemetry__opentelemetry-demo/_history/addd235e/docker-compose.bare.yml",
    "compose-spec__compose-go/loader/testdata/combined/compose.yaml",
    "compose-spec__compose-go/loader/testdata/include/compose.yaml",
    "compose-spec__compose-go/loader/testdata/include/project-directory.yaml",
    "compose-spec__compose-go/loader/testdata/extends/reset.yaml",
)


def errors(found: Reading) -> list[str]:
    return [f"{one.line}:{one.column} {one.code}: {one.message}" for one in found.problems if one.severity == "error"]


# Compose took these with an .env or an env_file that is not in the corpus; with what is there it refuses them as well.
LACKING_A_FILE = (
    "compose-spec__compose-go/loader/testdata/include/project-directory.yaml",
    "open-telemetry__opentelemetry-demo/_history/0a25bf2e/docker-compose.minimal.yml",
    "open-telemetry__opentelemetry-demo/_history/09f55069/docker-compose-hack.yml",
    "open-telemetry__opentelemetry-demo/_history/addd235e/docker-compose.bare.yml",
)


def test_it_reads_every_file_that_compose_accepts() -> None:
    accepted = [(row, found) for row, found in readings() if row["valid"] and not row["file"].endswith(LACKING_A_FILE)]
    refused = {row["file"]: errors(found) for row, found in accepted if found.design is None or errors(found)}
    print(f"read {len(accepted) - len(refused)} of {len(accepted)} files that Compose accepts")
    assert refused == {}


def test_it_knows_every_file_of_version_1() -> None:
    said = {row["file"]: [one.code for one in found.problems] == ["legacy-v1"] for row, found in readings()}
    missed = [row["file"] for row in ROWS if "legacy v1" in str(row["reason"]) and not said[row["file"]]]
    mistaken = [row["file"] for row in ROWS if row["valid"] and said[row["file"]]]
    assert (missed, mistaken) == ([], [])


def test_it_says_something_about_most_files_that_compose_refuses() -> None:
    """Not about those that newer versions accept (unknown property), nor about files that are simply not there."""
    silent = Counter(
        str(row["reason"])
        for row, found in readings()
        if row["reason"] and not any(one.severity == "error" for one in found.checked())
    )
    refused = sum(1 for row, _ in readings() if row["reason"])
    print(f"found the error in {refused - silent.total()} of {refused} files that Compose refuses; silent: {dict(silent)}")
    assert set(silent) <= {"unknown property", "missing env_file", "missing extends/include file", "type or format error", "other",
                           "undefined service in depends_on/links/network_mode", "service has neither image nor build"}  # fmt: skip
    assert silent.total() <= 30


def test_every_problem_has_a_place_a_message_and_a_fix() -> None:
    lacking = [
        (row["file"], one)
        for row, found in readings()
        for one in found.checked()
        if not (one.line and one.column and one.message and one.fix and one.code.islower())
    ]
    assert lacking == []


def test_it_reads_what_compose_reads() -> None:
    differing: dict[str, list[str]] = {}
    compared = [row for row in ROWS if row["valid"] and row.get("expected") and not row["file"].endswith(OTHER_INPUTS)]
    for row in compared:
        expected = expected_of(row)
        design = read(text_of(row), project=expected["name"], files=files_of(row)).design
        assert design is not None
        if found := _differences(expected, design):
            differing[row["file"]] = found
    print(f"{len(compared) - len(differing)} of {len(compared)} files read as Compose reads them")
    assert differing == {}


def _differences(expected: dict[str, Any], design: Design) -> list[str]:
    found: list[str] = []
    services = {name: keys for name, keys in expected.get("services", {}).items() if keys is not None}
    here = {name for name, service in design.services.items() if not service.profiles}
    if set(services) != here:
        found.append(f"services {sorted(set(services) ^ here)}")
    for name, keys in services.items():
        if name in design.services:
            ours, theirs = _ours(design.services[name]), _theirs(keys)
            found.extend(f"{name}.{key}: {theirs[key]!r} is {ours[key]!r}" for key in theirs if ours[key] != theirs[key])
    used = {one.network for name in here for one in design.services[name].attachments}
    if set(expected.get("networks") or {}) != used:
        found.append(f"networks {sorted(set(expected.get('networks') or {}) ^ used)}")
    for key, spec in (expected.get("networks") or {}).items():
        network = design.networks[key]
        theirs_ = (
            spec["name"],
            spec.get("driver"),
            bool(spec.get("external")),
            bool(spec.get("internal")),
            [pool.get("subnet") for pool in (spec.get("ipam") or {}).get("config") or ()],
        )
        ours_ = (
            design.network_name(key),
            network.driver,
            network.external,
            network.internal,
            [pool.subnet for pool in network.pools],
        )
        if ours_ != theirs_:
            found.append(f"network {key}: {theirs_} is {ours_}")
    for key, spec in (expected.get("volumes") or {}).items():
        if spec.get("name") and design.volume_name(key) != spec["name"]:
            found.append(f"volume {key}: {spec['name']} is {design.volume_name(key)}")
    return found


def _theirs(keys: dict[str, Any]) -> dict[str, Any]:
    health, deploy = keys.get("healthcheck") or {}, keys.get("deploy") or {}
    memory = keys.get("mem_limit") or ((deploy.get("resources") or {}).get("limits") or {}).get("memory")
    return {
        **_their_wires(keys),
        "image": keys.get("image"),
        "environment": keys.get("environment") or {},
        "labels": keys.get("labels") or {},
        "command": keys.get("command"),
        "entrypoint": keys.get("entrypoint"),
        "mounts": sorted((one["type"], one["target"], one.get("read_only", False)) for one in keys.get("volumes") or ()),
        "sources": sorted(one["source"] for one in keys.get("volumes") or () if one["type"] == "volume" and one.get("source")),
        "healthcheck": health.get("test"),
        "interval": seconds(health.get("interval")),
        "grace": seconds(keys.get("stop_grace_period")),
        "memory": int(memory) if memory else None,
        "container_name": keys.get("container_name"),
        "extra_hosts": sorted(one.replace("=", ":") for one in keys.get("extra_hosts") or ()),
        "scale": keys.get("scale", deploy.get("replicas", 1)),
        "expose": keys.get("expose") or [],
        "tmpfs": keys.get("tmpfs") or [],
        "cap_add": keys.get("cap_add") or [],
        "privileged": keys.get("privileged", False),
        "ulimits": {
            name: (one["soft"], one["hard"]) if isinstance(one, dict) else (one, one)
            for name, one in (keys.get("ulimits") or {}).items()
        },
        "logging": (keys.get("logging") or {}).get("options") or {},
        "user": keys.get("user"),
        "hostname": keys.get("hostname"),
        "working_dir": keys.get("working_dir"),
        "sysctls": keys.get("sysctls") or {},
        "init": keys.get("init"),
    }


def _their_wires(keys: dict[str, Any]) -> dict[str, Any]:
    networks = keys.get("networks") or {}
    return {
        "networks": {
            name: ((spec or {}).get("aliases") or [], (spec or {}).get("ipv4_address")) for name, spec in networks.items()
        },
        "network_mode": keys.get("network_mode"),
        "ports": Counter(
            (one["target"], one.get("published") or None, one.get("host_ip", ""), one.get("protocol"))
            for one in keys.get("ports") or ()
        ),
        "links": keys.get("links") or [],
        "external_links": keys.get("external_links") or [],
        "depends_on": {
            name: (one["condition"], one.get("restart", False), one["required"])
            for name, one in (keys.get("depends_on") or {}).items()
        },
    }


def _ours(service: Service) -> dict[str, Any]:
    def written(external: bool) -> list[str]:
        links = [one for one in service.links if one.external is external]
        return [one.target if one.target == one.alias else f"{one.target}:{one.alias}" for one in links]

    health = service.healthcheck
    return {
        "image": service.image,
        "networks": {one.network: (list(one.aliases), one.ipv4) for one in service.attachments},
        "network_mode": service.network_mode,
        "ports": Counter((one.target, one.published, one.host_ip, one.protocol) for one in service.ports),
        "links": written(False),
        "external_links": written(True),
        "depends_on": {one.service: (one.condition, one.restart, one.required) for one in service.depends_on},
        "environment": dict(service.environment),
        "labels": dict(service.labels),
        "command": None if service.command is None else list(service.command),
        "entrypoint": None if service.entrypoint is None else list(service.entrypoint),
        "mounts": sorted((one.kind, one.target, one.read_only) for one in service.mounts),
        "sources": sorted(one.source for one in service.mounts if one.kind == "volume" and one.source),
        "healthcheck": list(health.test) if health and health.test else None,
        "interval": health.interval_s if health else None,
        "grace": service.stop_grace_period_s,
        "memory": service.mem_limit_bytes,
        "container_name": service.container_name,
        "extra_hosts": sorted(service.extra_hosts),
        "scale": service.scale,
        "expose": list(service.expose),
        "tmpfs": list(service.tmpfs),
        "cap_add": list(service.cap_add),
        "privileged": service.privileged,
        "ulimits": dict(service.ulimits),
        "logging": dict((service.logging or {}).get("options") or {}),
        "user": service.user,
        "hostname": service.hostname,
        "working_dir": service.working_dir,
        "sysctls": dict(service.sysctls),
        "init": service.init,
    }


def test_the_flattened_schema_says_what_the_specifications_own_says() -> None:
    text = files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text("utf-8")
    original = Draft202012Validator(json.loads(text))
    for row, found in readings():
        if found.raw:
            assert (not validate(found.raw)) == original.is_valid(found.raw), row["file"]


SNIPPETS = [text_of(row)[:1500] for row in ROWS[:: max(1, len(ROWS) // 60)]]
TOKENS = [
    "\n", "  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "<<: *a", "!!int x", "!reset", "null", "~", "'", '"', "$", "${",
    "${A:-", "}", "\t", "#", "|\n", "0x", "1e999", ".nan", "-1", "services:", "  web:\n", "ports:", "networks:",
    "deploy: {replicas: x}",
    "extends: web", "\x00", "\ud800", "é", "? ", "---\n", "%YAML 1.1\n", "9" * 5000, "external: {name: 1}", "ipam: {config: [~]}",
    "links: ['::']", "test: []",
]  # fmt: skip


@given(
    text=st.sampled_from(SNIPPETS or [""]),
    cuts=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 40), st.sampled_from(TOKENS)), max_size=5),
)
@examples(300)
def test_no_text_makes_it_raise(text: str, cuts: list[tuple[int, int, str]]) -> None:
    for at, length, token in cuts:
        text = text[:at] + token + text[at + length :]
    found = read(text, project="p", environment={"A": "1"})
    found.checked()
    assert found.design is not None or any(one.code in FATAL or one.severity == "error" for one in found.problems)


SCALARS = st.none() | st.booleans() | st.integers(-5, 70000) | st.floats()
SCALARS |= st.sampled_from(["", "a", "a:b", "80:80", "service:a", "${", "1s", "::", "/"])
NAMES = st.sampled_from(["a", "name", "target", "source", "test", "x-y", ""])
PLAIN = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6)


@given(st.sampled_from(sorted(service_keys())), PLAIN, st.sampled_from(["networks", "volumes", "configs", "secrets"]))
@examples(250)
def test_no_value_of_any_key_makes_it_raise(key: str, value: Any, section: str) -> None:
    text = yaml.safe_dump({"services": {"a": {"image": "x", key: value}}, section: {"a": value, "n": {key: value}}})
    read(text, project="p").checked()
    read(yaml.safe_dump({"services": {"a": {"image": "x", key: value}}}), project="p").checked()
