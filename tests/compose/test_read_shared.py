"""Reading what is written once and used elsewhere: anchors, merge keys, `extends` and `include`."""

import pytest

from tests.compose.reads import design, reading


def test_anchors_and_merge_keys_are_followed() -> None:
    text = """
        x-base: &base
          restart: always
          environment: &env {A: "1"}
        services:
          web:
            <<: *base
            image: nginx
            environment: {<<: *env, B: "2"}
    """
    found = reading(text)
    assert found.design is not None and found.problems == []
    web = found.design.services["web"]
    assert web.restart == "always" and web.environment == {"A": "1", "B": "2"}
    assert found.raw["services"]["web"]["environment"] == {"A": "1", "B": "2"}


def test_raw_keeps_variables_as_they_are_written() -> None:
    found = reading("services: {web: {image: 'x:${TAG}'}}", environment={"TAG": "7"})
    assert found.design is not None and found.design.services["web"].image == "x:7"
    assert found.raw["services"]["web"]["image"] == "x:${TAG}"


def test_a_service_extends_another_of_the_same_file() -> None:
    found = design("""
        services:
          base:
            image: nginx
            command: [a]
            environment: [A=1, B=1]
            volumes: ["one:/data", "two:/two"]
            ports: ["1:1"]
            depends_on: [db]
          web:
            extends: base
            command: [b]
            environment: {B: 2}
            volumes: ["three:/data"]
            ports: ["2:2"]
            depends_on: {cache: {condition: service_healthy}}
          db: {image: x}
          cache: {image: x}
        volumes: {one: {}, two: {}, three: {}}
    """)
    web = found.services["web"]
    assert web.image == "nginx" and web.command == ("b",) and web.environment == {"A": "1", "B": "2"}
    assert [(one.source, one.target) for one in web.mounts] == [("three", "/data"), ("two", "/two")]
    assert [one.target for one in web.ports] == [1, 2]
    assert [(one.service, one.condition) for one in web.depends_on] == [("db", "service_started"), ("cache", "service_healthy")]


@pytest.mark.parametrize(
    ("extends", "code"),
    [("{service: web}", "extends-cycle"), ("nobody", "extends-unknown"), ("{service: a, file: other.yml}", "extends-not-followed")],
)
def test_it_says_why_extends_cannot_be_followed(extends: str, code: str) -> None:
    found = reading(f"services:\n  web:\n    image: x\n    extends: {extends}\n")
    assert found.design is not None
    assert [(one.code, one.line) for one in found.problems] == [(code, 4)]


def test_it_extends_a_service_of_a_file_at_hand() -> None:
    files = {"base.yml": "services: {app: {image: nginx, user: root}}"}
    assert design("services: {web: {extends: {service: app, file: ./base.yml}}}", files=files).services["web"].user == "root"


def test_include_is_named_as_not_followed() -> None:
    found = reading("include: [other.yml]\nservices: {}")
    assert [(one.code, one.severity) for one in found.problems] == [("include-not-followed", "warning")]
