"""How a file is written, so that what is new looks like the rest."""

from __future__ import annotations

from topology.compose.document import Document, MappingNode, Node, SequenceNode
from topology.compose.places import Places, Spot
from topology.compose.render import Habits


def find_habits(document: Document) -> Habits:
    """The file's own habits: the indent of the first nested mapping, of the first list under a key, and its line break."""
    head = document.text.find("\n")
    newline = "\r\n" if head > 0 and document.text[head - 1] == "\r" else "\n"
    places, step, dash = Places(document.text), 0, -1
    stack: list[tuple[Node, int]] = [(document.root, 0)] if document.root is not None else []
    while stack and (not step or dash < 0):
        node, depth = stack.pop()
        if not isinstance(node, MappingNode) or node.flow_style or depth > 6:
            continue
        for key, value in reversed(node.value):
            if value.start_mark.index < key.start_mark.index or getattr(value, "flow_style", True):
                continue
            begin = places.content_start(Spot(value, value.start_mark.index, value.end_mark.index))
            offset = places.column(begin) - places.column(key.start_mark.index)
            if isinstance(value, SequenceNode):
                dash = offset
            elif offset > 0:
                step = offset
            stack.append((value, depth + 1))
    return Habits(step or 2, (step or 2) if dash < 0 else dash, newline)
