"""New values as YAML: block style by the file's own habits, or flow style inside flow style.

A text is quoted wherever any YAML reader (1.1 or 1.2) would take it for something else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import yaml

from topology.compose.document import _Loader
from topology.compose.values import RESET, Tagged

_PLAIN_FIRST = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=[^\s,\[\]{}])")
_UNPLAIN = re.compile(r": |:$| #|\t")
_UNPLAIN_FLOW = re.compile(r"[,\[\]{}]|:(?=[\s,\[\]{}]|$)")
_LIKE_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_.]*(?::[0-9.]+)+\Z")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
_FLOW_KEYS = ("command", "entrypoint", "test")  # the lists that people write on one line: ["CMD", "curl", …]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a file is written: spaces a level, spaces before a list's dashes, the line break."""

    step: int = 2
    dash: int = 2
    newline: str = "\n"


def string(text: str, *, style: str | None = None, flow: bool = False) -> str:
    """A text on one line; `style` is the quote to prefer ('"' or "'"), None for none where none is needed."""
    if style is None and _plain_is_safe(text, flow=flow):
        return text
    one_line = "\n" not in text and "\r" not in text and not _UNPRINTABLE.search(text)
    if one_line and (style == "'" or (style is None and ('"' in text or "\\" in text))):
        return "'" + text.replace("'", "''") + "'"
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: _escape(ord(found.group())), quoted)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _plain_is_safe(text: str, *, flow: bool) -> bool:
    if not text or text != text.strip() or "\n" in text or "\r" in text or not _PLAIN_FIRST.match(text):
        return False
    if _UNPLAIN.search(text) or _UNPRINTABLE.search(text) or (flow and _UNPLAIN_FLOW.search(text)):
        return False
    if text.startswith(("---", "...")) or text in ("y", "Y", "n", "N", "=") or _LIKE_SEXAGESIMAL.match(text):
        return False
    resolvers = (_Loader.yaml_implicit_resolvers, yaml.SafeLoader.yaml_implicit_resolvers)
    return not any(pattern.match(text) for known in resolvers for _, pattern in known.get(text[0], []))


def scalar(value: Any, *, style: str | None = None, flow: bool = False) -> str:
    """A scalar on one line."""
    if isinstance(value, str):
        return string(value, style=style, flow=flow)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, float):
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(repr(value), repr(value))
    return str(value)


def flow(value: Any, *, style: str | None = None) -> str:
    """A value in flow style; `style` '"' writes JSON."""
    if isinstance(value, Tagged):
        return f"{value.tag} {flow(value.value, style=style)}"
    if isinstance(value, dict):
        return "{" + ", ".join(flow_pair(key, item, style=style) for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, style=style) for item in value) + "]"
    return scalar(value, style=style, flow=True)


def flow_pair(key: str, value: Any, *, style: str | None = None) -> str:
    return f"{string(key, style=style, flow=True)}: {flow(value, style=style)}"


def _literal(text: str, *, column: int) -> tuple[str, list[str]] | None:
    """A text of several lines as a literal block; None where one cannot hold it exactly."""
    lines = text.removesuffix("\n").split("\n")
    odd = any(line and not line.strip() for line in lines) or "\r" in text or _UNPRINTABLE.search(text)
    if "\n" not in text or odd or not lines[0] or not lines[-1] or lines[0][0] in " \t":
        return None
    pad = " " * column
    return ("|" if text.endswith("\n") else "|-"), [pad + line if line else "" for line in lines]


def pair_value(value: Any, *, column: int, habits: Habits, key: str = "", style: str | None = None) -> tuple[str, list[str]]:
    """What stands after a key's colon, and the lines below it. `column` is the key's."""
    if isinstance(value, Tagged):
        first, rest = pair_value(value.value, column=column, habits=habits, key=key, style=style)
        return tagged(value, first, rest), rest
    if isinstance(value, dict) and value:
        return "", mapping_lines(value, column=column + habits.step, habits=habits)
    if isinstance(value, list) and value:
        if key in _FLOW_KEYS and all(isinstance(item, str) and "\n" not in item for item in value):
            return flow(value, style='"'), []
        return "", sequence_lines(value, column=column + habits.dash, habits=habits)
    if value is None:
        return "", []
    if isinstance(value, str) and (literal := _literal(value, column=column + habits.step)):
        return literal
    return (flow(value) if isinstance(value, dict | list) else scalar(value, style=style)), []


def item_value(value: Any, *, column: int, habits: Habits, style: str | None = None) -> tuple[str, list[str]]:
    """What stands after an item's dash, and the lines below it. `column` is the dash's."""
    if isinstance(value, Tagged):
        return flow(value), []
    inner = column + 2
    lines: list[str] = []
    if isinstance(value, dict):
        lines = mapping_lines(value, column=inner, habits=habits)
    elif isinstance(value, list):
        lines = sequence_lines(value, column=inner, habits=habits)
    if lines:
        return lines[0][inner:], lines[1:]
    if isinstance(value, str) and (literal := _literal(value, column=inner)):
        return literal
    return (flow(value) if isinstance(value, dict | list) else scalar(value, style=style)), []


def tagged(value: Tagged, first: str, rest: list[str]) -> str:
    """A first line under its tag; an empty value is written out, as `!reset null` is what people know."""
    return f"{value.tag} {first or 'null'}" if value.tag == RESET or not (first or rest) else f"{value.tag} {first}".rstrip()


def pair_lines(key: str, value: Any, *, column: int, habits: Habits, style: str | None = None) -> list[str]:
    first, rest = pair_value(value, column=column, habits=habits, key=key, style=style)
    return [f"{' ' * column}{string(key)}:{' ' + first if first else ''}", *rest]


def mapping_lines(value: dict[str, Any], *, column: int, habits: Habits) -> list[str]:
    return [line for key, item in value.items() for line in pair_lines(key, item, column=column, habits=habits)]


def item_lines(value: Any, *, column: int, habits: Habits, style: str | None = None) -> list[str]:
    first, rest = item_value(value, column=column, habits=habits, style=style)
    return [f"{' ' * column}- {first}", *rest]


def sequence_lines(value: list[Any], *, column: int, habits: Habits) -> list[str]:
    return [line for item in value for line in item_lines(item, column=column, habits=habits)]
