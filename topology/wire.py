"""Every shape that crosses to the browser, over HTTP and WebSocket. `./netyard wire` writes static/editor/src/wire.gen.ts from it.

Times are seconds since the epoch; ids are UUIDs as text. A node's id on the canvas is "service:NAME", "network:KEY" or
"volume:KEY" ("network:@bridge" is docker0, "network:@host" the Host, "network:@none" no network).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

RoleName = Literal["viewer", "editor", "deployer", "owner"]
RightName = Literal["guest", "look", "logs", "draw", "deploy", "manage"]
RunKind = Literal["apply", "down", "stop", "start", "restart"]
RunState = Literal["waiting", "queued", "running", "done", "failed", "cancelled", "interrupted"]
StepState = Literal["pending", "running", "done", "failed", "skipped"]
ImpactName = Literal["new", "in place", "restart", "recreate", "stop", "remove", "data at risk"]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class ProblemView(Wire):
    code: str
    message: str
    fix: str
    subject: str
    path: list[str | int]
    line: int
    column: int
    severity: Literal["error", "warning"]
    file: str = ""  # the companion that it stands in, "" for the main text


class TeamRef(Wire):
    id: str
    name: str
    role: RoleName


class Me(Wire):
    id: int
    username: str
    is_administrator: bool
    teams: list[TeamRef]
    version: str


# --- the design as a graph -------------------------------------------------------------------------------------------------


class AttachmentView(Wire):
    network: str
    aliases: list[str]
    ipv4: str
    ipv6: str
    mac: str
    implicit: bool


class LinkView(Wire):
    target: str
    alias: str
    external: bool


class PortView(Wire):
    target: int
    published: str
    host_ip: str
    protocol: str


class MountView(Wire):
    kind: str
    target: str
    source: str
    read_only: bool


class DependencyView(Wire):
    service: str
    condition: str
    implied: bool


class HealthcheckView(Wire):
    test: list[str]
    interval_s: float | None
    timeout_s: float | None
    start_period_s: float | None
    retries: int | None
    disable: bool


class ServiceView(Wire):
    """`keys` is the service's mapping as written (short forms kept), for the inspector; `other_keys` those without a form."""

    name: str
    image: str
    build: bool
    command: list[str] | None
    environment: dict[str, str | None]
    ports: list[PortView]
    mounts: list[MountView]
    mode: Literal["networks", "bridge", "host", "none", "service", "container"]
    network_mode: str
    attachments: list[AttachmentView]
    links: list[LinkView]
    depends_on: list[DependencyView]
    restart: str
    healthcheck: HealthcheckView | None
    scale: int
    container_name: str
    profiles: list[str]
    keys: dict[str, Any]
    other_keys: list[str]
    line: int


class NetworkView(Wire):
    key: str
    name: str
    driver: str
    internal: bool
    attachable: bool
    enable_ipv6: bool
    external: bool
    implicit: bool
    subnets: list[str]
    gateways: list[str]
    keys: dict[str, Any]
    line: int


class VolumeView(Wire):
    key: str
    name: str
    external: bool
    keys: dict[str, Any]
    line: int


class Graph(Wire):
    project: str
    services: list[ServiceView]
    networks: list[NetworkView]
    volumes: list[VolumeView]


class NodeLayout(Wire):
    """Where a node is. `w` and `h` only for network bars; `orientation` "h" or "v"; `color` an index into the palette."""

    x: float
    y: float
    w: float | None = None
    h: float | None = None
    orientation: Literal["h", "v"] | None = None
    collapsed: bool | None = None
    color: int | None = None


Layout = dict[str, NodeLayout]


class StackFile(Wire):
    """A companion of the main text: what it names or is merged with. `version` is the stack's version that brought its text.

    `text` is None where it is `hidden` from you (values of a `.env` or a secret), or where all the companions together are so
    large that they are not sent with each change: then get `stacks/{id}/files?path=…` again when `version` is another.
    """

    path: str
    role: Literal["env", "compose", "override", "config", "secret", "context", "other"]
    size_bytes: int
    version: int
    hidden: bool
    text: str | None


