"""A reconstruction as a Compose text: a head that says where it comes from, its sections, blank lines between services."""

from __future__ import annotations

from topology.compose.render import Habits, mapping_lines, string
from topology.core.reconstruct import Reconstruction

_HABITS = Habits()


def reconstructed_text(made: Reconstruction, *, of: str) -> str:
    """The whole file. `of` says what it was made from, "the running project shop"."""
    lines = [f"# Made by Netyard from {of}."]
    if made.origin:
        lines.append(
            f"# Its own file was {' '.join(made.origin.split())}; what no engine keeps (comments, builds, profiles) is there."
        )
    lines += ["", f"name: {string(str(made.file['name']))}", "", "services:"]
    for number, (name, keys) in enumerate(made.file["services"].items()):
        lines += ([""] if number else []) + mapping_lines({name: keys}, column=2, habits=_HABITS)
    for section in ("networks", "volumes"):
        if section in made.file:
            lines += ["", *mapping_lines({section: made.file[section]}, column=0, habits=_HABITS)]
    return "\n".join([*lines, ""])
