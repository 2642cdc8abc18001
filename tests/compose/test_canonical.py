"""A project in canonical form. What is expected here was printed by Docker Compose 2.26.1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.corpus import forms, mixed
from tests.bench.corpus.projects import differences, load
from topology.compose.canonical import config, json_text, resolved, yaml_text
from topology.compose.canonical.fields import as_single
from topology.compose.canonical.values import go_duration, nanoseconds
from topology.compose.project import Project, resolve
from topology.compose.sources import MemorySources, SourceFile

VECTORS = Path(__file__).parents[1] / "vectors" / "canonical"

# What comes out otherwise than in the tool, and why it stays so.
KNOWN_FORMS = {
    "labels: {a: 1.5e300, b: 0x1F, c: -0, d: 1_0.5, e: 0o7}": "a float with underscores",
    'ports: ["8080:80", {target: 80, published: 8080}]': "the tool keeps a port twice when one is written as a number",
}


def project_of(text: str, *, environment: dict[str, str] | None = None, files: dict[str, str] | None = None) -> Project:
    sources = MemorySources({f"/srv/app/{path}": content for path, content in (files or {}).items()})
    main = SourceFile("/srv/app/compose.yaml", text, "compose.yaml")
    return resolve([main], sources=sources, directory="/srv/app", environment=environment or {})


def service_of(text: str, *, environment: dict[str, str] | None = None, files: dict[str, str] | None = None) -> dict[str, object]:
    """Service `web` of a file that consists of it."""
    whole = "services:\n  web:\n" + "".join(f"    {line}\n" for line in text.splitlines())
    return resolved(project_of(whole, environment=environment, files=files))["services"]["web"]


@pytest.mark.parametrize("name", ["every-key", "odd-forms"])
def test_it_prints_what_the_tool_prints_to_the_byte(name: str) -> None:
    project = load(VECTORS / f"{name}.yaml", environment={"HOME": "/root"})
    wanted = (VECTORS / f"{name}.json").read_text("utf-8").replace("@HERE@", str(VECTORS))
    assert differences(config(project), json.loads(wanted)) == []
    assert json_text(config(project)) == wanted.rstrip("\n")


def test_it_reads_every_form_of_a_key_as_the_tool_does() -> None:
    taken, differing = forms.outcomes()
    assert taken > 250
    assert set(differing) <= set(KNOWN_FORMS), differing


@pytest.mark.parametrize("layers", [1, 2])
def test_it_prints_projects_mixed_at_random_as_the_tool_does(layers: int) -> None:
    found = mixed.outcome(seed=20 + layers, projects=10, layers=layers, but=KNOWN_FORMS)
    assert found.taken > 3
    assert found.differing == []
    assert found.equal_hashes == found.hashes > 0


def test_an_empty_service_still_has_its_command_and_entrypoint() -> None:
    assert service_of("image: x") == {"command": None, "entrypoint": None, "image": "x", "networks": {"default": None}}


def test_a_command_stops_at_an_operator_of_the_shell() -> None:
    assert service_of("image: x\ncommand: echo a && b")["command"] == ["echo", "a"]


def test_an_empty_list_clears_the_command_of_the_image() -> None:
    found = service_of("image: x\ncommand: []\nentrypoint: ''")
    assert (found["command"], found["entrypoint"]) == ([], [])


def test_dollar_signs_are_written_twice_where_the_tool_prints_and_once_for_the_engine() -> None:
    project = project_of("services: {web: {image: x, environment: {A: 'a$$b'}}}")
    assert config(project)["services"]["web"]["environment"] == {"A": "a$$b"}
    assert resolved(project)["services"]["web"]["environment"] == {"A": "a$b"}


def test_env_files_come_below_what_is_written_and_a_later_file_wins() -> None:
    files = {"a.env": "A=1\nB=2\nC=$A-$OUTSIDE\n", "b.env": "B=3\n"}
    text = "image: x\nenv_file: [a.env, b.env]\nenvironment: {A: own, OUTSIDE: , MISSING: }"
    found = service_of(text, files=files, environment={"OUTSIDE": "out"})
    assert found["environment"] == {"A": "own", "B": "3", "C": "1-out", "MISSING": None, "OUTSIDE": "out"}
    assert "env_file" not in found


def test_a_missing_env_file_that_is_not_required_is_nothing() -> None:
    assert "environment" not in service_of("image: x\nenv_file: [{path: none.env, required: false}]")


def test_relative_paths_are_seen_from_the_projects_folder() -> None:
    found = service_of(
        "build: ./web\nvolumes: ['./data:/data', '../shared/:/s', '~/x:/h', named:/n]", environment={"HOME": "/home/me"}
    )
    assert found["build"] == {"context": "/srv/app/web", "dockerfile": "Dockerfile"}
    assert [mount.get("source") for mount in found["volumes"]] == ["/srv/app/data", "/srv/shared", "/home/me/x", "named"]


def test_links_and_shared_namespaces_are_dependencies() -> None:
    text = "services:\n  web: {image: x, links: ['db:d'], pid: 'service:db2', volumes_from: [db3]}\n"
    text += "  db: {image: y}\n  db2: {image: y}\n  db3: {image: y}\n"
    assert resolved(project_of(text))["services"]["web"]["depends_on"] == {
        "db": {"condition": "service_started", "restart": True, "required": True},
        "db2": {"condition": "service_started", "restart": True, "required": True},
        "db3": {"condition": "service_started", "required": True},
    }


def test_only_what_active_services_use_is_printed() -> None:
    text = (
        "name: p\nservices:\n  web: {image: x, networks: [front], volumes: ['data:/d']}\n"
        "  debug: {image: y, profiles: [dev], networks: [back]}\n"
        "networks: {front: , back: , idle: }\nvolumes: {data: , idle: }\nsecrets: {idle: {file: ./s}}\n"
    )
    found = resolved(project_of(text))
    assert list(found) == ["name", "networks", "services", "volumes"]
    assert (list(found["services"]), list(found["networks"]), list(found["volumes"])) == (["web"], ["front"], ["data"])
    chosen = resolved(resolve([SourceFile("/srv/app/c.yaml", text)], directory="/srv/app", environment={}, profiles=["dev"]))
    assert list(chosen["networks"]) == ["back", "front"]


def test_external_things_keep_their_own_name() -> None:
    text = (
        "name: p\nservices: {web: {image: x, networks: [a, b, c]}}\n"
        "networks: {a: , b: {external: true}, c: {external: {name: other}}}\n"
    )
    assert {key: one["name"] for key, one in resolved(project_of(text))["networks"].items()} == {"a": "p_a", "b": "b", "c": "other"}


def test_top_level_extensions_stay_and_those_of_a_service_do_not() -> None:
    text = "x-b: {z: 1, a: [$$V]}\nservices: {web: {image: x, x-c: 1}}\n"
    found = config(project_of(text))
    assert found["x-b"] == {"a": ["$$V"], "z": 1}
    assert "x-c" not in found["services"]["web"]


def test_keys_that_only_later_versions_know_are_not_lost() -> None:
    text = (
        "name: p\nservices:\n  web:\n    image: x\n    models: {llm: {endpoint_var: URL}}\n    use_api_socket: true\n"
        "    pre_start: [{image: y, command: a b}]\n    networks: {front: {interface_name: eth7}}\n"
        "    develop: {watch: [{path: ., action: sync, target: /x, initial_sync: true}]}\n"
        "  cloud: {provider: {type: aws, options: {b: 1, a: [2]}}}\n"
        "networks: {front: }\nmodels: {llm: {model: ai/m, context_size: 10}, idle: {model: n}}\n"
    )
    found = resolved(project_of(text))
    web = found["services"]["web"]
    assert web["models"] == {"llm": {"endpoint_var": "URL"}}
    assert web["pre_start"] == [{"command": ["a", "b"], "image": "y"}]
    assert web["networks"] == {"front": {"interface_name": "eth7"}}
    assert (web["use_api_socket"], web["develop"]["watch"][0]["initial_sync"]) == (True, True)
    assert found["services"]["cloud"]["provider"] == {"options": {"a": [2], "b": 1}, "type": "aws"}
    assert found["models"] == {"llm": {"name": "p_llm", "model": "ai/m", "context_size": 10}}


@pytest.mark.parametrize(
    ("written", "printed"),
    [("90s", "1m30s"), ("1h", "1h0m0s"), ("500ms", "500ms"), ("100us", "100µs"), ("1.5s", "1.5s"), ("0", "0s"), ("61m1s", "1h1m1s"),
     ("1.000000001s", "1.000000001s"), ("1d", "24h0m0s"), ("0.1us", "100ns"), ("-5s", "-5s")],
)  # fmt: skip
def test_times_are_printed_as_go_prints_them(written: str, printed: str) -> None:
    length = nanoseconds(written)
    assert length is not None
    assert go_duration(length) == printed


def test_numbers_in_single_precision_are_as_short_as_they_can_be() -> None:
    assert [as_single(value) for value in (0.1, 1.0, 1 / 3, 0.25, 12.5, 16777217.0)] == [0.1, 1, 0.33333334, 0.25, 12.5, 16777216.0]


def test_json_is_written_as_go_writes_it() -> None:
    assert json_text({"a": "<&>\u2028é\t", "b": 1.0, "c": [], "d": {}}, indent=None) == (
        '{"a":"\\u003c\\u0026\\u003e\\u2028é\\t","b":1,"c":[],"d":{}}'
    )


def test_yaml_says_the_same_as_json() -> None:
    import yaml

    printed = config(load(VECTORS / "every-key.yaml", environment={"HOME": "/root"}))
    assert yaml.safe_load(yaml_text(printed)) == printed


def test_values_that_have_no_canonical_form_are_passed_on() -> None:
    """The reading says what is wrong with them; `config` of such a project must not fail."""
    text = "image: x\nports: ['a:b', 80.5]\nmem_limit: much\nstop_grace_period: long\ncommand: \"it's\""
    found = service_of(text)
    assert [str(found[key]) for key in ("mem_limit", "stop_grace_period", "command")] == (["much", "long", "it's"])
    assert found["ports"] == ["a:b", "80.5"]


def test_hosts_with_several_addresses_are_one_entry_each() -> None:
    """As Compose 2.26.1 prints them; a mapping's text is not taken apart."""
    assert service_of("extra_hosts: ['c:[::1],[::2]', 'a=1.1.1.1,2.2.2.2']")["extra_hosts"] == [
        "a=1.1.1.1", "a=2.2.2.2", "c=::1", "c=::2",
    ]  # fmt: skip
    assert service_of("extra_hosts: {a: '1.1.1.1,2.2.2.2'}")["extra_hosts"] == ["a=1.1.1.1,2.2.2.2"]