class StackView(Wire):
    """A whole stack for the editor. `text` is empty for a guest. `files` are its companions, by path; `overrides` those that are
    merged over the main text, in order; `file_name` is the main text's own name, by which other files may extend it. `valid` is
    False while the text cannot be read: then `graph` is the last good one and `problems` says what is wrong. `applied_version` is
    the version last applied, 0 for never; `staged` are the nodes ("service:web", "network:front") that later versions made or
    changed. `rolls_back`: the last apply was asked to go back by itself if it fails."""

    id: str
    name: str
    team_id: str
    team_name: str
    engine_id: str
    version: int
    applied_version: int
    staged: list[str]
    layout_version: int
    text: str
    file_name: str
    files: list[StackFile]
    overrides: list[str]
    valid: bool
    graph: Graph
    layout: Layout
    problems: list[ProblemView]
    rights: list[RightName]
    updated_at: float
    updated_by: str
    rolls_back: bool = False


class StackCard(Wire):
    """A stack in the list. `picture` is enough to draw its topology small: nodes with a kind and place, edges between them."""

    id: str
    name: str
    team_id: str
    team_name: str
    services: int
    networks: int
    running: int
    wanted: int
    state: Literal["never applied", "running", "partly running", "stopped", "failing", "unknown"]
    problems: int
    applied_version: int
    version: int
    updated_at: float
    updated_by: str
    rights: list[RightName]
    picture: Picture


class PictureNode(Wire):
    id: str
    kind: Literal["service", "network", "bridge"]
    x: float
    y: float
    w: float
    h: float
    color: int  # the one chosen; -1 where the browser gives one by the network's name
    state: str


class Picture(Wire):
    nodes: list[PictureNode]
    edges: list[tuple[str, str, Literal["membership", "link", "depends"]]]


class NewStack(Wire):
    """Make a stack: empty, from `text` (import) or from an example's id. `files` are the companions' texts by path; `overrides`
    None is what Compose itself would merge."""

    team_id: str
    name: str
    text: str | None = None
    example: str | None = None
    files: dict[str, str] = {}
    overrides: list[str] | None = None
    file_name: str = ""


class Example(Wire):
    id: str
    title: str
    teaches: str
    text: str
    picture: Picture


class Renamed(Wire):
    name: str


class ComposeText(Wire):
    """A text to be checked, with its companions, as in NewStack."""

    text: str
    name: str = "stack"
    files: dict[str, str] = {}
    overrides: list[str] | None = None
    file_name: str = ""


class FileNeed(Wire):
    """A file that the texts name. `found`: it is among those sent. A `context` is a folder: all that is in it."""

    path: str
    role: Literal["env", "compose", "override", "config", "secret", "context"]
    named_in: str
    found: bool
    required: bool


class Checked(Wire):
    """What an import would give, before it is made."""

    valid: bool
    services: list[str]
    networks: list[str]
    volumes: list[str]
    problems: list[ProblemView]
    picture: Picture
    needs: list[FileNeed]
    overrides: list[str]
    is_first_form: bool  # no `services:` key: offer to convert it


class ConvertRequest(Wire):
    """A file of the first format; `bridge` keeps its services on docker0, where they were."""

    text: str
    bridge: bool = False


class RunText(Wire):
    """Pasted `docker run …` lines; `bridge` keeps containers that name no network on docker0, where `docker run` puts them."""

    text: str
    bridge: bool = False


class ConvertedText(Wire):
    """A Compose text made out of something else; "" where nothing could be made.

    After a conversion problems have places in the new text; after pasted lines first those of the lines, with places in the paste.
    """

    text: str
    notes: list[str]
    problems: list[ProblemView]
    edits: list[dict[str, Any]] = []  # what adds the pasted lines' services, networks and volumes to a stack that is there


