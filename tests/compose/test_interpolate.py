"""Variables in values, as the Compose Specification's 12-interpolation.md says."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.compose.dotenv import read_dotenv
from topology.compose.interpolate import Interpolation
from topology.compose.read import read

VARIABLES = {"SET": "value", "EMPTY": "", "A_1": "one"}


def filled(text: str) -> str:
    return Interpolation(VARIABLES).fill_text(text, ("x",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$SET", "value"),
        ("${SET}", "value"),
        ("a-${SET}-b", "a-value-b"),
        ("$A_1.x", "one.x"),
        ("$MISSING", ""),
        ("${EMPTY:-default}", "default"),
        ("${EMPTY-default}", ""),
        ("${MISSING:-default}", "default"),
        ("${MISSING-default}", "default"),
        ("${SET:-default}", "value"),
        ("${SET:+other}", "other"),
        ("${EMPTY:+other}", ""),
        ("${EMPTY+other}", "other"),
        ("${MISSING+other}", ""),
        ("${SET:?no}", "value"),
        ("${EMPTY?no}", ""),
        ("${MISSING:-${SET}}", "value"),
        ("${MISSING:-${ALSO:-${A_1}}}/x", "one/x"),
        ("${SET:+a${A_1}b}", "aoneb"),
        ("${MISSING:-{json}}", "{json}"),
        ("${MISSING:-http://x:80/?a=b}", "http://x:80/?a=b"),
        ("$$SET", "$SET"),
        ("$$$SET", "$value"),
        ("${MISSING:-$$x}", "$x"),
        ("cost: 5$", "cost: 5$"),
        ("echo $(date) $1", "echo $(date) $1"),
    ],
)
def test_it_fills_in_every_operator(text: str, expected: str) -> None:
    assert filled(text) == expected


@pytest.mark.parametrize("text", ["${", "${}", "${SET", "${1A}", "${a.b}", "${SET!x}", "${MISSING:-${SET}"])
def test_it_says_what_makes_no_variable_and_leaves_the_text(text: str) -> None:
    interpolation = Interpolation(VARIABLES)
    assert interpolation.fill_text(text, ("services", "web", "image")) == text
    (problem,) = interpolation.finish()
    assert (problem.code, problem.subject) == ("bad-interpolation", "service:web")


def test_it_warns_once_for_a_variable_and_names_it() -> None:
    interpolation = Interpolation({})
    interpolation.fill({"services": {"web": {"image": "$TAG:$TAG", "user": "${TAG}"}}})
    (problem,) = interpolation.finish()
    assert (problem.code, problem.severity, problem.path) == ("variable-unset", "warning", ("services", "web", "image"))
    assert "`TAG`" in problem.message


def test_it_does_not_warn_for_a_default_that_is_not_needed() -> None:
    interpolation = Interpolation(VARIABLES)
    interpolation.fill_text("${SET:-${NOBODY}}", ())
    assert interpolation.finish() == []


def test_it_asks_for_a_required_variable_with_the_files_own_words() -> None:
    interpolation = Interpolation({})
    assert interpolation.fill_text("${KEY:?set the ${WHAT:-key} first}", ("name",)) == ""
    (problem,) = interpolation.finish()
    assert problem.code == "variable-required" and "set the key first" in problem.message


def test_it_never_looks_at_the_servers_own_environment() -> None:
    os.environ["NETYARD_TEST_SECRET"] = "leak"
    try:
        text = "services: {a: {image: 'x:${NETYARD_TEST_SECRET:-no}', environment: [NETYARD_TEST_SECRET]}}"
        design = read(text, project="p").design
    finally:
        del os.environ["NETYARD_TEST_SECRET"]
    assert design is not None
    assert design.services["a"].image == "x:no"
    assert design.services["a"].environment == {"NETYARD_TEST_SECRET": None}


def test_nesting_has_an_end() -> None:
    deep = "${A:-" * 5000 + "}" * 5000
    assert filled(deep) == deep


@given(st.text(alphabet="${}:-?+ASET_ 1\n", max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    interpolation = Interpolation(VARIABLES)
    assert isinstance(interpolation.fill_text(text, ()), str)
    interpolation.finish()


def test_an_env_file_has_comments_quotes_and_earlier_variables() -> None:
    text = "\n".join(
        [
            "# comment",
            "A=1",
            "export B = two words # note",
            "C='$A # kept'",
            'D="${A}\\nx"',
            "E",
            "F=${GIVEN}-$A",
            "G=",
            "H: colon",
            'I="first',
            'second"',
        ]
    )
    assert read_dotenv(text, variables={"GIVEN": "g"}) == {
        "A": "1", "B": "two words", "C": "$A # kept", "D": "1\nx", "E": None, "F": "g-1", "G": "", "H": "colon",
        "I": "first\nsecond",
    }  # fmt: skip
