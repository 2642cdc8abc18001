// What a server message does to the state: pure, so that tests can feed it any order of messages.
import type { RunView, StackView } from "../wire.gen";
import type { ServerMessage } from "./messages";
import type { EditorState, Places } from "./state";

const TIMELINE_KEPT = 500;

function withPlaces(layout: Places, nodes: Record<string, Places[string] | null>): Places {
  const next = { ...layout };
  for (const [id, place] of Object.entries(nodes)) {
    if (place) next[id] = place;
    else delete next[id];
  }
  return next;
}

function without<T>(record: Record<string, T>, ids: string[]): Record<string, T> {
  const next = { ...record };
  for (const id of ids) delete next[id];
  return next;
}

function withSteps(run: RunView | null, runId: string, changed: RunView["steps"]): RunView | null {
  if (!run || run.id !== runId) return run;
  const news = new Map(changed.map((step) => [step.index, step]));
  const kept = run.steps.map((one) => news.get(one.index) ?? one);
  for (const one of run.steps) news.delete(one.index);
  return { ...run, steps: [...kept, ...news.values()] };
}

/** The stack with the version that was applied last; 0 for none. */
function withApplied<S extends StackView | null>(stack: S, applied: number): S {
  if (!stack || !applied || applied === stack.applied_version) return stack;
  return { ...stack, applied_version: applied, staged: applied >= stack.version ? [] : stack.staged };
}

/** The part of the state that a message changes. Messages older than what is known change nothing. */
export function fold(state: EditorState, message: ServerMessage): Partial<EditorState> {
  switch (message.type) {
    case "snapshot":
      return {
        client: message.client,
        stack: message.stack,
        layout: message.stack.layout,
        layoutVersion: message.stack.layout_version,
        status: message.status,
        run: message.run,
        waiting: message.waiting,
        preview: null,
        timeline: message.timeline,
        drift: message.drift,
        viewers: message.viewers,
        engine: message.engine,
        cursors: {},
        remoteDrags: {},
      };
    case "design": {
      const { preview } = state;
      if (preview) {
        if (message.stack.version < preview.now.version) return {};
        return { preview: { ...preview, now: { ...message.stack, rights: preview.now.rights } } };
      }
      if (!state.stack || message.stack.version < state.stack.version) return {};
      const places = { ...message.stack.layout, ...state.layout };
      return { stack: { ...message.stack, rights: state.stack.rights }, layout: places };
    }
    case "layout":
      return {
        layout: withPlaces(state.layout, message.nodes),
        layoutVersion: Math.max(state.layoutVersion, message.layout_version),
        preview: state.preview && {
          ...state.preview,
          places: withPlaces(state.preview.places, message.nodes),
        },
        remoteDrags: without(state.remoteDrags, Object.keys(message.nodes)),
      };
    case "status":
      return !state.status || message.status.seq >= state.status.seq ? { status: message.status } : {};
    case "run": {
      if (message.run.state === "waiting") return { waiting: message.run };
      const waiting = state.waiting?.id === message.run.id ? null : state.waiting;
      // one that never began leaves the run before it, and why it went, on the page
      if (waiting !== state.waiting && message.run.state === "cancelled") return { waiting };
      const applied = message.run.state === "done" && message.run.kind === "apply" ? message.run.version : 0;
      const stack = withApplied(state.stack, applied);
      const preview = state.preview && { ...state.preview, now: withApplied(state.preview.now, applied) };
      // a plan says what a run would do: once one has ended, it says nothing any more
      return {
        run: message.run,
        waiting,
        stack,
        preview,
        ...(message.run.ended_at > 0 ? { plan: null } : {}),
      };
    }
    case "steps":
      return { run: withSteps(state.run, message.run_id, message.steps) };
    case "timeline":
      return { timeline: [message.entry, ...state.timeline].slice(0, TIMELINE_KEPT) };
    case "viewers": {
      const here = new Set(message.viewers.map((viewer) => viewer.client));
      const gone = Object.keys(state.cursors).filter((client) => !here.has(client));
      return { viewers: message.viewers, cursors: without(state.cursors, gone) };
    }
    case "cursor":
      return { cursors: { ...state.cursors, [message.client]: message } };
    case "drag":
      if (message.layout_version < state.layoutVersion) return {}; // overtaken by its drop
      return { remoteDrags: { ...state.remoteDrags, ...message.nodes } };
    case "drift":
      return { drift: message.drift };
    case "engine":
      return { engine: message.engine };
    default:
      return {};
  }
}
