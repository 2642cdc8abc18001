"""Who refuses: Compose itself, or Netyard (and the engine) beyond it."""

from __future__ import annotations

from topology.compose.forms import mapping
from topology.compose.project import Project
from topology.compose.rules import is_active
from topology.core.problems import Problem, Severity

# Of `core.check`: what Compose refuses too, before it asks an engine.
_COMPOSE_CHECKS = frozenset(
    {
        "network-unknown", "volume-unknown", "config-unknown", "secret-unknown", "dependency-unknown", "mode-service-unknown",
        "volumes-from-unknown", "link-unknown", "link-self", "no-image", "mode-with-networks", "dependency-cycle",
        "container-name-with-scale", "project-name", "bad-name",
    }
)  # fmt: skip
# Of reading: what only the engine refuses, and what only Netyard does, to keep itself and its users safe.
_OWN_LIMITS = frozenset(
    {
        "too-many-entries",
        "too-many-ports",
        "too-many-containers",
        "too-many-nodes",
        "too-many-files",
        "file-too-large",
        "more-problems",
        "port-not-possible",
        "scale-below-zero",
        "duration-below-zero",
    }
)
_OF_ACTIVE_SERVICES = _COMPOSE_CHECKS - {"bad-name", "project-name"}


def compose_refuses(problem: Problem, project: Project, *, read: bool) -> bool:
    """Whether Compose would not take the project because of this. `read`: it was found by reading, not by `core.check`."""
    if problem.severity is not Severity.ERROR:
        return False
    if read:
        return problem.code not in _OWN_LIMITS
    if problem.code not in _COMPOSE_CHECKS:
        return False
    kind, _, name = problem.subject.partition(":")
    if problem.code not in _OF_ACTIVE_SERVICES or kind != "service":
        return True
    keys = mapping(mapping(project.tree.get("services")).get(name))
    return is_active(keys, project.profiles)
