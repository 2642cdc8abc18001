"""A file of the first Compose format (services at the top level, until 2016) → the current form.

The law: the new text holds exactly the converted value (`convert_values`), and every comment of the old text is in it. Comments,
order, quoting and blank lines move with their lines; what that law does not let through is refused with a Problem.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from topology.compose.convert_text import nest, rename, under_services
from topology.compose.convert_values import Conversion, Raw, link_targets, service_names
from topology.compose.document import Document, parse
from topology.compose.habits import find_habits
from topology.compose.legacy import legacy_services
from topology.compose.places import CannotWriteError
from topology.compose.plain import to_plain
from topology.compose.splice import Splicer
from topology.compose.values import Values, same
from topology.core.problems import Problem

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Converted:
    """The text in the current form (the old one where nothing had to change), and sentences on what its user should know."""

    text: str
    notes: tuple[str, ...] = ()


def convert(text: str, *, bridge: bool = False) -> Converted | Problem:
    """Convert a file without `services:`; a current one comes back as it is.

    `bridge` keeps the services on docker0, where version 1 had them, with its one-way links; otherwise they get the project's own
    network, where names resolve. A text that is not YAML, or no Compose file, is a Problem.
    """
    bom = _BOM if text.startswith(_BOM) else ""
    body = text[len(bom) :]
    document = parse(body)
    if document.problems:
        return document.problems[0]
    raw = Values().of(document.root)
    if not isinstance(raw, dict):
        return _no_compose_file()
    if "services" in raw:
        return Converted(text, _current_notes(raw))
    if not legacy_services(raw) and not service_names(raw):
        return _no_compose_file()
    _, problems = to_plain(document)
    if twice := next((problem for problem in problems if problem.code in ("key-twice", "bad-merge")), None):
        return twice
    converted = _converted(document, raw, bridge=bridge)
    return converted if isinstance(converted, Problem) else Converted(bom + converted.text, converted.notes)


def _no_compose_file() -> Problem:
    return Problem("not-a-compose-file", "This text has no `services:`, and nothing at its top level looks like a service.",
                   fix="Give a Compose file: a mapping of services with `image` or `build`.")  # fmt: skip


def _current_notes(raw: Raw) -> tuple[str, ...]:
    if "version" not in raw:
        return ("The file is in the current form already.",)
    return (
        "The file is in the current form already.",
        f"`version: {raw['version']}` is obsolete: Compose reads nothing from it and warns; the line can be removed.",
    )


def _converted(document: Document, raw: Raw, *, bridge: bool) -> Converted | Problem:
    conversion = Conversion(raw, bridge)
    wanted = conversion.value()
    habits = find_habits(document)
    try:
        text = rename(document.text, conversion)
        text = nest(text, conversion, newline=habits.newline)
        text = under_services(text, conversion.names, step=habits.step, newline=habits.newline)
        text = _finished(text, wanted)
    except CannotWriteError as reason:
        return _not_possible(str(reason))
    if text == "":
        return _not_possible("anchors or keys are used in a way that moving the lines would change")
    text = _with_comments(document.text, text, newline=habits.newline)
    return Converted(text, tuple(dict.fromkeys([*conversion.notes, *_notes(conversion)])))


def _finished(text: str, wanted: Raw) -> str:
    """What lines alone could not do, by the splicer: new sections, flow style, merge keys. "" when the value is still another."""
    for _ in range(3):
        document, values = parse(text), Values()
        now = values.of(document.root) if document.root is not None else None
        if document.problems or not isinstance(now, dict):
            return ""
        if same(now, wanted):
            return text
        splicer = Splicer(document, values, find_habits(document))
        splicer.change_root(wanted)
        text = splicer.result()
    return ""


def _comments(text: str) -> Counter[str]:
    """The texts behind `#`, as far as lines tell."""
    found = (line.find("#") if line.lstrip().startswith("#") else line.find(" #") for line in text.splitlines())
    return Counter(line[at:].strip() for line, at in zip(text.splitlines(), found, strict=True) if at >= 0)


def _with_comments(old: str, new: str, *, newline: str) -> str:
    """The new text with every comment of the old one: those whose line had to go stand above `services:`."""
    lost = _comments(old) - _comments(new)
    if not lost:
        return new
    lines = "".join(f"{comment}{newline}" for comment in lost.elements())
    at = new.find("services:")
    at = new.rfind("\n", 0, at) + 1
    return new[:at] + lines + new[at:]


def _notes(conversion: Conversion) -> list[str]:
    """What differs for the user between what version 1 ran and what this file runs."""
    services: dict[str, Any] = {name: conversion.raw[name] for name in conversion.names}
    linked = any(link_targets(keys) for keys in services.values())
    notes = [_network_note(conversion, linked=linked)]
    if conversion.on_bridge and not conversion.bridge:
        names = ", ".join(f"`{name}`" for name in sorted(conversion.on_bridge))
        said = (
            "shares links with a service on docker0 and stays"
            if len(conversion.on_bridge) == 1
            else ("share links with services on docker0 and stay")
        )
        notes.append(f"{names} {said} there (`network_mode: bridge`).")
    if conversion.volumes:
        names = ", ".join(f"`{name}`" for name in sorted(conversion.volumes))
        notes.append(f"The volumes {names} are declared under their own names, so the data they hold on the engine stays in use.")
    if any("external_links" in keys for keys in services.values()) and not conversion.bridge:
        notes.append(
            "`external_links` reach only containers on the same network; put those on the project's network, or keep docker0."
        )
    files = sorted({one for keys in services.values() if (one := _extended_file(keys))})
    if files:
        notes.append(f"Convert the files that it extends too: {', '.join(files)}.")
    notes.append("Containers are named project-service-1 now (version 1 wrote project_service_1): remove the old ones first.")
    return notes


def _network_note(conversion: Conversion, *, linked: bool) -> str:
    if conversion.bridge:
        return "The services stay on docker0: only linked names resolve there, and only for the service that has the link."
    if linked:
        return (
            "The services get the project's own network: every service's name resolves for all others, and links still give their "
            "aliases. Variables such as DB_PORT_5432_TCP_ADDR are no longer set; use the name `db` and the port."
        )
    return "The services get the project's own network instead of docker0: every service's name resolves for all others."


def _extended_file(keys: Raw) -> str:
    extends = keys.get("extends")
    found = extends.get("file") if isinstance(extends, dict) else None
    return found if isinstance(found, str) else ""


def _not_possible(reason: str) -> Problem:
    return Problem("conversion-not-possible", f"This file cannot be converted line by line: {reason}.",
                   fix="Put `services:` on top, indent the services below it, and write `network_mode:` for `net:`.")  # fmt: skip
