// Everything a stack's socket can say, as one union over `type`.
import type {
  CardChanged,
  CursorMoved,
  DesignChanged,
  Dragged,
  DriftChanged,
  EngineChanged,
  LayoutChanged,
  Logs,
  Refusal,
  RunChanged,
  Samples,
  Snapshot,
  StatusChanged,
  StepsChanged,
  TimelineAdded,
  ViewersChanged,
} from "../wire.gen";

export type ServerMessage =
  | Snapshot
  | DesignChanged
  | LayoutChanged
  | StatusChanged
  | Samples
  | RunChanged
  | StepsChanged
  | TimelineAdded
  | ViewersChanged
  | CursorMoved
  | Dragged
  | Logs
  | DriftChanged
  | EngineChanged
  | CardChanged
  | Refusal;
