"""Values as text: JSON exactly as Go's encoder writes it, and YAML."""

from __future__ import annotations

import json
import math
import re
from typing import Any

_UNSAFE = re.compile("[<>&\u2028\u2029]")


def json_text(value: Any, *, indent: int | None = 2) -> str:
    """JSON as Go's encoder writes it: `<`, `>`, `&` and two line separators escaped, numbers in its own form.

    `indent` None gives the compact form, which the service's hash is made of.
    """
    separators = (",", ": ") if indent is not None else (",", ":")
    text = json.dumps(_plain(value), indent=indent, ensure_ascii=False, separators=separators)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)  # none of them stands outside of a text


def _plain(value: Any) -> Any:
    """Floats as Go writes them: whole ones without a point, very large and small ones with an exponent."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and math.isfinite(value) and value == int(value) and abs(value) < 1e21:
        return int(value)
    return value


def yaml_text(value: Any) -> str:
    """YAML in block style, keys in their order."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(value, Dumper=dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10_000)
    return text
