// Made by `npm run wire` from topology/wire.py. Do not edit.

export interface AdoptRequest {
  name: string;
  team_id: string;
}
/**
 * The new stack; `operations` counts what an apply would do at once.
 */
export interface Adopted {
  name: string;
  operations: number;
  stack_id: string;
}
/**
 * An apply of a version: how it ended, when and by whom.
 */
export interface AppliedView {
  at: number;
  by: string;
  is_rollback: boolean;
  run_id: string;
  state: "waiting" | "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";
}
export interface AttachmentView {
  aliases: string[];
  implicit: boolean;
  ipv4: string;
  ipv6: string;
  mac: string;
  network: string;
}
/**
 * On the list's socket: a stack's card is new or changed; `card` None means it is gone.
 */
export interface CardChanged {
  card: StackCard | null;
  stack_id: string;
  type: "card";
}
/**
 * A stack in the list. `picture` is enough to draw its topology small: nodes with a kind and place, edges between them.
 */
export interface StackCard {
  applied_version: number;
  id: string;
  name: string;
  networks: number;
  picture: Picture;
  problems: number;
  rights: ("guest" | "look" | "logs" | "draw" | "deploy" | "manage")[];
  running: number;
  services: number;
  state: "never applied" | "running" | "partly running" | "stopped" | "failing" | "unknown";
  team_id: string;
  team_name: string;
  updated_at: number;
  updated_by: string;
  version: number;
  wanted: number;
}
export interface Picture {
  edges: [string, string, "membership" | "link" | "depends"][];
  nodes: PictureNode[];
}
export interface PictureNode {
  color: number;
  h: number;
  id: string;
  kind: "service" | "network" | "bridge";
  state: string;
  w: number;
  x: number;
  y: number;
}
/**
 * What an import would give, before it is made.
 */
export interface Checked {
  is_first_form: boolean;
  needs: FileNeed[];
  networks: string[];
  overrides: string[];
  picture: Picture;
  problems: ProblemView[];
  services: string[];
  valid: boolean;
  volumes: string[];
}
/**
 * A file that the texts name. `found`: it is among those sent. A `context` is a folder: all that is in it.
 */
export interface FileNeed {
  found: boolean;
  named_in: string;
  path: string;
  required: boolean;
  role: "env" | "compose" | "override" | "config" | "secret" | "context";
}
export interface ProblemView {
  code: string;
  column: number;
  file: string;
  fix: string;
  line: number;
  message: string;
  path: (string | number)[];
  severity: "error" | "warning";
  subject: string;
}
/**
 * A text to be checked, with its companions, as in NewStack.
 */
export interface ComposeText {
  file_name: string;
  files: {
    [k: string]: string;
  };
  name: string;
  overrides: string[] | null;
  text: string;
}
export interface ContainerView {
  endpoints: EndpointView[];
  error: string;
  exit_code: number | null;
  finished_at: number;
  health: string;
  id: string;
  image: string;
  name: string;
  number: number;
  oom_killed: boolean;
  ports: string[];
  restart_count: number;
  service: string;
  started_at: number;
  state: string;
  word: string;
}
export interface EndpointView {
  aliases: string[];
  dns_names: string[];
  ipv4: string;
  ipv6: string;
  mac: string;
  network: string;
  network_key: string;
}
/**
 * A file of the first format; `bridge` keeps its services on docker0, where they were.
 */
export interface ConvertRequest {
  bridge: boolean;
  text: string;
}
/**
 * A Compose text made out of something else; "" where nothing could be made.
 *
 * After a conversion problems have places in the new text; after pasted lines first those of the lines, with places in the paste.
 */
export interface ConvertedText {
  edits: {
    [k: string]: unknown;
  }[];
  notes: string[];
  problems: ProblemView[];
  text: string;
}
/**
 * Another person's pointer in canvas coordinates, and what they have selected.
 */
export interface CursorMoved {
  client: string;
  selected: string[];
  type: "cursor";
  x: number;
  y: number;
}
/**
 * Open connections over a network break, though the services go on running: they join it anew.
 */
export interface CutView {
  network: string;
  services: string[];
}
export interface DependencyView {
  condition: string;
  implied: boolean;
  service: string;
}
/**
 * The design after an edit; `stack.rights` is empty here, keep your own. `op_id` tells your own edit.
 */
