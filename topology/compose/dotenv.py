"""Env files (`.env`, `env_file`): NAME=value lines. Source: Compose Specification, "env_file format"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from topology.compose.interpolate import Interpolation

_LINE = re.compile(r"^\s*(?:export\s+)?([^\s=#:][^\s=:]*)\s*(?:[=:](.*))?$")


def read_dotenv(text: str, *, variables: Mapping[str, str]) -> dict[str, str | None]:
    """The file's variables in order; a name without a value is None (taken from the environment).

    `#` starts a comment. Text in single quotes is taken as it is; elsewhere variables are filled in, from `variables` first and
    then from the lines above. Quoted values may run over several lines.
    """
    values: dict[str, str | None] = {}
    lines = iter(text.removeprefix("\ufeff").splitlines())
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            continue
        name, written = match[1], match[2]
        if written is None:
            values[name] = None
            continue
        written = written.strip()
        quote = written[:1] if written[:1] in ("'", '"') else ""
        while quote and _end(written, quote) < 0 and (more := next(lines, None)) is not None:
            written += "\n" + more
        known = {one: value for one, value in values.items() if value is not None} | dict(variables)
        values[name] = _value(written, quote, known)
    return values


def _end(written: str, quote: str) -> int:
    """Where the closing quote is, -1 when there is none."""
    at = 1
    while (at := written.find(quote, at)) > 0:
        if quote == "'" or written[at - 1] != "\\":
            return at
        at += 1
    return -1


def _value(written: str, quote: str, known: Mapping[str, str]) -> str:
    end = _end(written, quote) if quote else -1
    if quote == "'" and end > 0:
        return written[1:end]
    if quote and end > 0:
        text = written[1:end].replace("\\n", "\n").replace('\\"', '"')
    else:
        text = re.split(r"\s#", written, maxsplit=1)[0].rstrip()
    return Interpolation(known).fill_text(text, ()) if "$" in text else text
