"""A stack as a picture: what is designed, at the places where people put it, in their colours."""

from __future__ import annotations

from uuid import UUID

from topology.actions.authorize import Actor, find_stack
from topology.core.access import Right
from topology.core.picture import picture_svg
from topology.store.files import good_bundle_of
from topology.store.graphs import chosen_colors, fixed_places
from topology.store.readings import good_design, problems_of


def draw_picture(actor: Actor, *, stack_id: UUID, theme: str) -> tuple[str, str]:
    """The project's name and the SVG. It holds names, images, ports and paths; never a variable's value or a problem's words."""
    stack = find_stack(actor, stack_id, Right.LOOK, action="read_picture")
    bundle = good_bundle_of(stack)
    design = good_design(bundle, project=stack.project)
    svg = picture_svg(
        design,
        theme=theme,
        name=stack.name,
        fixed=fixed_places(stack.layout),
        colors=chosen_colors(stack.layout),
        problems=problems_of(bundle, project=stack.project),
    )
    return stack.project, svg
