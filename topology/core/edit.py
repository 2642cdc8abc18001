"""Edits: what a hand on the canvas, in the inspector or in the text does to a design. Small typed values, spliced into text.

Every edit has an inverse, a `PatchText` (`Several` of them where companions changed): its lines, the other way round.
JSON form: {"kind": "attach", "service": "web", "network": "front", …}; see `edit_json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class AddService:
    """Add a service with the keys given (`{"image": "nginx:alpine", "ports": ["8080:80"]}`)."""

    kind: ClassVar[str] = "add_service"
    name: str
    keys: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RemoveService:
    """Remove a service and every reference to it (depends_on, links, `service:` modes, volumes_from)."""

    kind: ClassVar[str] = "remove_service"
    name: str


@dataclass(frozen=True, slots=True)
class RenameService:
    """Rename a service and every reference to it. A link that had no alias of its own keeps the old name as its alias."""

    kind: ClassVar[str] = "rename_service"
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class AddNetwork:
    kind: ClassVar[str] = "add_network"
    name: str
    keys: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RemoveNetwork:
    """Remove a network, from the services' `networks` too. A service left with none falls back to `default`."""

    kind: ClassVar[str] = "remove_network"
    name: str


@dataclass(frozen=True, slots=True)
class RenameNetwork:
    kind: ClassVar[str] = "rename_network"
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class AddVolume:
    kind: ClassVar[str] = "add_volume"
    name: str
    keys: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RemoveVolume:
    """Remove a named volume and the services' mounts of it."""

    kind: ClassVar[str] = "remove_volume"
    name: str


@dataclass(frozen=True, slots=True)
class RenameVolume:
    kind: ClassVar[str] = "rename_volume"
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Join a network, or set what its attachment says. Leaves `network_mode` (docker0, host, none) if one was set.

    A service that was on `default` only because nothing was written leaves it, as in Compose, unless `keep_default`:
    then `default` is written beside the new one. Fields of None leave what is written; "" or () removes it.
    """

    kind: ClassVar[str] = "attach"
    service: str
    network: str
    aliases: tuple[str, ...] | None = None
    ipv4: str | None = None
    ipv6: str | None = None
    mac: str | None = None
    keep_default: bool = False


@dataclass(frozen=True, slots=True)
class Detach:
    """Leave a network. Leaving the last puts it on `default`, or on `network_mode: none` when that is the one left."""

    kind: ClassVar[str] = "detach"
    service: str
    network: str


@dataclass(frozen=True, slots=True)
class SetNetworkMode:
    """Put a service on docker0 ("bridge"), "host", "none", "service:NAME" or "container:NAME"; None goes back to `default`."""

    kind: ClassVar[str] = "set_network_mode"
    service: str
    mode: str | None


@dataclass(frozen=True, slots=True)
class AddLink:
    """Link client `service` to server `target` under `alias` (written "target:alias", or "target" where they are equal)."""

    kind: ClassVar[str] = "add_link"
    service: str
    target: str
    alias: str


@dataclass(frozen=True, slots=True)
class RemoveLink:
    kind: ClassVar[str] = "remove_link"
    service: str
    target: str
    alias: str


@dataclass(frozen=True, slots=True)
class SetEnvironment:
    """Set a variable, in whichever form the file has (map or list). `value` None removes it."""

    kind: ClassVar[str] = "set_environment"
    service: str
    variable: str
    value: str | None


@dataclass(frozen=True, slots=True)
class SetValue:
    """Write any value at any path; parents are made. Lists and maps are compared item by item: equal items keep their bytes."""

    kind: ClassVar[str] = "set_value"
    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """Remove the key or item at a path. A parent that is left empty is removed too, except under the top-level sections."""

    kind: ClassVar[str] = "remove_value"
    path: Path


@dataclass(frozen=True, slots=True)
class Hunk:
    """`old` lines at `line` (from 0) become `new`. Lines keep their ends ("\\n", "\\r\\n" or none on the last)."""

    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]
    before: str = ""  # the line above and the line below as they were, to find the place again after others' edits
    after: str = ""


@dataclass(frozen=True, slots=True)
class PatchText:
    """Replace lines: typing in the code pane, and every undo. Found again by its old lines when others edited meanwhile.

    `file` is a companion's path, "" the main text.
    """

    kind: ClassVar[str] = "patch_text"
    hunks: tuple[Hunk, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class ReplaceText:
    """Replace the whole text (import into an existing stack). `file` is a companion's path, made where it is not there yet."""

    kind: ClassVar[str] = "replace_text"
    text: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove a companion of the main text, from the overrides too."""

    kind: ClassVar[str] = "remove_file"
    file: str


@dataclass(frozen=True, slots=True)
class RenameFile:
    """Give a companion another path. What names it in the texts stays as it is."""

    kind: ClassVar[str] = "rename_file"
    file: str
    to: str


@dataclass(frozen=True, slots=True)
class SetOverrides:
    """The companions that are merged over the main text, in this order (`docker compose -f main -f first -f second`)."""

    kind: ClassVar[str] = "set_overrides"
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenameEntry:
    """Rename what stands in `configs`, `secrets` or `models`, and every reference to it."""

    kind: ClassVar[str] = "rename_entry"
    section: str
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Remove what stands in `configs`, `secrets` or `models`, and every reference to it."""

    kind: ClassVar[str] = "remove_entry"
    section: str
    name: str


@dataclass(frozen=True, slots=True)
class InFile:
    """Do an edit in a companion file (an include or extends target, by its relative path), and follow references into all files.

    Without it an edit of what stands in another file is refused. `file` "" is the main file: only references are followed then.
    """

    kind: ClassVar[str] = "in_file"
    file: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Several:
    """Several edits as one: one gesture, one version, one undo step. All of them or none."""

    kind: ClassVar[str] = "several"
    edits: tuple[Edit, ...]


Edit = (
    AddService | RemoveService | RenameService | AddNetwork | RemoveNetwork | RenameNetwork
    | AddVolume | RemoveVolume | RenameVolume | Attach | Detach | SetNetworkMode | AddLink | RemoveLink
    | SetEnvironment | SetValue | RemoveValue | PatchText | ReplaceText | RemoveFile | RenameFile | SetOverrides
    | RenameEntry | RemoveEntry | InFile | Several
)  # fmt: skip

KINDS: Mapping[str, type] = {kind.kind: kind for kind in get_args(Edit)}
