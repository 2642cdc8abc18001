// The editor's state: what the server last said, plus what this window has not been told yet. No React here.
import type { SocketState } from "../sync/socket";
import type {
  CursorMoved,
  DriftView,
  EngineView,
  NodeDifference,
  NodeLayout,
  PlanView,
  ProblemView,
  RunView,
  StackView,
  StatusView,
  TimelineEntry,
  Viewer,
} from "../wire.gen";
import type { Edit } from "./edit";
import type { Typed } from "./typing";

export type Places = Record<string, NodeLayout>;
export type EdgeClass = "membership" | "link" | "depends" | "ports" | "volumes";
export type BottomPanel = "logs" | "timeline" | "problems" | null;
export type SidePanel = "inspector" | "plan" | "code" | "list" | "history" | null;

/** One undo step: an edit of the design, places, or both (one gesture is one step). */
export interface HistoryStep {
  label: string;
  edit?: Edit;
  places?: Record<string, NodeLayout | null>;
  /** Typing in a code pane: that pane's own history covers it. */
  typed?: Typed;
}

export interface Notice {
  id: string;
  tone: "error" | "info" | "good";
  message: string;
  fix: string;
  problems: ProblemView[];
}

/** An older version on the canvas, for looking at. `now` is the stack as it is; `marks` say what differs, by node id. */
export interface Preview {
  version: number;
  against: number;
  now: StackView;
  marks: Record<string, NodeDifference>;
  /** The places as they are kept. */
  places: Places;
}

export interface EditorState {
  stackId: string;
  guest: boolean;
  client: string;
  socket: SocketState;
  refusedCode: number;
  stack: StackView | null;
  /** Places by node id, confirmed by the server or still on their way; wins over `stack.layout`. */
  layout: Places;
  /** The newest version of the places that the server told of. */
  layoutVersion: number;
  /** Places that other people's drags pass through, by node id; never kept. */
  remoteDrags: Places;
  status: StatusView | null;
  engine: EngineView | null;
  run: RunView | null;
  /** The run that begins when the one under way is done. */
  waiting: RunView | null;
  preview: Preview | null;
  plan: PlanView | null;
  planning: boolean;
  timeline: TimelineEntry[];
  /** What was changed outside of Netyard. */
  drift: DriftView[];
  viewers: Viewer[];
  cursors: Record<string, CursorMoved>;
  /** Edits sent or waiting: 0 means everything is saved. */
  pending: number;
  notices: Notice[];
  undo: HistoryStep[];
  redo: HistoryStep[];
  /** Ids of selected nodes and edges (see ids.ts). */
  selection: string[];
  side: SidePanel;
  bottom: BottomPanel;
  hidden: Record<EdgeClass, boolean>;
  /** Services whose logs are followed in the bottom panel. */
  logServices: string[];
}

export const emptyState: EditorState = {
  stackId: "",
  guest: false,
  client: "",
  socket: "connecting",
  refusedCode: 0,
  stack: null,
  layout: {},
  layoutVersion: 0,
  remoteDrags: {},
  status: null,
  engine: null,
  run: null,
  waiting: null,
  preview: null,
  plan: null,
  planning: false,
  timeline: [],
  drift: [],
  viewers: [],
  cursors: {},
  pending: 0,
  notices: [],
  undo: [],
  redo: [],
  selection: [],
  side: "inspector",
  bottom: null,
  hidden: { membership: false, link: false, depends: true, ports: false, volumes: false },
  logServices: [],
};