export interface DesignChanged {
  by: string;
  op_id: string;
  stack: StackView;
  type: "design";
}
/**
 * A whole stack for the editor. `text` is empty for a guest. `files` are its companions, by path; `overrides` those that are
 * merged over the main text, in order; `file_name` is the main text's own name, by which other files may extend it. `valid` is
 * False while the text cannot be read: then `graph` is the last good one and `problems` says what is wrong. `applied_version` is
 * the version last applied, 0 for never; `staged` are the nodes ("service:web", "network:front") that later versions made or
 * changed. `rolls_back`: the last apply was asked to go back by itself if it fails.
 */
export interface StackView {
  applied_version: number;
  engine_id: string;
  file_name: string;
  files: StackFile[];
  graph: Graph;
  id: string;
  layout: {
    [k: string]: NodeLayout;
  };
  layout_version: number;
  name: string;
  overrides: string[];
  problems: ProblemView[];
  rights: ("guest" | "look" | "logs" | "draw" | "deploy" | "manage")[];
  rolls_back: boolean;
  staged: string[];
  team_id: string;
  team_name: string;
  text: string;
  updated_at: number;
  updated_by: string;
  valid: boolean;
  version: number;
}
/**
 * A companion of the main text: what it names or is merged with. `version` is the stack's version that brought its text.
 *
 * `text` is None where it is `hidden` from you (values of a `.env` or a secret), or where all the companions together are so
 * large that they are not sent with each change: then get `stacks/{id}/files?path=…` again when `version` is another.
 */
export interface StackFile {
  hidden: boolean;
  path: string;
  role: "env" | "compose" | "override" | "config" | "secret" | "context" | "other";
  size_bytes: number;
  text: string | null;
  version: number;
}
export interface Graph {
  networks: NetworkView[];
  project: string;
  services: ServiceView[];
  volumes: VolumeView[];
}
export interface NetworkView {
  attachable: boolean;
  driver: string;
  enable_ipv6: boolean;
  external: boolean;
  gateways: string[];
  implicit: boolean;
  internal: boolean;
  key: string;
  keys: {
    [k: string]: unknown;
  };
  line: number;
  name: string;
  subnets: string[];
}
/**
 * `keys` is the service's mapping as written (short forms kept), for the inspector; `other_keys` those without a form.
 */
export interface ServiceView {
  attachments: AttachmentView[];
  build: boolean;
  command: string[] | null;
  container_name: string;
  depends_on: DependencyView[];
  environment: {
    [k: string]: string | null;
  };
  healthcheck: HealthcheckView | null;
  image: string;
  keys: {
    [k: string]: unknown;
  };
  line: number;
  links: LinkView[];
  mode: "networks" | "bridge" | "host" | "none" | "service" | "container";
  mounts: MountView[];
  name: string;
  network_mode: string;
  other_keys: string[];
  ports: PortView[];
  profiles: string[];
  restart: string;
  scale: number;
}
export interface HealthcheckView {
  disable: boolean;
  interval_s: number | null;
  retries: number | null;
  start_period_s: number | null;
  test: string[];
  timeout_s: number | null;
}
export interface LinkView {
  alias: string;
  external: boolean;
  target: string;
}
export interface MountView {
  kind: string;
  read_only: boolean;
  source: string;
  target: string;
}
export interface PortView {
  host_ip: string;
  protocol: string;
  published: string;
  target: number;
}
export interface VolumeView {
  external: boolean;
  key: string;
  keys: {
    [k: string]: unknown;
  };
  line: number;
  name: string;
}
/**
 * Where a node is. `w` and `h` only for network bars; `orientation` "h" or "v"; `color` an index into the palette.
 */
export interface NodeLayout {
  collapsed: boolean | null;
  color: number | null;
  h: number | null;
  orientation: ("h" | "v") | null;
  w: number | null;
  x: number;
  y: number;
}
/**
 * From one version to another.
 */
export interface Difference {
  files: FileDifference[];
  new_version: number;
  nodes: NodeDifference[];
  old_version: number;
}
/**
 * `path` "" is the main text. `hidden`: it differs, and holds values that you may not see.
 */
export interface FileDifference {
  change: "added" | "removed" | "changed";
  hidden: boolean;
  hunks: DifferenceHunk[];
  path: string;
}
/**
 * Lines that differ with three around them; the numbers, from 1, are those of its first line in either text.
 */
export interface DifferenceHunk {
  lines: DifferenceLine[];
  new_line: number;
  old_line: number;
}
export interface DifferenceLine {
  kind: "same" | "added" | "removed";
  text: string;
}
/**
 * A node that differs: "service:web", "network:front", "volume:data". `fields` are the keys that changed.
 */
export interface NodeDifference {
  change: "added" | "removed" | "changed";
  fields: string[];
  id: string;
}
/**
 * How long a plan takes a service away, without the time its own processes take to be ready; None: it stays away.
 */