class EditRequest(Wire):
    """`op_id` is made by the client and makes the edit idempotent; `edit` is the JSON form of `topology.core.edit`. `file` is the
    companion in which an edit of the graph is to be done; "" is the main text."""

    op_id: str
    edit: dict[str, Any]
    message: str = ""
    file: str = ""


class EditResult(Wire):
    """`inverse` undoes it; `notes` say what the writer had to decide ("written as an override because of the anchor")."""

    version: int
    inverse: dict[str, Any]
    notes: list[str]
    stack: StackView


class MoveRequest(Wire):
    """Place nodes; None removes a place (of a node that is gone)."""

    op_id: str
    nodes: dict[str, NodeLayout | None]


class MoveResult(Wire):
    layout_version: int


class Failure(Wire):
    """Every error answer: a code, a sentence, a fix, and the problems behind it."""

    code: str
    message: str
    fix: str = ""
    problems: list[ProblemView] = []


# --- live state ------------------------------------------------------------------------------------------------------------


class EndpointView(Wire):
    network: str  # the engine's name
    network_key: str  # the design's key, "@bridge", or "" for a network outside the design
    ipv4: str
    ipv6: str
    mac: str
    aliases: list[str]
    dns_names: list[str]


class ContainerView(Wire):
    id: str
    name: str
    service: str
    number: int
    image: str
    state: str
    word: str  # the state as lists and cards say it: "running", "stopped" (an end that was asked for), "exited (137)", …
    health: str
    exit_code: int | None
    oom_killed: bool
    error: str
    restart_count: int
    started_at: float
    finished_at: float
    endpoints: list[EndpointView]
    ports: list[str]


class LiveNetwork(Wire):
    key: str
    name: str
    id: str
    driver: str
    subnets: list[str]
    gateways: list[str]
    internal: bool


class StatusView(Wire):
    """What runs, as last folded. `seq` grows by one with every change. `at` 0.0: never observed. `engine` "" when it answers."""

    seq: int
    at: float
    engine_error: str
    containers: list[ContainerView]
    networks: list[LiveNetwork]
    volumes: list[str]


class SampleView(Wire):
    container_id: str
    service: str
    number: int
    cpu_percent: float | None
    memory_bytes: int
    memory_limit_bytes: int
    network_rates: dict[str, tuple[float, float]]  # network key → received, sent, bytes a second


class TimelineEntry(Wire):
    id: int
    at: float
    kind: str  # "container", "network", "run", "edit", "engine"
    service: str
    text: str
    severity: Literal["info", "good", "warning", "error"]
    by: str


# --- plan and runs ---------------------------------------------------------------------------------------------------------


class OperationView(Wire):
    index: int
    kind: str
    subject: str
    summary: str
    cause: str
    impact: ImpactName
    needs: list[int]


class DowntimeView(Wire):
    """How long a plan takes a service away, without the time its own processes take to be ready; None: it stays away."""

    service: str
    containers: int
    at_most_s: float | None


class PlanView(Wire):
    digest: str
    version: int
    operations: list[OperationView]
    notes: list[ProblemView]
    problems: list[ProblemView]  # errors here stop Apply: the design's, the policy's
    observed_at: float
    engine_error: str
    downtimes: list[DowntimeView] = []  # by service; what changes in place has none


class RunRequest(Wire):
    """`digest` is that of the plan the user saw (apply only). `services` empty means all. `remove_volumes` for down only.

    For an apply: `version` is the one to be applied, 0 the newest. `rollback`: with the images that ran at the last done apply of
    that version. `rolls_back`: go back to the version last applied if this fails; None as the last time. `queue`: where another
    run is under way, wait for it and begin when it is done; without a digest, since its plan cannot be known yet. `only`: what
    differs of these objects ("service:web") and nothing else.
    """

    kind: RunKind
    digest: str = ""
    services: list[str] = []
    remove_volumes: bool = False
    remove_orphans: bool = False
    version: int = 0
    rollback: bool = False
    rolls_back: bool | None = None
    queue: bool = False
    only: list[str] = []


