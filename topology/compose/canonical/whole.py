"""The whole project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topology.compose.canonical.fields import Around, sorted_names
from topology.compose.canonical.implied import with_implied
from topology.compose.canonical.sections import sections
from topology.compose.canonical.service import service
from topology.compose.forms import mapping
from topology.compose.rules import is_active

if TYPE_CHECKING:
    from topology.compose.project import Project


def config(project: Project) -> dict[str, Any]:
    """What `docker compose config --format json` prints: as `resolved`, with every dollar sign written twice."""
    escaped: dict[str, Any] = _escaped(resolved(project))
    return escaped


def resolved(project: Project) -> dict[str, Any]:
    """The project with everything in its canonical form: active services only, and only the networks, volumes, configs and
    secrets that they use. Keys stand in the reference tool's order: the user's names sorted, a record's keys as it lists them."""
    around = surroundings(project)
    active = {
        name: with_implied(mapping(keys))
        for name, keys in sorted(mapping(project.tree.get("services")).items())
        if is_active(mapping(keys), project.profiles)
    }
    services = {name: service(keys, around) for name, keys in active.items()}
    found: dict[str, Any] = {"name": project.name, "services": services}
    found |= sections(project.tree, services, project=project.name, around=around)
    found |= {key: sorted_names(value) for key, value in project.tree.items() if key.startswith("x-")}
    return {key: found[key] for key in sorted(found)}


def surroundings(project: Project) -> Around:
    """What the project's values are seen from."""

    def text_of(path: str) -> str | None:
        text = project.sources.text(path)
        return text if isinstance(text, str) else None

    return Around(project.directory, project.environment, text_of)


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$", "$$") if "$" in value else value
    if isinstance(value, dict):
        return {_escaped(key): _escaped(item) for key, item in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, list) else value
