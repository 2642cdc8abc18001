"""What the holder of a share link may see of a stack: its shape and state, none of its values.

Left out: the words of errors (an engine's address, paths of its host), the text, the problems (they may quote values), every
environment value, build arguments, logging and volume driver options, and each place where one of those values is repeated (a
password on a command line).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology import wire
from topology.compose.companions import roles_of
from topology.compose.dotenv import read_dotenv
from topology.core.bundle import Bundle

MASK = "•••"
_MASKED_MAPS = ("environment", "args", "driver_opts", "options", "content")
TROUBLE = "Something went wrong. People of the team see what."
_OPEN_ROLES = frozenset({"compose", "override"})  # a role that is not named here is hidden
_LONGEST_SECRET = 10_000
_SHORTEST_SECRET = 4  # shorter values ("1", "on") are no secrets, and replacing them would garble everything


def for_guest(stack: wire.StackView) -> wire.StackView:
    """The same stack with what a guest may not see masked."""
    secrets = sorted(set(_secrets(stack.graph)), key=len, reverse=True)
    services = [_service(one, secrets) for one in stack.graph.services]
    volumes = [one.model_copy(update={"keys": _mask(one.keys, secrets)}) for one in stack.graph.volumes]
    networks = [one.model_copy(update={"keys": _mask(one.keys, secrets)}) for one in stack.graph.networks]
    graph = stack.graph.model_copy(update={"services": services, "volumes": volumes, "networks": networks})
    return stack.model_copy(update={"text": "", "files": [], "graph": graph, "problems": [], "rights": ["guest"]})


def for_viewer(stack: wire.StackView, bundle: Bundle) -> wire.StackView:
    """The stack as someone who may look but not draw sees it: companions are shown where they are Compose texts, and hidden
    where they may hold secrets; the values of hidden files are masked where they were filled in.
    """
    hidden = {file.path for file in stack.files if file.role not in _OPEN_ROLES}
    if not hidden:
        return stack
    files = [file.model_copy(update={"text": None, "hidden": True}) if file.path in hidden else file for file in stack.files]
    secrets = sorted(_values_of({path: bundle.files[path] for path in hidden if path in bundle.files}), key=len, reverse=True)
    services = [_without(service, secrets) for service in stack.graph.services]
    problems = [
        one.model_copy(update={"message": _hide(one.message, secrets), "fix": _hide(one.fix, secrets)}) for one in stack.problems
    ]
    graph = stack.graph.model_copy(update={"services": services})
    return stack.model_copy(update={"files": files, "graph": graph, "problems": problems})


def hidden_paths(bundle: Bundle) -> set[str]:
    """The companions whose texts are not for whoever may only look: those that are no Compose texts."""
    return {path for path, role in roles_of(bundle).items() if role not in _OPEN_ROLES} if bundle.files else set()


def _values_of(files: Mapping[str, str]) -> set[str]:
    """What hidden files hold: the values of NAME=value lines, and whole texts that are short enough to be a value."""
    found: set[str] = set()
    for text in files.values():
        found |= {value for value in read_dotenv(text, variables={}).values() if value}
        if len(text) <= _LONGEST_SECRET:
            found.add(text.strip())
    return {value for value in found if len(value) >= _SHORTEST_SECRET}


def _without(service: wire.ServiceView, secrets: list[str]) -> wire.ServiceView:
    """Only what is filled in from variables: `keys` are as written."""
    health = service.healthcheck
    return service.model_copy(
        update={
            "environment": {name: value and _hide(value, secrets) for name, value in service.environment.items()},
            "command": None if service.command is None else [_hide(part, secrets) for part in service.command],
            "healthcheck": health and health.model_copy(update={"test": [_hide(part, secrets) for part in health.test]}),
        }
    )


def snapshot_for_guest(snapshot: wire.Snapshot) -> wire.Snapshot:
    """A snapshot whose stack is masked already, without the words of errors."""
    rest = snapshot.model_dump(mode="json", exclude={"stack"})
    return wire.Snapshot.model_validate({**without_errors(rest), "stack": snapshot.stack})


def without_errors(value: Any) -> Any:
    """A message's JSON with the engine's and the worker's words left out: that something failed shows, not what."""
    if isinstance(value, list):
        return [without_errors(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    found = {key: without_errors(item) for key, item in value.items()}
    found |= {key: TROUBLE for key in ("error", "engine_error") if found.get(key)}
    if found.get("fix"):
        found["fix"] = ""
    if found.get("kind") == "run" and "text" in found:  # a line of the timeline: "ann's apply of version 3 failed: …"
        found["text"] = found["text"].partition(": ")[0]
    return found


def _secrets(graph: wire.Graph) -> Iterator[str]:
    for service in graph.services:
        for value in service.environment.values():
            if value and len(value) >= _SHORTEST_SECRET:
                yield value
        yield from _map_values(service.keys)


def _map_values(keys: Any) -> Iterator[str]:
    if isinstance(keys, Mapping):
        for key, item in keys.items():
            if key in ("environment", "args"):
                pairs = item.values() if isinstance(item, Mapping) else [str(one).partition("=")[2] for one in item or []]
                yield from (str(value) for value in pairs if len(str(value)) >= _SHORTEST_SECRET and value is not None)
            else:
                yield from _map_values(item)


def _service(service: wire.ServiceView, secrets: list[str]) -> wire.ServiceView:
    health = service.healthcheck
    return service.model_copy(
        update={
            "environment": {name: None if value is None else MASK for name, value in service.environment.items()},
            "command": None if service.command is None else [_hide(part, secrets) for part in service.command],
            "healthcheck": health and health.model_copy(update={"test": [_hide(part, secrets) for part in health.test]}),
            "keys": _mask(service.keys, secrets),
        }
    )


def _mask(value: Any, secrets: list[str], *, inside: bool = False) -> Any:
    """Values under a masked key all become the mask; elsewhere known secrets do, wherever they stand in a text."""
    if isinstance(value, Mapping):
        return {key: _mask(item, secrets, inside=inside or key in _MASKED_MAPS) for key, item in value.items()}
    if isinstance(value, list):
        return [_mask_item(item, secrets) if inside else _mask(item, secrets) for item in value]
    if inside:
        return None if value is None else MASK
    return _hide(value, secrets) if isinstance(value, str) else value


def _mask_item(item: Any, secrets: list[str]) -> Any:
    """ "NAME=value" keeps its name."""
    if not isinstance(item, str):
        return _mask(item, secrets, inside=True)
    name, sign, _ = item.partition("=")
    return f"{name}={MASK}" if sign else name


def _hide(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
