"""Values that the schema lets through and Compose cannot make sense of: what its own reader of values refuses.

A table: where in a service, what fits there, and what to say. Seen with the reference tool, 2.26; durations in days and weeks are
let through, as Compose takes them by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topology.compose.forms import mapping
from topology.compose.plain import Path, subject_of
from topology.compose.units import as_text, seconds, size_bytes, truth, whole
from topology.core.problems import Problem

_EACH = "*"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`where`: keys below a service, `*` for each item or entry. `says` may name the value as {value} and its key as {key}."""

    where: tuple[str, ...]
    fits: Callable[[Any], bool]
    code: str
    says: str
    fix: str


def inexact(tree: Mapping[str, Any]) -> Iterator[Problem]:
    """A problem for each such value in the services of a merged tree."""
    for name, keys in mapping(tree.get("services")).items():
        for rule in _RULES:
            if rule.where[0] in mapping(keys):
                yield from _broken(rule, keys, rule.where, ("services", name))


def _broken(rule: _Rule, value: Any, steps: tuple[str, ...], path: Path) -> Iterator[Problem]:
    if not steps:
        if value is not None and not rule.fits(value):
            shown = value if isinstance(value, int | float) else as_text(value)[:60]
            message = rule.says.format(value=shown, key=next(step for step in reversed(path) if isinstance(step, str)))
            yield Problem(rule.code, message, fix=rule.fix, subject=subject_of(path), path=path)
        return
    if steps[0] == _EACH:
        below = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    else:
        below = [(steps[0], value[steps[0]])] if isinstance(value, dict) and steps[0] in value else []
    for step, item in below:
        yield from _broken(rule, item, steps[1:], (*path, step))


def _is_size(value: Any) -> bool:
    return not isinstance(value, str) or size_bytes(value) is not None


def _is_duration(value: Any) -> bool:
    return not isinstance(value, str) or seconds(value.removeprefix("-").removeprefix("+")) is not None


def _is_no_text(value: Any) -> bool:
    return not isinstance(value, str)


def _is_no_fraction(value: Any) -> bool:
    return not isinstance(value, float)


def _is_not_negative(value: Any) -> bool:
    return not isinstance(value, int) or value >= 0


def _is_count(value: Any) -> bool:
    return not isinstance(value, str) or value == "all" or whole(value) is not None


def _is_whole(value: Any) -> bool:
    return whole(value) is not None


def _is_device(value: Any) -> bool:
    return bool(value.get("target")) if isinstance(value, dict) else len(as_text(value).split(":")) <= 3


def _counts_or_names(value: Any) -> bool:
    return not isinstance(value, dict) or not (value.get("count") is not None and value.get("device_ids") is not None)


def _has_source(value: Any) -> bool:
    return not isinstance(value, dict) or bool(value.get("source"))


def _is_link(value: Any) -> bool:
    return as_text(value).count(":") <= 1


_SIZE = (_is_size, "bad-size", "`{key}`: `{value}` is not a size.", "Write bytes, or a number with a unit, such as 512m or 2g.")
_DURATION = (
    _is_duration, "bad-duration", "`{key}`: `{value}` is not a duration.", "Write a number with a unit, such as 30s or 1m30s.",
)  # fmt: skip
_PLAIN = (
    _is_no_text, "bad-number", "`{key}`: `{value}` is text, where Compose takes a number only.", "Write it without quotes.",
)  # fmt: skip
_POSITIVE = (_is_not_negative, "bad-number", "`{key}` cannot be below 0.", "Write 0 or more.")
_COUNT = (_is_count, "bad-number", "`{key}`: `{value}` is not a number of devices.", "Write a whole number, or `all`.")
_EITHER = (
    _counts_or_names, "count-and-ids", "Devices are asked for by `count` or by `device_ids`, not by both.", "Remove one of them.",
)  # fmt: skip
_SOURCE = (_has_source, "source-missing", "This entry of `{key}` does not say which one it is.", "Add `source:` with its name.")
_DEVICES = ("deploy", "resources", "reservations", "devices", _EACH)
_GENERIC = ("deploy", "resources", "reservations", "generic_resources", _EACH, "discrete_resource_spec", "value")

_RULES = tuple(
    _Rule(where, *rest)
    for where, rest in (
        (("expose", _EACH), (_is_no_fraction, "bad-port", "`{value}` is not a port.", "Write a whole number.")),
        (("group_add", _EACH), (_is_no_fraction, "bad-number", "`{value}` is no group.", "Write a name or a whole number.")),
        (("memswap_limit",), _SIZE),
        (("mem_swappiness",), _SIZE),
        (("volumes", _EACH, "tmpfs", "mode"), _PLAIN),
        (("blkio_config", "weight"), _PLAIN),
        *(
            (("blkio_config", f"device_{way}_{unit}", _EACH, "rate"), _SIZE)
            for way in ("read", "write") for unit in ("bps", "iops")
        ),
        (("devices", _EACH), (_is_device, "bad-device", "This is no device.",
                              'Write "/dev/HOST:/dev/CONTAINER:rwm"; the long form needs `target`.')),
        (("gpus", _EACH, "count"), _COUNT),
        (("gpus", _EACH), _EITHER),
        ((*_DEVICES, "count"), _COUNT),
        (_DEVICES, _EITHER),
        (("links", _EACH), (_is_link, "bad-link", "`{value}` is no link.", 'Write "SERVICE" or "SERVICE:ALIAS".')),
        (("secrets", _EACH), _SOURCE),
        (("configs", _EACH), _SOURCE),
        (("attach",), (lambda value: truth(value) is not None, "bad-truth-value", "`{key}`: `{value}` is not true or false.",
                       "Write true or false.")),
        *((("deploy", part, key), _DURATION) for part in ("update_config", "rollback_config") for key in ("delay", "monitor")),
        *((("deploy", "restart_policy", key), _DURATION) for key in ("delay", "window")),
        *((("deploy", part, "parallelism"), _POSITIVE) for part in ("update_config", "rollback_config")),
        (("deploy", "restart_policy", "max_attempts"), _POSITIVE),
        (_GENERIC, (_is_whole, "bad-number", "`{key}`: `{value}` is not a whole number.", "Write a whole number.")),
    )
)  # fmt: skip