export interface DowntimeView {
  at_most_s: number | null;
  containers: number;
  service: string;
}
/**
 * Another person drags: places that are not kept; the drop comes as `layout`. `layout_version` is the newest they knew: with an
 * older one than one's own, the drag was overtaken by its drop.
 */
export interface Dragged {
  client: string;
  layout_version: number;
  nodes: {
    [k: string]: NodeLayout;
  };
  type: "drag";
}
/**
 * All that is changed outside now.
 */
export interface DriftChanged {
  drift: DriftView[];
  type: "drift";
}
/**
 * One thing that is not as it was applied, and that Netyard did not change. `part` is what of the subject ("networks",
 * "image", "environment.TZ", …); `keep` "" when it can be put into the design, else why not.
 */
export interface DriftView {
  container: string;
  id: string;
  keep: string;
  kind: "missing" | "extra" | "changed" | "stopped";
  part: string;
  subject: string;
  words: string;
}
/**
 * Keep what was changed of one object ("service:web", "network:front"). To put it back, request a run of `only` it.
 */
export interface DriftSubject {
  subject: string;
}
/**
 * `op_id` is made by the client and makes the edit idempotent; `edit` is the JSON form of `topology.core.edit`. `file` is the
 * companion in which an edit of the graph is to be done; "" is the main text.
 */
export interface EditRequest {
  edit: {
    [k: string]: unknown;
  };
  file: string;
  message: string;
  op_id: string;
}
/**
 * `inverse` undoes it; `notes` say what the writer had to decide ("written as an override because of the anchor").
 */
export interface EditResult {
  inverse: {
    [k: string]: unknown;
  };
  notes: string[];
  stack: StackView;
  version: number;
}
export interface EngineChanged {
  engine: EngineView;
  type: "engine";
}
export interface EngineView {
  cpus: number;
  error: string;
  fix: string;
  id: string;
  memory_bytes: number;
  name: string;
  os: string;
  policy: EnginePolicy;
  reachable: boolean;
  version: string;
}
/**
 * What is allowed on an engine beyond plain containers. All False unless an engine administrator says so.
 */
export interface EnginePolicy {
  bind_mounts: boolean;
  capabilities: boolean;
  devices: boolean;
  engine_socket: boolean;
  host_namespaces: boolean;
  other_stacks: boolean;
  privileged: boolean;
  unconfined: boolean;
}
export interface Example {
  id: string;
  picture: Picture;
  teaches: string;
  text: string;
  title: string;
}
/**
 * Every error answer: a code, a sentence, a fix, and the problems behind it.
 */
export interface Failure {
  code: string;
  fix: string;
  message: string;
  problems: ProblemView[];
}
/**
 * What runs as a Compose file. `operations` are what an apply of it would do: none where it tells everything.
 */
export interface FoundView {
  networks: string[];
  notes: string[];
  operations: string[];
  picture: Picture;
  problems: ProblemView[];
  project: string;
  services: string[];
  text: string;
  volumes: string[];
}
export interface ImageView {
  size_bytes: number;
  tag: string;
}
/**
 * `token` is there only in the answer that made it; the link is /join#TOKEN.
 */
export interface Invitation {
  created_at: number;
  created_by: string;
  expires_at: number;
  id: string;
  role: "viewer" | "editor" | "deployer" | "owner";
  token: string;
}
/**
 * "queued": a worker looks first; the design changes a moment later. `version` is the design's after it, 0 while queued.
 */
export interface Kept {
  notes: string[];
  state: "done" | "queued";
  version: number;
}
export interface LayoutChanged {
  layout_version: number;
  nodes: {
    [k: string]: NodeLayout | null;
  };
  op_id: string;
  type: "layout";
}
export interface LiveNetwork {
  driver: string;
  gateways: string[];
  id: string;
  internal: boolean;
  key: string;
  name: string;
  subnets: string[];
}
export interface LogLineView {
  at: number;
  container: string;
  number: number;
  service: string;
  stream: "stdout" | "stderr";
  text: string;
}
export interface Logs {
  ended: boolean;
  error: string;
  lines: LogLineView[];
  stream: string;
  type: "logs";
}
/**
 * Ask for a look at an engine: what is on it ("survey"), or a project or containers of none as a Compose file. `name` is the
 * stack's name to be, for containers.
 */
export interface LookRequest {
  containers: string[];
  kind: "survey" | "project" | "containers";
  name: string;
  project: string;
}
export interface LookView {
  containers: SurveyedContainerView[];
  error: string;
  fix: string;
  found: FoundView | null;
  id: string;
  kind: "survey" | "project" | "containers" | "keep";
  projects: SurveyedProjectView[];
  state: "looking" | "ready" | "failed";
}
/**
 * A container of no project.
 */
