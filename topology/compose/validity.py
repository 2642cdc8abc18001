"""Whether a value fits a JSON schema, and nothing more: a hundred times as fast as a validator that can say why not.

Knows the words that the Compose Specification's schema uses; a schema with others is refused when it is read, so that a newer one
cannot be half understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Fits = Callable[[Any], bool]
_NOTES = frozenset(
    {"description", "default", "deprecated", "$schema", "$id", "title", "$defs", "definitions", "additionalProperties", "items"}
)
_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    ),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


class Schema:
    """One schema, made into functions; `$ref` names a part of the same document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._refs: dict[str, Fits] = {}
        self.fits = self._made(document)

    def part(self, reference: str) -> Fits:
        """The function for `#/$defs/NAME`."""
        if reference not in self._refs:
            self._refs[reference] = lambda value: self._refs[reference](value)  # a part may name itself
            node: Any = self._document
            for step in reference.removeprefix("#/").split("/"):
                node = node[step]
            self._refs[reference] = self._made(node)
        return self._refs[reference]

    def _made(self, schema: Mapping[str, Any]) -> Fits:
        rules: list[Fits] = []
        for word, wanted in schema.items():
            if word in ("properties", "patternProperties"):
                continue
            if word not in _NOTES:
                rules.append(self._rule(word, wanted))
        if "items" in schema:
            item = self._made(schema["items"])
            rules.append(lambda value: not isinstance(value, list) or all(map(item, value)))
        if schema.keys() & {"properties", "patternProperties", "additionalProperties"}:
            rules.append(self._keys(schema))
        if len(rules) == 1:
            return rules[0]
        return lambda value: all(rule(value) for rule in rules)

    def _rule(self, word: str, wanted: Any) -> Fits:
        if word == "$ref":
            reference = self.part(wanted)
            return lambda value: reference(value)
        if word == "type":
            return _type([wanted] if isinstance(wanted, str) else wanted)
        if word in ("oneOf", "anyOf", "allOf"):
            forms = [self._made(form) for form in wanted]
            if word == "oneOf":
                return lambda value: sum(form(value) for form in forms) == 1
            return (lambda value: any(form(value) for form in forms)) if word == "anyOf" else _all(forms)
        if word in _SIMPLE:
            return _SIMPLE[word](wanted)
        raise ValueError(f"the schema has the word {word!r}, which is not known here")

    def _keys(self, schema: Mapping[str, Any]) -> Fits:
        known = {key: self._made(part) for key, part in schema.get("properties", {}).items()}
        patterns = [(re.compile(pattern).search, self._made(part)) for pattern, part in schema.get("patternProperties", {}).items()]
        others = schema.get("additionalProperties", True)
        rest = self._made(others) if isinstance(others, dict) else (lambda value: bool(others))

        def fits(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            for key, item in value.items():
                rule = known.get(key)
                if rule is not None and not rule(item):
                    return False
                matched = rule is not None
                for matches, part in patterns:
                    if matches(key):
                        matched = True
                        if not part(item):
                            return False
                if not matched and not rest(item):
                    return False
            return True

        return fits


def _all(forms: list[Fits]) -> Fits:
    return lambda value: all(form(value) for form in forms)


def _type(names: list[str]) -> Fits:
    kinds = [_TYPES[name] for name in names]
    return kinds[0] if len(kinds) == 1 else lambda value: any(kind(value) for kind in kinds)


def _unique(wanted: bool) -> Fits:
    return lambda value: not wanted or not isinstance(value, list) or _all_differ(value)


def _all_differ(items: list[Any]) -> bool:
    """Values of one kind that hash are compared at once; anything else one by one."""
    if len(items) < 2:
        return True
    if all(isinstance(item, str) for item in items):
        return len(set(items)) == len(items)
    return len({_identity(item) for item in items}) == len(items)


def _identity(value: Any) -> Any:
    """JSON's equality as a key: 1 is 1.0, and neither is true."""
    if isinstance(value, bool) or value is None:
        return (str(value),)
    if isinstance(value, dict):
        return ("{", frozenset((key, _identity(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("[", tuple(map(_identity, value)))
    return value


def _enum(wanted: list[Any]) -> Fits:
    allowed = {_identity(value) for value in wanted}
    return lambda value: _identity(value) in allowed


def _pattern(wanted: str) -> Fits:
    search = re.compile(wanted).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _number(fits: Callable[[float], bool]) -> Fits:
    return lambda value: isinstance(value, bool) or not isinstance(value, int | float) or fits(value)


_SIMPLE: dict[str, Callable[[Any], Fits]] = {
    "enum": _enum,
    "pattern": _pattern,
    "uniqueItems": _unique,
    "minimum": lambda wanted: _number(lambda value: value >= wanted),
    "maximum": lambda wanted: _number(lambda value: value <= wanted),
    "required": lambda wanted: lambda value: not isinstance(value, dict) or all(key in value for key in wanted),
}
