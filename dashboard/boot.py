"""The one script that stands in every page itself: nothing that the browser drops on the way can keep it from running.

The content policy names it by its hash, so that no other inline script runs.
"""

import base64
import hashlib
from pathlib import Path

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

_TEXT = (Path(__file__).resolve().parent.parent / "static" / "pages" / "boot.js").read_text(encoding="utf-8")
assert "</script" not in _TEXT and "<!--" not in _TEXT, "the script would end its own element"

SCRIPT: SafeString = mark_safe(_TEXT)  # noqa: S308  (a file of ours, not what somebody wrote)
SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(_TEXT.encode()).digest()).decode()}'"


def boot(request: HttpRequest) -> dict[str, SafeString]:
    """Context processor: `boot_script`."""
    return {"boot_script": SCRIPT}
