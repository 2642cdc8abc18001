"""The same files in other clothes: what editors and other systems make of them, and the forms that the corpus has few of."""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml
from yaml.nodes import MappingNode

_SHARED = 'environment: {SHARED: "1"}\n  ports: ["19999:99"]\n  volumes: ["/shared"]\n  restart: always\n'


def _service_keys(text: str) -> list[tuple[int, int]]:
    """The place of each service's first key in a block mapping, with its column, last first."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    services = (
        next((value for key, value in root.value if key.value == "services"), None) if isinstance(root, MappingNode) else None
    )
    found = []
    for _, keys in services.value if isinstance(services, MappingNode) else ():
        if isinstance(keys, MappingNode) and not keys.flow_style and not {"<<", "extends"} & {key.value for key, _ in keys.value}:
            first = keys.value[0][0].start_mark
            if not text[text.rfind("\n", 0, first.index) + 1 : first.index].strip():
                found.append((first.index, first.column))
    return found[::-1]


def merged(text: str) -> str:
    """Every service takes keys through a merge key."""
    for at, column in _service_keys(text):
        text = f"{text[:at]}<<: *shared\n{' ' * column}{text[at:]}"
    return text if "*shared" not in text or text.startswith(("---", "%", "\ufeff")) else f"x-shared: &shared\n  {_SHARED}{text}"


def heirs(text: str) -> str:
    """Every service extends one more."""
    places = _service_keys(text)
    found = re.search(r"(?m)^services:\n", text)
    if not places or not found:
        return text
    for at, column in places:
        text = f"{text[:at]}extends: all-of-them\n{' ' * column}{text[at:]}"
    column = re.match(r" *", text[found.end() :].lstrip("\n"))
    indent = " " * (len(column.group()) if column else 2)
    base = f"{indent}all-of-them:\n" + "".join(f"{indent}  {line.strip()}\n" for line in ("image: base", *_SHARED.splitlines()))
    return text[: found.end()] + base + text[found.end() :]


def anchored(text: str) -> str:
    """The first service is anchored, and one more, at the end of the services, merges it."""
    found = re.search(r"(?m)^services:\n(?:\s*#.*\n|\s*\n)*( +)([\w.-]+):\n", text)
    if not found or text.startswith(("---", "%")):
        return text
    indent, name = found.group(1), found.group(2)
    more = f"{indent}twin-of-first:\n{indent}  <<: *first\n{indent}  tty: true\n"
    head = text[: found.end() - 1] + " &first\n"
    rest = text[found.end() :]
    below = re.search(r"(?m)^(?![ \t#\n])", rest)
    at = below.start() if below else len(rest)
    body = rest[:at] if not rest[:at] or rest[:at].endswith("\n") else rest[:at] + "\n"
    return head + body + more + rest[at:] if name else text


DRESSES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "CRLF": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "BOM": lambda text: "\ufeff" + text.removeprefix("\ufeff"),
    "no final newline": lambda text: text.rstrip("\n"),
    "between --- and ...": lambda text: text if text.startswith(("---", "%")) else f"---\n{text.rstrip()}\n...\n",
    "comments at the ends": lambda text: f"# head\n\n{text.rstrip()}\n\n  # deep end\n# end\n",
    "explicit keys": lambda text: re.sub(r"(?m)^(  )([\w.-]+):$", r"\1? \2\n\1:", text),
    "quoted keys": lambda text: re.sub(r"(?m)^( *)(?<!- )([A-Za-z_][\w.-]*):(?=\s)", r'\1"\2":', text),
    "merge keys": merged,
    "extends": heirs,
    "anchored service": anchored,
}
