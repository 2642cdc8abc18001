"""A plan: operations, each exactly one engine call with a cause and an impact, and an order. The executor decides nothing.

The plan's text (`as_text`) is what tests assert and what `./netyard stack plan` prints. Its digest names it: what a user saw
is what is performed, or the apply is refused and the new plan shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from topology.core.problems import Problem


class Kind(StrEnum):
    """One engine call each; `wait_*` poll by inspect until the condition holds or `timeout_s` is over."""

    PULL_IMAGE = "pull_image"  # detail: image, platform where one is written, max_age_s: nothing is done for an image pulled since
    BUILD_IMAGE = "build_image"  # detail: image, options (`core.builds`); contents: the context's files, none for a git URL
    CREATE_NETWORK = "create_network"  # detail: payload (POST /networks/create)
    REMOVE_NETWORK = "remove_network"  # detail: name
    CREATE_VOLUME = "create_volume"  # detail: payload (POST /volumes/create), half_made_since where the
    # engine died while it was made: an empty one without labels, made since then, is made once more
    REMOVE_VOLUME = "remove_volume"  # detail: name
    CREATE_CONTAINER = "create_container"  # detail: name, payload (POST /containers/create, one network at most), platform
    # where one is written, own (this stack's containers that it joins: for the policy, not for the engine), hash_text and
    # joins (`core.joined_hash`) where Compose's hash has another container's id in it
    COPY_FILES = "copy_files"  # detail: container, files ([{path, uid, gid, mode}]); contents: path → text
    RUN_COMMAND = "run_command"  # detail: container, command, user, working_dir, environment, privileged, timeout_s
    CONNECT = "connect"  # detail: container, network, endpoint (EndpointConfig)
    DISCONNECT = "disconnect"  # detail: container, network
    START = "start"  # detail: container
    STOP = "stop"  # detail: container, timeout_s
    RESTART = "restart"  # detail: container, timeout_s, since (nothing is done when it was started after that)
    KILL = "kill"  # detail: container, signal
    REMOVE_CONTAINER = "remove_container"  # detail: container, volumes (its anonymous ones too)
    RENAME_CONTAINER = "rename_container"  # detail: container, to
    UPDATE_CONTAINER = "update_container"  # detail: container, payload (POST /containers/X/update)
    REMOVE_LINK = "remove_link"  # detail: container, alias (default bridge, DELETE /containers/X/alias?link=1)
    WAIT_HEALTHY = "wait_healthy"  # detail: container, timeout_s
    WAIT_COMPLETED = "wait_completed"  # detail: container, timeout_s
    WAIT_STEADY = "wait_steady"  # detail: container, timeout_s: for how long it has to stay up


class Impact(StrEnum):
    """What an operation does to what runs, from harmless to grave."""

    NEW = "new"  # makes something that was not there
    IN_PLACE = "in place"  # changes a running thing without stopping it
    RESTART = "restart"
    RECREATE = "recreate"  # a container is replaced; its volumes stay
    STOP = "stop"
    REMOVE = "remove"
    DATA = "data at risk"


@dataclass(frozen=True, slots=True)
class Operation:
    """One engine call. `subject` is what it is about on the canvas: "service:web", "network:front", "volume:data".

    `summary` is a line for people ("connect web to front as www, 10.0.0.5"), without secrets. `cause` says why ("the design
    attaches web to front"). `needs` are indexes of operations of the same plan that must be done first; of those in
    `soft` it is enough that they are over, done or not. `detail` is the call's
    whole argument; containers in it are meant by name, so that a plan can be made before its containers exist. `contents` are
    texts of files that belong to it (path → text): secrets may be among them, so that JSON has their SHA-256 only.
    """

    kind: Kind
    subject: str
    summary: str
    cause: str
    impact: Impact
    detail: Mapping[str, Any]
    needs: tuple[int, ...] = ()
    contents: Mapping[str, str] = field(default_factory=dict, repr=False)
    soft: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        body = {
            "kind": self.kind.value, "subject": self.subject, "summary": self.summary, "cause": self.cause,
            "impact": self.impact.value, "detail": dict(self.detail), "needs": list(self.needs),
        }  # fmt: skip
        if self.soft:
            body["soft"] = list(self.soft)
        if self.contents:
            body["contents"] = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in sorted(self.contents.items())}
        return body

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Operation:
        return cls(
            kind=Kind(value["kind"]), subject=value["subject"], summary=value["summary"], cause=value["cause"],
            impact=Impact(value["impact"]), detail=value["detail"], needs=tuple(value["needs"]),
            soft=tuple(value.get("soft", ())),
        )  # fmt: skip


def renumbered(operation: Operation, place: Callable[[int], int]) -> Operation:
    """The same operation of a plan in which the others stand at other places."""
    needs, soft = (tuple(sorted(map(place, indexes))) for indexes in (operation.needs, operation.soft))
    return replace(operation, needs=needs, soft=soft)


@dataclass(frozen=True, slots=True)
class Plan:
    """Operations in an order in which they can be performed one after another; `needs` says what may go side by side.

    `notes` are warnings for the reader: keys of the design that no engine call carries, orphans that are left alone.
    """

    operations: tuple[Operation, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """A SHA-256 over the operations, in hex: the same calls in the same order have the same digest."""
        text = json.dumps([operation.to_json() for operation in self.operations], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def as_text(self) -> str:
        """The plan for people: one line an operation, "impact  summary  (cause)"; "nothing to do" for an empty one."""
        if not self.operations:
            return "nothing to do\n"
        width = max(len(operation.impact) for operation in self.operations)
        return "".join(f"{operation.impact:<{width}}  {operation.summary}  ({operation.cause})\n" for operation in self.operations)
