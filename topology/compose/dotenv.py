"""Env files (`.env`, `env_file`): NAME=value lines."""

from __future__ import annotations

import re


def read_dotenv(text: str) -> dict[str, str | None]:
    """An env file: `NAME=value` lines, `#` comments, quotes, `export`; a name alone is None (taken from the environment)."""
    values: dict[str, str | None] = {}
    for line in text.splitlines():
        line = line.strip().removeprefix("export ").lstrip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        name, value = name.strip(), value.strip()
        if not name or any(char.isspace() for char in name):
            continue
        values[name] = _dotenv_value(value) if equals else None
    return values


def _dotenv_value(value: str) -> str:
    if value[:1] in ("'", '"') and (end := value.find(value[0], 1)) > 0:
        inner = value[1:end]
        return inner if value[0] == "'" else inner.replace("\\n", "\n").replace('\\"', '"')
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip()
