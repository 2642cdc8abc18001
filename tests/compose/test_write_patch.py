"""Line patches: found again when lines moved, refused when their place is gone or not certain."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from topology.compose.patch import apply_patch, make_patch, split_lines
from topology.compose.write import Applied, apply
from topology.core.edit import AddService, Hunk, PatchText, RenameService, SetEnvironment, SetValue
from topology.core.problems import Problem

TEXT = "services:\n  a:\n    image: x\n    restart: always\n  b:\n    image: x\n    restart: always\n"


def test_an_undo_finds_its_place_after_others_put_lines_above() -> None:
    mine = apply(TEXT, SetValue(("services", "b", "image"), "y"))
    assert isinstance(mine, Applied)
    moved = apply("# one\n# two\n" + mine.text, mine.inverse)
    assert isinstance(moved, Applied)
    assert moved.text == "# one\n# two\n" + TEXT


def test_an_undo_does_not_take_an_equal_block_for_its_own() -> None:
    """Another's edit moved everything by the length of a block, so the old line number now points into the twin."""
    mine = apply(TEXT, SetValue(("services", "b", "restart"), "no"))
    assert isinstance(mine, Applied)
    others = mine.text.replace("services:\n", 'services:\n  z:\n    image: x\n    restart: "no"\n')
    back = apply(others, mine.inverse)
    assert isinstance(back, Applied)
    assert back.text == TEXT.replace("services:\n", 'services:\n  z:\n    image: x\n    restart: "no"\n')


def test_an_undo_keeps_what_others_wrote_elsewhere() -> None:
    mine = apply(TEXT, RenameService("a", "c"))
    assert isinstance(mine, Applied)
    theirs = apply(mine.text, SetEnvironment("b", "X", "1"))
    assert isinstance(theirs, Applied)
    back = apply(theirs.text, mine.inverse)
    assert isinstance(back, Applied)
    assert back.text == TEXT + '    environment:\n      X: "1"\n'


def test_a_place_that_is_gone_is_refused() -> None:
    mine = apply(TEXT, AddService("c", {"image": "mine"}))
    assert isinstance(mine, Applied)
    problem = apply(mine.text.replace("image: mine", "image: theirs"), mine.inverse)
    assert isinstance(problem, Problem)
    assert problem.code == "lines-changed"


def test_two_equal_places_at_the_same_distance_are_refused() -> None:
    problem = apply("a\nx\nb\nx\nc\n", PatchText((Hunk(2, ("x\n",), ("y\n",)),)))
    assert isinstance(problem, Problem)
    assert problem.code == "lines-changed"


def test_a_typed_line_without_context_goes_where_it_says() -> None:
    new = apply("a\nb\n", PatchText((Hunk(1, (), ("new\n",)),)))
    assert isinstance(new, Applied)
    assert new.text == "a\nnew\nb\n"


def test_an_insertion_finds_the_lines_it_stood_between() -> None:
    new = apply("0\n1\n2\na\nb\n", PatchText((Hunk(1, (), ("new\n",), before="a\n", after="b\n"),)))
    assert isinstance(new, Applied)
    assert new.text == "0\n1\n2\na\nnew\nb\n"


def test_all_hunks_or_none() -> None:
    patch = PatchText((Hunk(0, ("a\n",), ("A\n",)), Hunk(1, ("nope\n",), ("B\n",))))
    assert isinstance(apply_patch("a\nb\n", patch), Problem)


def test_several_hunks_name_lines_of_the_text_before() -> None:
    patch = PatchText((Hunk(2, ("c\n",), ("C\n",)), Hunk(0, ("a\n",), ("A1\n", "A2\n"))))
    assert apply_patch("a\nb\nc\n", patch) == "A1\nA2\nb\nC\n"


def test_a_text_that_is_no_yaml_can_be_typed_and_undone() -> None:
    new = apply("services:\n", PatchText((Hunk(0, ("services:\n",), ("services: [\n",)),)))
    assert isinstance(new, Applied)
    assert new.text == "services: [\n"
    back = apply(new.text, new.inverse)
    assert isinstance(back, Applied)
    assert back.text == "services:\n"


TEXTS = st.text(alphabet="ab \n\r\t#:", max_size=60)


@examples(300)
@given(TEXTS, TEXTS)
def test_a_patch_turns_one_text_into_the_other_and_back(old: str, new: str) -> None:
    assert apply_patch(old, make_patch(old, new)) == new
    assert apply_patch(new, make_patch(new, old)) == old


@examples(200)
@given(st.text(alphabet="ab\n\r", max_size=60))
def test_lines_joined_are_the_text(text: str) -> None:
    assert "".join(split_lines(text)) == text


@examples(100)
@given(st.integers(0, 10_000))
def test_edits_in_any_order_are_undone_one_by_one(seed: int) -> None:
    rng = random.Random(seed)
    texts, inverses = [TEXT], []
    for step in range(6):
        service = rng.choice(["a", "b"])
        edit = rng.choice(
            [
                SetEnvironment(service, f"V{step}", rng.choice(["1", "x: y", "two\nlines"])),
                SetValue(("services", service, "ports"), [f"{8000 + step}:80"]),
                SetValue(("services", service, "image"), f"i{step}"),
                AddService(f"s{step}", {"image": "x"}),
            ]
        )
        new = apply(texts[-1], edit)
        assert isinstance(new, Applied)
        texts.append(new.text)
        inverses.append(new.inverse)
    for text, inverse in zip(reversed(texts[:-1]), reversed(inverses), strict=True):
        back = apply(texts.pop(), inverse)
        assert isinstance(back, Applied)
        assert back.text == text
