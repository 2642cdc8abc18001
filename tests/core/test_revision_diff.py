"""What differs between two versions, as lines and as nodes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from topology.compose.read import read
from topology.core.bundle import Bundle
from topology.core.design import Design
from topology.core.revision_diff import file_changes, node_changes, text_hunks


def design(text: str) -> Design:
    found = read(text, project="p").design
    assert found is not None
    return found


def changes(old: str, new: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.id: (one.change, one.keys) for one in node_changes(design(old), design(new))}


WEB = "services:\n  web:\n    image: nginx\n    networks: [front]\nnetworks:\n  front: {}\n"


def test_a_line_has_three_around_it_and_near_ones_share_a_hunk():
    old = "".join(f"{number}\n" for number in range(1, 31))
    first, second = text_hunks(old, old.replace("5\n", "five\n", 1).replace("10\n", "ten\n").replace("28\n", ""))
    assert [(line.kind, line.text) for line in first.lines if line.kind != "same"] == [
        ("removed", "5"), ("added", "five"), ("removed", "10"), ("added", "ten"),
    ]  # fmt: skip
    assert (first.old_line, first.new_line, first.lines[0].text, first.lines[-1].text) == (2, 2, "2", "13")
    assert (second.old_line, second.new_line) == (25, 25)


def test_line_ends_that_differ_are_seen():
    (hunk,) = text_hunks("a\n", "a\r\n")
    assert [line.text for line in hunk.lines] == ["a", "a␍"]
    (hunk,) = text_hunks("a\n", "a")
    assert hunk.lines[-1].text == "a (no line end)"


@given(st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n"])), st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n"])))
def test_the_lines_of_all_hunks_turn_one_text_into_the_other(before: list[str], after: list[str]):
    def shown(line: str) -> str:
        return line[:-2] + "␍" if line.endswith("\r\n") else line[:-1]

    lines, at = [], 0
    old = [shown(line) for line in before]
    for hunk in text_hunks("".join(before), "".join(after)):
        lines += old[at : hunk.old_line - 1]
        assert len(lines) == hunk.new_line - 1
        at = hunk.old_line - 1
        for line in hunk.lines:
            if line.kind != "added":
                assert old[at] == line.text
                at += 1
            if line.kind != "removed":
                lines.append(line.text)
    assert lines + old[at:] == [shown(line) for line in after]


def test_where_something_stands_is_no_difference():
    assert changes(WEB, f"# a shop\n\n{WEB}") == {}


def test_a_changed_node_names_its_compose_keys():
    new = WEB.replace("nginx", "nginx:2").replace("[front]", "{front: {aliases: [www]}}") + "    internal: true\n"
    new = new.replace("front: {}\n    internal", "front:\n    internal").replace("    image", "    mem_limit: 1g\n    image")
    assert changes(WEB, new) == {
        "service:web": ("changed", ("image", "mem_limit", "networks")),
        "network:front": ("changed", ("internal",)),
    }


def test_what_came_and_went_is_named():
    new = "services:\n  api:\n    image: nginx\nvolumes:\n  data: {}\n"
    assert changes(WEB, new) == {
        "service:web": ("removed", ()), "service:api": ("added", ()), "network:front": ("removed", ()),
        "network:default": ("added", ()), "volume:data": ("added", ()),
    }  # fmt: skip


def test_companions_come_and_go_and_change():
    old = Bundle("a\n", {"b.env": "1\n", "c.env": "1\n"})
    found = file_changes(old, Bundle("a\n", {"c.env": "2\n", "d.env": "1\n"}))
    assert [(one.path, one.change) for one in found] == [("b.env", "removed"), ("c.env", "changed"), ("d.env", "added")]


def test_texts_that_are_far_apart_are_one_hunk_soon():
    (hunk,) = text_hunks("".join(f"a{n}\n" for n in range(30_000)), "".join(f"b{n}\n" for n in range(30_000)))
    assert len(hunk.lines) == 60_000