class StepView(Wire):
    index: int
    kind: str
    subject: str
    summary: str
    cause: str
    impact: ImpactName
    state: StepState
    started_at: float
    ended_at: float
    progress: str
    share: float | None
    error: str
    fix: str


class RunView(Wire):
    """`rollback_of` is the id of the failed run that this one takes back, "" for none. `output` is what a container that did not
    stay up printed last: only in the answer of `runs/{id}`, and for whoever may read logs."""

    id: str
    stack_id: str
    kind: RunKind
    state: RunState
    by: str
    version: int
    requested_at: float
    started_at: float
    ended_at: float
    error: str
    fix: str
    steps: list[StepView]
    rollback_of: str = ""
    output: str = ""


# --- history ---------------------------------------------------------------------------------------------------------------


class AppliedView(Wire):
    """An apply of a version: how it ended, when and by whom."""

    run_id: str
    at: float
    by: str
    state: RunState
    is_rollback: bool


class Revision(Wire):
    """`message` names the gesture that made it, `name` is what a person called it. `files` counts its companions."""

    version: int
    at: float
    by: str
    message: str
    name: str = ""
    files: int = 0
    applied: list[AppliedView] = []


class RevisionView(Wire):
    """A version for looking at: the stack as it was then, with the places of now. `images` are what ran of it: service → id."""

    revision: Revision
    stack: StackView
    images: dict[str, str]


class NameRevision(Wire):
    name: str


class RestoreRevision(Wire):
    op_id: str


class DifferenceLine(Wire):
    kind: Literal["same", "added", "removed"]
    text: str


class DifferenceHunk(Wire):
    """Lines that differ with three around them; the numbers, from 1, are those of its first line in either text."""

    old_line: int
    new_line: int
    lines: list[DifferenceLine]


class FileDifference(Wire):
    """`path` "" is the main text. `hidden`: it differs, and holds values that you may not see."""

    path: str
    change: Literal["added", "removed", "changed"]
    hidden: bool
    hunks: list[DifferenceHunk]


class NodeDifference(Wire):
    """A node that differs: "service:web", "network:front", "volume:data". `fields` are the keys that changed."""

    id: str
    change: Literal["added", "removed", "changed"]
    fields: list[str]


class Difference(Wire):
    """From one version to another."""

    old_version: int
    new_version: int
    files: list[FileDifference]
    nodes: list[NodeDifference]


# --- what is on an engine, and taking it in ----------------------------------------------------------------------------------


class LookRequest(Wire):
    """Ask for a look at an engine: what is on it ("survey"), or a project or containers of none as a Compose file. `name` is the
    stack's name to be, for containers."""

    kind: Literal["survey", "project", "containers"]
    project: str = ""
    containers: list[str] = []
    name: str = ""


class SurveyedServiceView(Wire):
    name: str
    image: str
    states: list[str]


class SurveyedProjectView(Wire):
    """A Compose project that is no stack of ours. `folder` and `files` are where Compose read it, by its own word."""

    name: str
    services: list[SurveyedServiceView]
    networks: list[str]
    volumes: list[str]
    folder: str
    files: str
    running: int
    total: int


class SurveyedContainerView(Wire):
    """A container of no project."""

    id: str
    name: str
    image: str
    state: str
    networks: list[str]
    ports: list[str]


class FoundView(Wire):
    """What runs as a Compose file. `operations` are what an apply of it would do: none where it tells everything."""

    project: str
    text: str
    notes: list[str]
    operations: list[str]
    services: list[str]
    networks: list[str]
    volumes: list[str]
    problems: list[ProblemView]
    picture: Picture


class LookView(Wire):
    id: str
    kind: Literal["survey", "project", "containers", "keep"]
    state: Literal["looking", "ready", "failed"]
    error: str
    fix: str
    projects: list[SurveyedProjectView]
    containers: list[SurveyedContainerView]
    found: FoundView | None