export interface SurveyedContainerView {
  id: string;
  image: string;
  name: string;
  networks: string[];
  ports: string[];
  state: string;
}
/**
 * A Compose project that is no stack of ours. `folder` and `files` are where Compose read it, by its own word.
 */
export interface SurveyedProjectView {
  files: string;
  folder: string;
  name: string;
  networks: string[];
  running: number;
  services: SurveyedServiceView[];
  total: number;
  volumes: string[];
}
export interface SurveyedServiceView {
  image: string;
  name: string;
  states: string[];
}
export interface Me {
  id: number;
  is_administrator: boolean;
  teams: TeamRef[];
  username: string;
  version: string;
}
export interface TeamRef {
  id: string;
  name: string;
  role: "viewer" | "editor" | "deployer" | "owner";
}
export interface Member {
  role: "viewer" | "editor" | "deployer" | "owner";
  user_id: number;
  username: string;
}
/**
 * Place nodes; None removes a place (of a node that is gone).
 */
export interface MoveRequest {
  nodes: {
    [k: string]: NodeLayout | null;
  };
  op_id: string;
}
export interface MoveResult {
  layout_version: number;
}
export interface NameRevision {
  name: string;
}
export interface NewInvitation {
  days: number;
  role: "viewer" | "editor" | "deployer" | "owner";
}
/**
 * `secret` is a password or an access token; "" keeps the one that is known, while the name and registry are the same.
 */
export interface NewRegistryLogin {
  registry: string;
  secret: string;
  username: string;
}
/**
 * Make a stack: empty, from `text` (import) or from an example's id. `files` are the companions' texts by path; `overrides`
 * None is what Compose itself would merge.
 */
export interface NewStack {
  example: string | null;
  file_name: string;
  files: {
    [k: string]: string;
  };
  name: string;
  overrides: string[] | null;
  team_id: string;
  text: string | null;
}
export interface NewTeam {
  name: string;
}
export interface OpenShare {
  token: string;
}
/**
 * The grant itself lives in the visitor's session; the page goes on to /shared/<share_id>.
 */
export interface Opened {
  share_id: string;
  stack_name: string;
}
export interface OperationView {
  cause: string;
  impact: "new" | "in place" | "restart" | "recreate" | "stop" | "remove" | "data at risk";
  index: number;
  kind: string;
  needs: number[];
  subject: string;
  summary: string;
}
export interface PlanView {
  cuts: CutView[];
  digest: string;
  downtimes: DowntimeView[];
  engine_error: string;
  notes: ProblemView[];
  observed_at: number;
  operations: OperationView[];
  problems: ProblemView[];
  version: number;
}
/**
 * The server would not do what a socket message asked.
 */
export interface Refusal {
  message: string;
  type: "refused";
}
/**
 * A login at an image registry; its secret never leaves the server. `state`: "checking" until the engine tried it there,
 * then "works", "refused" (not used then) or "unknown" (it could not be tried; `words` says why).
 */
export interface RegistryLoginView {
  changed_at: number;
  changed_by: string;
  checked_at: number;
  fix: string;
  id: string;
  registry: string;
  state: "checking" | "works" | "refused" | "unknown";
  username: string;
  words: string;
}
export interface Renamed {
  name: string;
}
export interface RestoreRevision {
  op_id: string;
}
/**
 * `message` names the gesture that made it, `name` is what a person called it. `files` counts its companions.
 */
export interface Revision {
  applied: AppliedView[];
  at: number;
  by: string;
  files: number;
  message: string;
  name: string;
  version: number;
}
/**
 * A version for looking at: the stack as it was then, with the places of now. `images` are what ran of it: service → id.
 */
export interface RevisionView {
  images: {
    [k: string]: string;
  };
  revision: Revision;
  stack: StackView;
}
export interface RoleChange {
  role: "viewer" | "editor" | "deployer" | "owner";
}
/**
 * A run began, ended, or was cancelled: whole.
 */
export interface RunChanged {
  run: RunView;
  type: "run";
}
/**
 * `rollback`: it goes back to `version`; `rollback_of` is the id of the failed run that it takes back, "" for none;
 * `automatic`: nobody pressed for it, since who asked for that run wanted it so. `output` is what a container that did not
 * stay up printed last: only in the answer of `runs/{id}`, and for whoever may read logs.
 */
