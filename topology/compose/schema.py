"""The Compose Specification's JSON schema, and what it finds, said for people and with the place it stands.

The schema is the one that `check-jsonschema` carries (https://github.com/compose-spec/compose-spec, schema/compose-spec.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from topology.compose.plain import Path, subject_of
from topology.compose.validity import Schema
from topology.core.problems import Problem

if TYPE_CHECKING:  # slow to import, and needed only for what does not fit
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_WORDS = {
    "string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "array": "a list", "object": "a mapping", "null": "empty",
}  # fmt: skip
_KIND_OF = {"services": "a service", "networks": "a network", "volumes": "a volume", "configs": "a config", "secrets": "a secret"}
MAX_FINDINGS = 200  # a file that is wrong everywhere must not cost minutes
FATAL = frozenset({"wrong-type"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A Problem, and whether its place is the key (an unknown key) rather than the value."""

    problem: Problem
    at_key: bool = False


@cache
def schema_text() -> str:
    """The schema as the specification has it, as JSON. Its package is found, not imported, which takes half a second."""
    package = find_spec("check_jsonschema")
    assert package is not None and package.submodule_search_locations, "check-jsonschema is not installed"
    return (FilePath(package.submodule_search_locations[0]) / "builtin_schemas/vendor/compose-spec.json").read_text("utf-8")


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(schema_text())
    _flatten(schema["$defs"], "service")
    _flatten(schema["$defs"], "pre_start_hook")
    _flatten(schema["$defs"], "job")
    return schema


@cache
def _shape() -> Schema:
    return Schema(_schema())


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(_schema())


def _flatten(definitions: dict[str, Any], name: str) -> None:
    """Replace `allOf` + `unevaluatedProperties` by one list of properties: the same rule, three times as fast."""
    definition = definitions[name]
    properties: dict[str, Any] = {}
    for part in definition.pop("allOf", ()):
        properties |= definitions[part["$ref"].rpartition("/")[2]].get("properties", {})
    definition["properties"] = properties | definition.get("properties", {})
    definition.pop("unevaluatedProperties", None)
    definition |= {"type": "object", "patternProperties": {"^x-": {}}, "additionalProperties": False}


def service_keys() -> frozenset[str]:
    """Every key that the specification knows for a service."""
    return frozenset(_schema()["$defs"]["service"]["properties"])


def validate(value: Any) -> list[Finding]:
    """What is wrong with a whole file (interpolated plain data), in the file's order."""
    if _shape().fits(value):
        return []
    found: list[Finding] = []
    for error in _validator().iter_errors(_sample(value)):
        found.extend(islice(_explain(error, tuple(error.absolute_path)), MAX_FINDINGS))
        if len(found) >= MAX_FINDINGS:
            message = "There are more problems than are shown."
            found.append(_finding("more-problems", message, "Mend these first; the others show then.", ()))
            break
    return found


def _sample(value: Any) -> Any:
    """The file without the entries that are right, so that only the wrong ones are gone through again."""
    if not isinstance(value, dict):
        return value
    changed = {}
    for section, part in _PARTS.items():
        entries = value.get(section)
        if isinstance(entries, dict):
            fits = _shape().part(part)
            changed[section] = {name: entry for name, entry in entries.items() if not _NAME.match(name) or not fits(entry)}
    return {key: changed.get(key, item) for key, item in value.items()}


_NAME = re.compile(r"^[a-zA-Z0-9._-]+$")
_PARTS = {
    "services": "#/$defs/service", "networks": "#/$defs/network", "volumes": "#/$defs/volume",
    "configs": "#/$defs/config", "secrets": "#/$defs/secret",
}  # fmt: skip


def _explain(error: ValidationError, path: Path) -> Iterator[Finding]:
    broken: Any = error  # jsonschema types these fields as "or unset", which no finished error is
    explain = _BY_RULE.get(str(broken.validator), _other)
    yield from explain(broken, path)


def _finding(code: str, message: str, fix: str, path: Path, *, at_key: bool = False) -> Finding:
    return Finding(Problem(code, message, fix=fix, subject=subject_of(path), path=path), at_key)


def _name(path: Path) -> str:
    """What to call the place: `ports` of service `web`."""
    if not path:
        return "The file"
    steps = [str(step) for step in path if isinstance(step, str)]
    item = ", item " + str(path[-1] + 1) if isinstance(path[-1], int) else ""
    if len(steps) == 1:
        return f"`{steps[0]}`{item}"
    owner = f" of {_KIND_OF[steps[0]].removeprefix('a ')} `{steps[1]}`" if steps[0] in _KIND_OF and len(steps) > 2 else ""
    if steps[0] in _KIND_OF and len(steps) == 2:
        return f"{_KIND_OF[steps[0]].removeprefix('a ').capitalize()} `{steps[1]}`{item}"
    return f"`{'.'.join(steps[2:] if owner else steps)}`{item}{owner}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if value is None:
        return "empty"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def _wrong_type(value: Any, kinds: Iterable[str], path: Path) -> Finding:
    named = list(dict.fromkeys(_WORDS.get(kind, kind) for kind in kinds))
    if "a number" in named and "a whole number" in named:
        named.remove("a whole number")
    wanted = named[0] if len(named) == 1 else ", ".join(named[:-1]) + " or " + named[-1]
    fix = f"Write {wanted} here."
    if value is None:
        fix = f"Write {wanted} here, or remove the key."
    elif "text" in named and isinstance(value, bool | int | float):
        fix = f'Put it in quotes: "{str(value).lower() if isinstance(value, bool) else value}".'
    elif "a list" in named and isinstance(value, str):
        fix = "Write it as a list: start its line with `- `."
    return _finding("wrong-type", f"{_name(path)} must be {wanted}, but is {_kind(value)}.", fix, path)


