"""A Compose text out of something else: a file of the first format, pasted `docker run …` lines. Nothing is made or kept."""

from __future__ import annotations

from topology import wire
from topology.actions.authorize import Actor, require_login
from topology.compose.convert import convert
from topology.compose.run_line.lines import read_run_lines
from topology.core.edit import AddNetwork, AddService, AddVolume, Edit
from topology.core.edit_json import to_json
from topology.core.problems import Problem
from topology.store.graphs import plain, problem_view
from topology.store.readings import problems_of, reading_of

_PROJECT = "stack"  # names in messages only


def convert_compose(actor: Actor, *, text: str, bridge: bool = False) -> wire.ConvertedText:
    """The text in the current form, what differs, and what is still wrong with it; no text where it cannot be converted."""
    require_login(actor)
    converted = convert(text, bridge=bridge)
    if isinstance(converted, Problem):
        return wire.ConvertedText(text="", notes=[], problems=[problem_view(converted)])
    problems = problems_of(converted.text, project=_PROJECT)
    return wire.ConvertedText(
        text=converted.text, notes=list(converted.notes), problems=[problem_view(problem) for problem in problems]
    )


def compose_from_run(actor: Actor, *, text: str, bridge: bool = False) -> wire.ConvertedText:
    """What the pasted lines are in Compose, with their own problems first."""
    require_login(actor)
    lines = read_run_lines(text, bridge=bridge)
    of_text = problems_of(lines.text, project=_PROJECT) if lines.text else ()
    return wire.ConvertedText(
        text=lines.text,
        notes=list(lines.notes),
        problems=[problem_view(problem) for problem in (*lines.problems, *of_text)],
        edits=[to_json(edit) for edit in _additions(lines.text)],
    )


def _additions(text: str) -> list[Edit]:
    """The edits that add everything a text has: networks and volumes first, since services name them."""
    raw = reading_of(text, project=_PROJECT).raw if text else {}
    sections = (("networks", AddNetwork), ("volumes", AddVolume), ("services", AddService))
    return [add(str(name), plain(keys or {})) for section, add in sections for name, keys in (raw.get(section) or {}).items()]