class AdoptRequest(Wire):
    team_id: str
    name: str


class Adopted(Wire):
    """The new stack; `operations` counts what an apply would do at once."""

    stack_id: str
    name: str
    operations: int


# --- what was changed outside ------------------------------------------------------------------------------------------------


class DriftView(Wire):
    """One thing that is not as it was applied, and that Netyard did not change. `part` is what of the subject ("networks",
    "image", "environment.TZ", …); `keep` "" when it can be put into the design, else why not."""

    id: str
    subject: str
    kind: Literal["missing", "extra", "changed", "stopped"]
    container: str
    part: str
    words: str
    keep: str


class DriftSubject(Wire):
    """Keep what was changed of one object ("service:web", "network:front"). To put it back, request a run of `only` it."""

    subject: str


class Kept(Wire):
    """ "queued": a worker looks first; the design changes a moment later. `version` is the design's after it, 0 while queued."""

    state: Literal["done", "queued"]
    version: int
    notes: list[str]


# --- people ----------------------------------------------------------------------------------------------------------------


class Member(Wire):
    user_id: int
    username: str
    role: RoleName


class Invitation(Wire):
    """`token` is there only in the answer that made it; the link is /join#TOKEN."""

    id: str
    role: RoleName
    created_at: float
    expires_at: float
    created_by: str
    token: str = ""


class NewInvitation(Wire):
    role: RoleName
    days: int = 7


class TeamView(Wire):
    id: str
    name: str
    role: RoleName
    members: list[Member]
    invitations: list[Invitation]


class NewTeam(Wire):
    name: str


class RoleChange(Wire):
    role: RoleName


class Share(Wire):
    """A read-only link to one stack; `token` only in the answer that made it; the link is /shared#TOKEN."""

    id: str
    created_at: float
    created_by: str
    last_used_at: float
    token: str = ""


class OpenShare(Wire):
    token: str


class Opened(Wire):
    """The grant itself lives in the visitor's session; the page goes on to /shared/<share_id>."""

    share_id: str
    stack_name: str


class EnginePolicy(Wire):
    """What is allowed on an engine beyond plain containers. All False unless an engine administrator says so."""

    privileged: bool = False
    bind_mounts: bool = False
    engine_socket: bool = False
    host_namespaces: bool = False
    devices: bool = False
    capabilities: bool = False
    unconfined: bool = False
    other_stacks: bool = False


class EngineView(Wire):
    id: str
    name: str
    reachable: bool
    error: str
    fix: str
    version: str
    os: str
    cpus: int
    memory_bytes: int
    policy: EnginePolicy


class RegistryLoginView(Wire):
    """A login at an image registry; its secret never leaves the server. `state`: "checking" until the engine tried it there,
    then "works", "refused" (not used then) or "unknown" (it could not be tried; `words` says why)."""

    id: str
    registry: str
    username: str
    state: Literal["checking", "works", "refused", "unknown"]
    words: str
    fix: str
    checked_at: float
    changed_by: str
    changed_at: float


class NewRegistryLogin(Wire):
    """`secret` is a password or an access token; "" keeps the one that is known, while the name and registry are the same."""

    registry: str
    username: str
    secret: str


class ImageView(Wire):
    tag: str
    size_bytes: int


# --- WebSocket, server → client (each with `type`) -------------------------------------------------------------------------


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
    """Another person drags: places that are not kept; the drop comes as `layout`."""

    type: Literal["drag"] = "drag"
    client: str
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


# --- WebSocket, client → server --------------------------------------------------------------------------------------------


class SendCursor(Wire):
    type: Literal["cursor"]
    x: float
    y: float
    selected: list[str] = []


class SendDrag(Wire):
    type: Literal["drag"]
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

StackCard.model_rebuild()
Checked.model_rebuild()
FoundView.model_rebuild()
LookView.model_rebuild()