def _type(error: Any, path: Path) -> Iterator[Finding]:
    kinds = [error.validator_value] if isinstance(error.validator_value, str) else list(error.validator_value)
    yield _wrong_type(error.instance, kinds, path)


def _unknown_keys(error: Any, path: Path) -> Iterator[Finding]:
    known = list(error.schema.get("properties", {}))
    named = bool(error.schema.get("patternProperties", {}).keys() - {"^x-"})
    for key in error.instance:
        if key in known or any(_matches(pattern, key) for pattern in error.schema.get("patternProperties", {})):
            continue
        place = (*path, key)
        if named and not known:
            yield _finding(
                "bad-name",
                f"`{key}` cannot be a name in {_lower(_name(path))}.",
                "Use letters, digits, `.`, `_` and `-` only.",
                place,
                at_key=True,
            )
            continue
        near = get_close_matches(key, known, n=1)
        fix = f"Did you mean `{near[0]}`?" if near else "Remove it, or start its name with `x-` to keep it as a note."
        where = f"in {_lower(_name(path))}" if path else "at the top of the file"
        yield _finding("unknown-key", f"Compose knows no key `{key}` {where}.", fix, place, at_key=True)


def _matches(pattern: str, key: str) -> bool:
    return re.search(pattern, key) is not None


def _branches(error: Any, path: Path) -> Iterator[Finding]:
    """Of several allowed forms: explain the one that was meant, which is the one whose outermost type fits."""
    forms: dict[Any, list[Any]] = {}
    for child in error.context or ():
        forms.setdefault(child.relative_schema_path[0], []).append(child)
    if not forms:
        yield _finding("wrong-form", f"{_name(path)} is not written in a form that Compose knows.", "Look at its line again.", path)
        return
    meant = [form for form in forms.values() if not any(child.validator == "type" and not child.relative_path for child in form)]
    if meant:
        for child in min(meant, key=len):
            yield from _explain(child, (*path, *child.relative_path))
        return
    kinds: list[str] = []
    for form in forms.values():
        for child in form:
            if child.validator == "type" and not child.relative_path:
                kinds.extend([child.validator_value] if isinstance(child.validator_value, str) else child.validator_value)
    yield _wrong_type(error.instance, kinds, path)


def _enumeration(error: Any, path: Path) -> Iterator[Finding]:
    allowed = [str(value) for value in error.validator_value]
    near = get_close_matches(str(error.instance), allowed, n=1)
    fix = f"Did you mean `{near[0]}`?" if near else "Use one of these."
    names = ", ".join(f"`{value}`" for value in allowed)
    yield _finding("unknown-value", f"{_name(path)} is `{error.instance}`, but must be one of {names}.", fix, path)


def _required(error: Any, path: Path) -> Iterator[Finding]:
    key = next((key for key in error.validator_value if f"'{key}'" in error.message), error.validator_value[0])
    yield _finding("missing-key", f"{_name(path)} lacks `{key}`.", f"Add `{key}:`.", path)


def _twice(error: Any, path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, item in enumerate(error.instance):
        before = len(seen)
        seen.add(repr(item))
        if item != "" and len(seen) == before:  # "": variables that are not set
            text = f"`{item}`" if isinstance(item, str | int | float) else "The same item"
            yield _finding("item-twice", f"{text} stands twice in {_name(path)}.", "Remove one of the two.", (*path, index))


def _form(error: Any, path: Path) -> Iterator[Finding]:
    yield _finding(
        "wrong-form",
        f"{_name(path)} cannot be `{error.instance}`.",
        _FORMS.get(str(path[-1]) if path else "", "Look up what it may be."),
        path,
    )


_FORMS = {
    "pull_policy": "Use always, never, build, missing, if_not_present, refresh, daily, weekly or every_12h.",
    "container_name": "Use at least two letters, digits, `_`, `.` or `-`, the first a letter or digit.",
}


def _other(error: Any, path: Path) -> Iterator[Finding]:
    text = str(error.message)
    text = text if len(text) <= 120 else text[:117] + "…"
    yield _finding("wrong-value", f"{_name(path)}: {text}.", "Look up what it may be.", path)


_BY_RULE = {
    "type": _type,
    "additionalProperties": _unknown_keys,
    "oneOf": _branches,
    "enum": _enumeration,
    "required": _required,
    "uniqueItems": _twice,
    "pattern": _form,
}
