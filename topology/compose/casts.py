"""Texts that stand for numbers and truth values (what a variable gives) → numbers and truth values, where a key wants them.

The reference tool does this for the keys below and no others, after the variables are filled in, quoted or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from topology.compose.plain import Map, Path, Seq, subject_of
from topology.core.problems import Problem

_INT = re.compile(r"^[+-]?[0-9]{1,18}$")
_FLOAT = re.compile(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$|^[+-]?(?:inf|infinity|nan)$", re.IGNORECASE)
_TRUE, _FALSE = ("true", "y", "yes", "on"), ("false", "n", "no", "off")


class _NotOfThatKind(Exception):
    """The text stands for no such value."""


def _whole(text: str) -> int:
    if not _INT.match(text):
        raise _NotOfThatKind
    return int(text)


def _number(text: str) -> float:
    if not _FLOAT.match(text) or len(text) > 100:
        raise _NotOfThatKind
    return float(text)


def _truth(text: str) -> bool:
    word = text.lower()
    if word not in (*_TRUE, *_FALSE):
        raise _NotOfThatKind
    return word in _TRUE


_SAID: dict[Callable[[str], Any], tuple[str, str, str]] = {
    _whole: ("bad-number", "a whole number", "Write a whole number."),
    _number: ("bad-number", "a number", "Write a number, such as 0.5."),
    _truth: ("bad-truth-value", "true or false", "Write true or false."),
}
_LIMIT = (_whole, {"soft": _whole, "hard": _whole})
_EXTERNAL = {"*": {"external": _truth}}
_UPDATE = {"parallelism": _whole, "max_failure_ratio": _number}
_SERVICE: dict[str, Any] = {
    "configs": [{"mode": _whole}],
    "cpu_count": _whole,
    "cpu_percent": _number,
    "cpu_period": _whole,
    "cpu_quota": _whole,
    "cpu_rt_period": _whole,
    "cpu_rt_runtime": _whole,
    "cpus": _number,
    "cpu_shares": _whole,
    "init": _truth,
    "depends_on": {"*": {"required": _truth, "restart": _truth}},
    "deploy": {
        "replicas": _whole,
        "update_config": _UPDATE,
        "rollback_config": _UPDATE,
        "restart_policy": {"max_attempts": _whole},
        "placement": {"max_replicas_per_node": _whole},
    },
    "healthcheck": {"retries": _whole, "disable": _truth},
    "oom_kill_disable": _truth,
    "oom_score_adj": _whole,
    "pids_limit": _whole,
    "ports": [{"target": _whole}],
    "privileged": _truth,
    "read_only": _truth,
    "scale": _whole,
    "secrets": [{"mode": _whole}],
    "stdin_open": _truth,
    "tty": _truth,
    "ulimits": {"*": _LIMIT},
    "volumes": [{"read_only": _truth, "volume": {"nocopy": _truth}}],
}
_TABLE: dict[str, Any] = {
    "services": {"*": _SERVICE},
    "networks": {"*": {"external": _truth, "internal": _truth, "attachable": _truth, "enable_ipv6": _truth}},
    "volumes": _EXTERNAL,
    "configs": _EXTERNAL,
    "secrets": _EXTERNAL,
}


def cast(tree: Any) -> tuple[Any, list[Problem]]:
    """The tree with such texts as values, and a Problem for each that is none; that key is left out then."""
    problems: list[Problem] = []
    return _cast(tree, _TABLE, (), problems), problems


def _cast(value: Any, rule: Any, path: Path, problems: list[Problem]) -> Any:
    if isinstance(value, str):
        reader = rule[0] if isinstance(rule, tuple) else rule
        return _read(value, reader, path, problems) if callable(reader) else value
    below = rule[1] if isinstance(rule, tuple) else rule
    if isinstance(value, dict) and isinstance(below, dict):
        keys = [key for key in below if key in value] if "*" not in below else list(value)
        return _cast_keys(value, keys, below, path, problems)
    if isinstance(value, list) and isinstance(below, list):
        found = [_cast(item, below[0], (*path, index), problems) for index, item in enumerate(value)]
        if all(new is old for new, old in zip(found, value, strict=True)):
            return value
        return Seq(found, value.places if isinstance(value, Seq) else None)
    return value


def _cast_keys(value: dict[str, Any], keys: list[str], rules: dict[str, Any], path: Path, problems: list[Problem]) -> Any:
    changed: dict[str, Any] = {}
    for key in keys:
        new = _cast(value[key], rules.get(key, rules.get("*")), (*path, key), problems)
        if new is not value[key]:
            changed[key] = new
    if not changed:
        return value
    merged = {key: changed.get(key, item) for key, item in value.items()}
    kept = {key: item for key, item in merged.items() if item is not _DROPPED}
    return Map(kept, value.places if isinstance(value, Map) else None)


_DROPPED = object()


def _read(text: str, reader: Callable[[str], Any], path: Path, problems: list[Problem]) -> Any:
    try:
        return reader(text)
    except _NotOfThatKind:
        code, wanted, fix = _SAID[reader]
        shown = text if len(text) <= 60 else text[:57] + "…"
        message = f"`{path[-1]}`: `{shown}` is not {wanted}."
        problems.append(Problem(code, message, fix=fix, subject=subject_of(path), path=path))
        return _DROPPED
