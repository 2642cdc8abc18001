"""`healthcheck`. Source: Compose Specification, "healthcheck"."""

from __future__ import annotations

from typing import Any

from topology.compose.forms import texts
from topology.compose.plain import Path
from topology.compose.report import Report
from topology.core.design import Healthcheck

_FIRST = ("NONE", "CMD", "CMD-SHELL")


def read_healthcheck(value: Any, *, path: Path, report: Report) -> Healthcheck | None:
    """A test as text runs in the container's shell; as a list its first word says how."""
    if not isinstance(value, dict):
        return None
    written = value.get("test")
    test = ("CMD-SHELL", written) if isinstance(written, str) else texts(written)
    if test and test[0] not in _FIRST:
        report.error(
            "bad-healthcheck",
            f"A test's list must start with NONE, CMD or CMD-SHELL, not with `{test[0][:40]}`.",
            'Write ["CMD", "program", "argument"], or the command as plain text.',
            (*path, "test"),
        )
        test = ()
    times = {f"{key}_s": report.seconds(value.get(key), (*path, key))
             for key in ("interval", "timeout", "start_period", "start_interval")}  # fmt: skip
    disable = bool(report.truth(value.get("disable"), (*path, "disable"))) or test[:1] == ("NONE",)
    retries = report.whole(value.get("retries"), (*path, "retries"))
    if retries is not None and retries < 0:
        report.error("bad-number", "`retries` cannot be below 0.", "Write 0 or more.", (*path, "retries"))
        retries = None
    return Healthcheck(test=test, retries=retries, disable=disable, **times)
