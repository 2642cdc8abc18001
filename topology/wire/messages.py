"""What goes over a WebSocket, both ways; each message has a `type`."""

from __future__ import annotations

from typing import Literal

from topology.wire.base import Wire
from topology.wire.drift import DriftView
from topology.wire.engines import EngineView
from topology.wire.graph import NodeLayout
from topology.wire.runs import RunView, StepView
from topology.wire.stacks import StackCard, StackView
from topology.wire.status import SampleView, StatusView, TimelineEntry


class Viewer(Wire):
    """Someone who looks at the stack; `client` tells two windows of one person apart; `color` is an index."""

    client: str
    username: str
    color: int


class LogLineView(Wire):
    container: str
    service: str
    number: int
    at: float
    stream: Literal["stdout", "stderr"]
    text: str


class Snapshot(Wire):
    """The first message on a stack's socket, and again after a gap: everything a fresh page needs."""

    type: Literal["snapshot"] = "snapshot"
    client: str
    stack: StackView
    status: StatusView
    run: RunView | None  # the one under way, or the last one
    timeline: list[TimelineEntry]
    viewers: list[Viewer]
    engine: EngineView
    drift: list[DriftView] = []  # what was changed outside of Netyard
    waiting: RunView | None = None  # the run that is queued behind the one under way


class DesignChanged(Wire):
    """The design after an edit; `stack.rights` is empty here, keep your own. `op_id` tells your own edit."""

    type: Literal["design"] = "design"
    op_id: str
    by: str
    stack: StackView


class LayoutChanged(Wire):
    type: Literal["layout"] = "layout"
    op_id: str
    layout_version: int
    nodes: dict[str, NodeLayout | None]


class StatusChanged(Wire):
    type: Literal["status"] = "status"
    status: StatusView


class Samples(Wire):
    type: Literal["samples"] = "samples"
    at: float
    samples: list[SampleView]


class RunChanged(Wire):
    """A run began, ended, or was cancelled: whole."""

    type: Literal["run"] = "run"
    run: RunView


class StepsChanged(Wire):
    """Steps of a run that changed together, by index."""

    type: Literal["steps"] = "steps"
    run_id: str
    steps: list[StepView]


class TimelineAdded(Wire):
    type: Literal["timeline"] = "timeline"
    entry: TimelineEntry


class ViewersChanged(Wire):
    type: Literal["viewers"] = "viewers"
    viewers: list[Viewer]


class CursorMoved(Wire):
    """Another person's pointer in canvas coordinates, and what they have selected."""

    type: Literal["cursor"] = "cursor"
    client: str
    x: float
    y: float
    selected: list[str]


class Dragged(Wire):
    """Another person drags: places that are not kept; the drop comes as `layout`. `layout_version` is the newest they knew: with an
    older one than one's own, the drag was overtaken by its drop."""

    type: Literal["drag"] = "drag"
    client: str
    layout_version: int
    nodes: dict[str, NodeLayout]


class Logs(Wire):
    type: Literal["logs"] = "logs"
    stream: str
    lines: list[LogLineView]
    ended: bool
    error: str


class DriftChanged(Wire):
    """All that is changed outside now."""

    type: Literal["drift"] = "drift"
    drift: list[DriftView]


class EngineChanged(Wire):
    type: Literal["engine"] = "engine"
    engine: EngineView


class CardChanged(Wire):
    """On the list's socket: a stack's card is new or changed; `card` None means it is gone."""

    type: Literal["card"] = "card"
    stack_id: str
    card: StackCard | None


class Refusal(Wire):
    """The server would not do what a socket message asked."""

    type: Literal["refused"] = "refused"
    message: str


ServerMessage = (
    Snapshot | DesignChanged | LayoutChanged | StatusChanged | Samples | RunChanged | StepsChanged | TimelineAdded
    | ViewersChanged | CursorMoved | Dragged | Logs | DriftChanged | EngineChanged | CardChanged | Refusal
)  # fmt: skip


class SendCursor(Wire):
    type: Literal["cursor"]
    x: float
    y: float
    selected: list[str] = []


class SendDrag(Wire):
    type: Literal["drag"]
    layout_version: int = 0
    nodes: dict[str, NodeLayout]


class SendWatch(Wire):
    """Ask for samples (True) or not (False): a page in the background sends False."""

    type: Literal["watch"]
    samples: bool


class SendLogsOpen(Wire):
    """Follow the logs of services; `stream` is a name the client makes up and gets back on each batch."""

    type: Literal["logs_open"]
    stream: str
    services: list[str]
    tail: int = 200


class SendLogsClose(Wire):
    type: Literal["logs_close"]
    stream: str


ClientMessage = SendCursor | SendDrag | SendWatch | SendLogsOpen | SendLogsClose
