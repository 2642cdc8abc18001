"""Reading what is wrong: each problem has its code, its place and its fix."""

import pytest

from tests.compose.reads import places, reading


def test_bad_yaml_says_the_line() -> None:
    found = reading("services:\n  web:\n    image: [nginx\n    ports: x\n")
    assert found.design is None
    assert [(one.code, one.line) for one in found.problems] == [("bad-yaml", 4)]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message"),
    [
        (
            "services:\n  web:\n    image: x\n    ports: 80\n",
            "wrong-type",
            4,
            12,
            "`ports` of service `web` must be a list, but is the number 80.",
        ),
        ("services:\n  web:\n    image: x\n    user: 1000\n", "wrong-type", 4, 11, "`user` of service `web` must be text"),
        ("services:\n  web:\n    image: x\n    environment:\n", "wrong-type", 4, 5, "must be a mapping or a list, but is empty"),
        (
            "services:\n  web:\n    image: x\n    command: [a, 1]\n",
            "wrong-type",
            4,
            18,
            "`command`, item 2 of service `web` must be text",
        ),
        ("services:\n  web:\n", "wrong-type", 2, 3, "Service `web` must be a mapping, but is empty."),
        ("services: 5\n", "wrong-type", 1, 11, "`services` must be a mapping"),
        (
            "services:\n  web: {image: x, networks: {a: [b]}}\n",
            "wrong-type",
            2,
            30,
            "`networks.a` of service `web` must be a mapping or empty",
        ),
    ],
)
def test_a_value_of_a_wrong_type_gives_no_design_and_says_where(text: str, code: str, line: int, column: int, message: str) -> None:
    found = reading(text)
    assert found.design is None
    assert places(found) == [(code, line, column)]
    assert message in found.problems[0].message and found.problems[0].fix


@pytest.mark.parametrize(
    ("keys", "code", "line", "column", "fix"),
    [
        ("imgae: x", "unknown-key", 4, 5, "Did you mean `image`?"),
        ("depends_on: {db: {condition: healthy}}", "unknown-value", 4, 34, "Did you mean `service_healthy`?"),
        ("depends_on: {db: {}}", "missing-key", 4, 18, "Add `condition:`."),
        ("cap_add: [A, B, A]", "item-twice", 4, 21, "Remove one of the two."),
        ("pull_policy: perhaps", "wrong-form", 4, 18, "Use always"),
        ("stop_grace_period: 10 minutes", "bad-duration", 4, 24, "Write a number with a unit"),
        ("mem_limit: lots", "bad-size", 4, 16, "Write bytes"),
        ("command: 'a \"b'", "bad-command", 4, 14, "Close it"),
        ("healthcheck: {test: [curl, x]}", "bad-healthcheck", 4, 19, '["CMD"'),
        ("tty: maybe", "bad-truth-value", 4, 10, "true or false"),
        ("scale: 2\n    deploy: {replicas: 3}", "scale-contradicts", 4, 12, "Keep one"),
    ],
)
def test_other_problems_leave_a_design_and_say_where_and_what_to_do(keys: str, code: str, line: int, column: int, fix: str) -> None:
    found = reading(f"services:\n  web:\n    image: x\n    {keys}\n")
    assert found.design is not None and "web" in found.design.services
    assert places(found) == [(code, line, column)]
    assert fix in found.problems[0].fix and found.problems[0].subject == "service:web"


def test_a_key_that_stands_twice_is_an_error() -> None:
    found = reading("services:\n  web:\n    image: a\n    image: b\n")
    assert places(found) == [("key-twice", 4, 5)]


def test_a_problem_in_a_merged_part_points_at_the_anchor() -> None:
    found = reading("x-a: &a\n  mem_limit: lots\nservices:\n  web:\n    image: x\n    <<: *a\n")
    assert places(found) == [("bad-size", 2, 14)]


def test_a_file_of_version_1_says_what_it_is_and_what_to_do() -> None:
    found = reading("db:\n  image: redis\nweb:\n  build: .\n  links: [db]\n")
    assert found.design is None
    (problem,) = found.problems
    assert (problem.code, problem.line) == ("legacy-v1", 1) and "netyard compose convert" in problem.fix


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty-file"), ("# nothing\n", "empty-file"), ("- a\n", "not-compose"), ("hello", "not-compose")]
)
def test_what_is_no_compose_file_is_said(text: str, code: str) -> None:
    assert [one.code for one in reading(text).problems] == [code]


def test_an_empty_section_still_gives_the_graph() -> None:
    found = reading("services:\nvolumes:\n")
    assert found.design is not None and found.design.services == {}
    assert [(one.code, one.line, one.severity) for one in found.problems] == [("empty-section", n, "error") for n in (1, 2)]


def test_the_rules_of_check_get_their_lines_too() -> None:
    found = reading("""\
        services:
          one:
            image: nginx
            ports: ["80-81:80-81", "9000:1"]
          two:
            image: Nginx
            ports:
              - "1234:1"
              - "9000:1"
    """)
    assert [(one.code, one.line, one.path) for one in found.checked()] == [
        ("bad-image-name", 6, ("services", "two", "image")),
        ("port-taken-twice", 9, ("services", "two", "ports", 1)),
    ]


def test_a_port_behind_a_range_points_at_its_own_item() -> None:
    found = reading(
        'services:\n  a: {image: x, ports: ["9000:1"]}\n  b:\n    image: x\n    ports:\n      - "80-82:80-82"\n      - "9000:1"\n'
    )
    assert [(one.line, one.path) for one in found.checked()] == [(7, ("services", "b", "ports", 1))]
