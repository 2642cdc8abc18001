"""Bodies of requests: JSON that every part behind can keep. What is not gets 400 here, not an error from deep inside.

Refused: what is no JSON, a lone half of a surrogate pair (no UTF-8), a NUL (PostgreSQL keeps none), and nesting without end.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from django.http import HttpRequest
from ninja.parser import Parser

DEEPEST = 100
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class StrictParser(Parser):
    """Raises ValueError, which Ninja answers with 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        if _NUL.search(request.body):
            raise ValueError("a NUL in a text")
        value = orjson.loads(request.body)
        if _is_too_deep(value):
            raise ValueError("too deep")
        return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [item for one in level if isinstance(one, dict | list) for item in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return False
    return True