export interface RunView {
  automatic: boolean;
  by: string;
  ended_at: number;
  error: string;
  fix: string;
  id: string;
  kind: "apply" | "down" | "stop" | "start" | "restart";
  output: string;
  requested_at: number;
  rollback: boolean;
  rollback_of: string;
  stack_id: string;
  started_at: number;
  state: "waiting" | "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";
  steps: StepView[];
  version: number;
}
export interface StepView {
  cause: string;
  ended_at: number;
  error: string;
  fix: string;
  impact: "new" | "in place" | "restart" | "recreate" | "stop" | "remove" | "data at risk";
  index: number;
  kind: string;
  progress: string;
  share: number | null;
  started_at: number;
  state: "pending" | "running" | "done" | "failed" | "skipped";
  subject: string;
  summary: string;
}
/**
 * `digest` is that of the plan the user saw (apply only). `services` empty means all. `remove_volumes` for down only.
 *
 * For an apply: `version` is the one to be applied, 0 the newest. `rollback`: with the images that ran at the last done apply of
 * that version. `rolls_back`: go back to the version last applied if this fails; None as the last time. `queue`: where another
 * run is under way, wait for it and begin when it is done; without a digest, since its plan cannot be known yet. `only`: what
 * differs of these objects ("service:web") and nothing else.
 */
export interface RunRequest {
  digest: string;
  kind: "apply" | "down" | "stop" | "start" | "restart";
  only: string[];
  queue: boolean;
  remove_orphans: boolean;
  remove_volumes: boolean;
  rollback: boolean;
  rolls_back: boolean | null;
  services: string[];
  version: number;
}
/**
 * Pasted `docker run …` lines; `bridge` keeps containers that name no network on docker0, where `docker run` puts them.
 */
export interface RunText {
  bridge: boolean;
  text: string;
}
export interface SampleView {
  container_id: string;
  cpu_percent: number | null;
  memory_bytes: number;
  memory_limit_bytes: number;
  network_rates: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: [number, number];
  };
  number: number;
  service: string;
}
export interface Samples {
  at: number;
  samples: SampleView[];
  type: "samples";
}
export interface SendCursor {
  selected: string[];
  type: "cursor";
  x: number;
  y: number;
}
export interface SendDrag {
  layout_version: number;
  nodes: {
    [k: string]: NodeLayout;
  };
  type: "drag";
}
export interface SendLogsClose {
  stream: string;
  type: "logs_close";
}
/**
 * Follow the logs of services; `stream` is a name the client makes up and gets back on each batch.
 */
export interface SendLogsOpen {
  services: string[];
  stream: string;
  tail: number;
  type: "logs_open";
}
/**
 * Ask for samples (True) or not (False): a page in the background sends False.
 */
export interface SendWatch {
  samples: boolean;
  type: "watch";
}
/**
 * A read-only link to one stack; `token` only in the answer that made it; the link is /shared#TOKEN.
 */
export interface Share {
  created_at: number;
  created_by: string;
  id: string;
  last_used_at: number;
  token: string;
}
/**
 * The first message on a stack's socket, and again after a gap: everything a fresh page needs.
 */
export interface Snapshot {
  client: string;
  drift: DriftView[];
  engine: EngineView;
  run: RunView | null;
  stack: StackView;
  status: StatusView;
  timeline: TimelineEntry[];
  type: "snapshot";
  viewers: Viewer[];
  waiting: RunView | null;
}
/**
 * What runs, as last folded. `seq` grows by one with every change. `at` 0.0: never observed. `engine` "" when it answers.
 */
export interface StatusView {
  at: number;
  containers: ContainerView[];
  engine_error: string;
  networks: LiveNetwork[];
  seq: number;
  volumes: string[];
}
export interface TimelineEntry {
  at: number;
  by: string;
  id: number;
  kind: string;
  service: string;
  severity: "info" | "good" | "warning" | "error";
  text: string;
}
/**
 * Someone who looks at the stack; `client` tells two windows of one person apart; `color` is an index.
 */
export interface Viewer {
  client: string;
  color: number;
  username: string;
}
export interface StatusChanged {
  status: StatusView;
  type: "status";
}
/**
 * Steps of a run that changed together, by index.
 */
export interface StepsChanged {
  run_id: string;
  steps: StepView[];
  type: "steps";
}
export interface TeamView {
  id: string;
  invitations: Invitation[];
  members: Member[];
  name: string;
  role: "viewer" | "editor" | "deployer" | "owner";
}
export interface TimelineAdded {
  entry: TimelineEntry;
  type: "timeline";
}
export interface ViewersChanged {
  type: "viewers";
  viewers: Viewer[];
}
