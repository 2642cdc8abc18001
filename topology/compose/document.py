"""A Compose text as a tree of nodes that know their places. Reading and writing both start here.

libyaml does the parsing (a 1,500-line file in a few ms); the resolver is YAML 1.2's core schema as the reference tool's
(go-yaml) reads it: `yes`, `no`, `on`, `off` and `12:30` are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from topology.core.problems import Problem

__all__ = ["Document", "MappingNode", "Node", "ScalarNode", "SequenceNode", "parse"]

MAX_BYTES = 2_000_000
MAX_NODES = 60_000  # counted with aliases followed, so that an alias bomb ends here
MAX_DEPTH = 100
_SAFE_DEPTH = 400  # nested so deep, libyaml's recursion needs less than a quarter of the smallest stack that a thread has here
LONGEST_NUMBER = 300  # digits


class _Loader(yaml.CSafeLoader):
    """libyaml's parser with YAML 1.2's core resolver."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("tag:yaml.org,2002:int", r"^(?:[-+]?[0-9][0-9_]*|0o[0-7]+|0x[0-9a-fA-F]+|0b[01]+)$", list("-+0123456789")),
    (
        "tag:yaml.org,2002:float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        list("-+.0123456789"),
    ),
    ("tag:yaml.org,2002:merge", r"^<<$", ["<"]),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed text. `root` is None for an empty text or one that is not YAML; then `problems` says why, with line and column."""

    text: str
    root: Node | None
    problems: tuple[Problem, ...] = ()
    more: tuple[Node, ...] = ()  # the roots of further documents behind `---`, which are laid on the first one after the other

    def at(self, path: tuple[str | int, ...]) -> Node | None:
        """The node at a path of keys and indexes, merge keys not followed; None where there is none."""
        node = self.root
        for step in path:
            if isinstance(node, MappingNode):
                node = next((value for key, value in node.value if key.value == str(step)), None)
            elif isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
                node = node.value[step]
            else:
                return None
        return node


def parse(text: str) -> Document:
    """Parse a YAML text. Bad YAML, bombs and oversize give a Problem, never an exception."""
    if len(text) > MAX_BYTES:
        return Document(
            text, None, (Problem("file-too-large", "The file is over 2 MB.", fix="Split it with `include`.", line=1, column=1),)
        )
    loader = None
    try:
        sure = _surely_shallow(text)
        if not sure and (line := _too_deep(text)):
            return Document(text, None, (_oversize(line),))
        loader = _Loader(text)
        roots = _roots(loader)
    except yaml.MarkedYAMLError as error:
        half_typed = error.problem == "could not find expected ':'"  # found missing on the next line
        mark = (half_typed and error.context_mark) or error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = " ".join(part for part in (error.context, error.problem) if part)
        return Document(text, None, (_bad_yaml(what, *place),))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Document(text, None, (_bad_yaml(str(error).partition("\n")[0], *_first_bad_letter(text)),))
    finally:
        if loader is not None:
            loader.dispose()
    if (sure or may_have_aliases(text)) and (problem := _too_large(roots)):
        return Document(text, None, (problem,))
    return Document(text, roots[0], more=tuple(roots[1:])) if roots else Document(text, None)


def _roots(loader: _Loader) -> list[Node]:
    """Every document's node; a text of nothing but comments has none."""
    roots: list[Node] = []
    while loader.check_node():
        root = loader.get_node()
        if root is not None:
            roots.append(root)
    if len(roots) == 1 and isinstance(roots[0], ScalarNode) and roots[0].value == "":
        return []
    return roots


_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _first_bad_letter(text: str) -> tuple[int, int]:
    """Line and column of the first character that no YAML has, such as NUL or half of a surrogate."""
    match = _NOT_YAML.search(text)
    at = match.start() if match else 0
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


_ALIAS = re.compile(r"(?:^|[\s\[,{:])\*[^\s,\[\]{}]")
_INDENT = re.compile(r"^[ \t\ufeff:?-]+", re.MULTILINE)
_MARKS = "\n\r\x85\u2028\u2029,:-?[{"  # no two nodes stand side by side without one of these between them


def may_have_aliases(text: str) -> bool:
    """False where a text has none for sure; a word such as `*.log` looks like one."""
    return "*" in text and _ALIAS.search(text) is not None


def _surely_shallow(text: str) -> bool:
    """Whether counting letters is enough to see that a text can be parsed: a nested block begins further to the right (a list
    in a mapping may begin where its key does), and flow style nests by brackets."""
    brackets = text.count("[") + text.count("{")
    if brackets >= _SAFE_DEPTH or 2 * sum(map(text.count, _MARKS)) >= MAX_NODES:
        return False
    return 2 * max((len(found) for found in _INDENT.findall(text)), default=0) + brackets < _SAFE_DEPTH


def _too_deep(text: str) -> int:
    """The line at which a text is nested deeper or has more nodes than allowed, 0 for none. libyaml builds its tree by recursion
    in C, without a bound: a hundred kilobytes of brackets would end the process. Its events come without recursion."""
    depth, count, loader = 0, 0, _Loader(text)
    try:
        while (event := loader.get_event()) is not None:
            count += isinstance(event, yaml.NodeEvent)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH or count > MAX_NODES:
                return event.start_mark.line + 1 if event.start_mark else 1
    finally:
        loader.dispose()
    return 0


def _oversize(line: int) -> Problem:
    return Problem("too-many-nodes", "The file is too large or too deep once its aliases are followed.",
                   fix="Use fewer or shallower anchors.", line=line, column=1)  # fmt: skip


def _bad_yaml(what: str, line: int, column: int) -> Problem:
    fix = "Mend the line; until then the editor's graph shows the last text that could be read."
    return Problem("bad-yaml", f"This is not YAML: {what}.", fix=fix, line=line, column=column)


def _too_large(roots: list[Node]) -> Problem | None:
    count, stack = 0, [(root, 0) for root in roots]
    while stack:
        node, depth = stack.pop()
        count += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            return _oversize(node.start_mark.line + 1)
        stack.extend((child, depth + 1) for child in _children(node))
    return None


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key
            yield value
    elif isinstance(node, SequenceNode):
        yield from node.value


def scalar_value(node: ScalarNode) -> Any:
    """A scalar as a Python value: None, bool, int, float or str, by its tag."""
    tag, text = node.tag.rpartition(":")[2], node.value
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int":
        if len(text) > LONGEST_NUMBER:  # Python writes no number of thousands of digits as text
            raise ValueError("a number of thousands of digits")
        digits = text.replace("_", "")
        if re.match(r"^[-+]?0[0-7]+$", digits):  # `mode: 0440`: go-yaml reads YAML 1.1's octal numbers too
            return int(digits, 8)
        return int(digits, 0) if re.match(r"^[-+]?0[xob]", digits) else int(digits, 10)
    if tag == "float":
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
