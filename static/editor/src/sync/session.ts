// One open stack: its socket, and the queue through which every change goes to the server in order.
// Places show at once and are sent; edits of the design are sent one after another and show when the server has ordered them.
import type { Edit } from "../model/edit";
import { fold } from "../model/fold";
import { newOpId } from "../model/ids";
import type { ServerMessage } from "../model/messages";
import { emptyState, type HistoryStep, type Places } from "../model/state";
import { editor, notify, useSamples } from "../model/store";
import { stepInPane, type Typing, withTyping } from "../model/typing";
import type { EditResult, Logs, MoveResult, PlanView, RunRequest, RunView, SampleView } from "../wire.gen";
import { ApiError, get, post } from "./api";
import { type LiveSocket, openSocket } from "./socket";

const UNDO_KEPT = 200;
const RETRY_MS = 1500;

let socket: LiveSocket | null = null;
let queue: Promise<unknown> = Promise.resolve();
let opened = 0;
let pointer: { x: number; y: number } | null = null;
let unsubscribe: () => void = () => undefined;
const logListeners = new Map<string, (logs: Logs) => void>();

function receive(message: ServerMessage): void {
  if (message.type === "samples") {
    const byContainer: Record<string, SampleView> = {};
    for (const sample of message.samples) byContainer[sample.container_id] = sample;
    useSamples.setState({ at: message.at, byContainer });
  } else if (message.type === "logs") {
    logListeners.get(message.stream)?.(message);
  } else if (message.type === "refused") {
    notify({ message: message.message });
  } else {
    editor.set((state) => fold(state, message));
  }
}

/** Open a stack in this window. A guest's `stackId` is the share's id. */
export function openStack(stackId: string, { guest = false }: { guest?: boolean } = {}): void {
  closeStack();
  editor.set({ ...emptyState, stackId, guest });
  const mine = ++opened;
  socket = openSocket(guest ? `/ws/shared/${stackId}/` : `/ws/stacks/${stackId}/`, {
    onMessage: (message) => mine === opened && receive(message as ServerMessage),
    onState: (state, code) => {
      if (mine !== opened) return;
      editor.set({ socket: state, refusedCode: code ?? 0 });
      if (state === "open") sendWatch();
    },
  });
  document.addEventListener("visibilitychange", sendWatch);
  unsubscribe = editor.subscribe(
    (state) => state.selection,
    () => pointer && sendCursor(pointer.x, pointer.y), // the others see what is selected without another move
  );
}

export function closeStack(): void {
  opened++;
  unsubscribe();
  pointer = null;
  document.removeEventListener("visibilitychange", sendWatch);
  socket?.close();
  socket = null;
  logListeners.clear();
  useSamples.setState({ at: 0, byContainer: {} });
}

/** Guests only look: the server sends them what they may see unasked, and takes nothing from them. */
const say = (message: Parameters<LiveSocket["send"]>[0]) => {
  if (!editor.get().guest) socket?.send(message);
};

function sendWatch(): void {
  say({ type: "watch", samples: document.visibilityState === "visible" });
}

/** Run one change after the ones before it; while the server is away it is kept and tried again. */
function enqueue<T>(send: () => Promise<T>): Promise<T> {
  const mine = opened;
  editor.set((state) => ({ pending: state.pending + 1 }));
  const attempt = async (): Promise<T> => {
    for (;;) {
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 0 || mine !== opened) throw error;
        await new Promise((resume) => setTimeout(resume, RETRY_MS));
      }
    }
  };
  const result = queue.then(attempt, attempt);
  queue = result.catch(() => undefined);
  const settle = () =>
    mine === opened && editor.set((state) => ({ pending: Math.max(0, state.pending - 1) }));
  result.then(settle, settle);
  return result;
}

function report(error: unknown, what: string): void {
  if (!(error instanceof ApiError)) throw error;
  notify({ message: `${what}: ${error.message}`, fix: error.fix, problems: error.problems });
}

async function sendEdit(edit: Edit, message: string): Promise<EditResult> {
  const opId = newOpId();
  const stackId = editor.get().stackId;
  const result = await enqueue(() =>
    post<EditResult>(`stacks/${stackId}/edits`, { op_id: opId, edit, message: message.slice(0, 200) }),
  );
  editor.set((state) => fold(state, { type: "design", op_id: opId, by: "", stack: result.stack }));
  for (const note of result.notes) notify({ tone: "info", message: note });
  return result;
}

function sendPlaces(nodes: Record<string, Places[string] | null>): void {
  const stackId = editor.get().stackId;
  editor.set((state) => fold(state, { type: "layout", op_id: "", layout_version: 0, nodes }));
  enqueue(() => post<MoveResult>(`stacks/${stackId}/layout`, { op_id: newOpId(), nodes })).catch((error) =>
    report(error, "The places were not saved"),
  );
}

function remember(step: HistoryStep): void {
  editor.set((state) => ({ undo: [...state.undo.slice(-UNDO_KEPT + 1), step], redo: [] }));
}

const keptSteps = ({ undo, redo }: { undo: HistoryStep[]; redo: HistoryStep[] }) => ({
  undo: undo.slice(-UNDO_KEPT),
  redo,
});

function placesBefore(nodes: Record<string, Places[string] | null>): Record<string, Places[string] | null> {
  const layout = editor.get().layout;
  return Object.fromEntries(Object.keys(nodes).map((id) => [id, layout[id] ?? null]));
}

/**
 * Change the design. `label` names the gesture in the undo menu ("Add nginx"); `places` puts nodes that it makes.
 * True when the server took it; a refusal is shown to the person and gives false. `typing` is a code pane's: its steps join, and
 * lines that another changed meanwhile are no refusal to show, since the pane brings both together and sends again.
 */
export async function edit(
  change: Edit,
  { label, places, typing }: { label: string; places?: Places; typing?: Typing },
): Promise<boolean> {
  const before = places && placesBefore(places);
  if (places) sendPlaces(places);
  try {
    const result = await sendEdit(change, label);
    const step = { label, edit: result.inverse as unknown as Edit, places: before };
    if (typing) editor.set(({ undo, redo }) => keptSteps(withTyping({ undo, redo }, step, typing)));
    else remember(step);
    return true;
  } catch (error) {
    if (typing && error instanceof ApiError && error.status === 409) return false;
    if (before) sendPlaces(before);
    report(error, label);
    return false;
  }
}

/** Put nodes somewhere (a drop, a resize, a colour). One call is one undo step. */
export function move(nodes: Places, { label = "Move" }: { label?: string } = {}): void {
  remember({ label, places: placesBefore(nodes) });
  sendPlaces(nodes);
}

async function step(from: "undo" | "redo"): Promise<void> {
  const steps = editor.get()[from];
  const last = steps.at(-1);
  if (!last || stepInPane(last, from)) return;
  const to = from === "undo" ? "redo" : "undo";
  editor.set({ [from]: steps.slice(0, -1) });
  const back: HistoryStep = { label: last.label, places: last.places && placesBefore(last.places) };
  if (last.places) sendPlaces(last.places);
  if (last.edit) {
    try {
      const verb = from === "undo" ? "Undo" : "Redo";
      back.edit = (await sendEdit(last.edit, `${verb}: ${last.label}`)).inverse as unknown as Edit;
    } catch (error) {
      report(error, `${last.label} cannot be ${from === "undo" ? "undone" : "redone"}`);
      return;
    }
  }
  editor.set((state) => ({ [to]: [...state[to], back] }));
}

export const undo = () => step("undo");
export const redo = () => step("redo");

/** Tell the others where this pointer is and what is selected here. Callers throttle to 20 a second. */
export function sendCursor(x: number, y: number): void {
  pointer = { x, y };
  say({ type: "cursor", x, y, selected: editor.get().selection });
}

/** Tell the others where nodes are while they are dragged. Callers throttle to 20 a second. */
export function sendDrag(nodes: Places): void {
  say({ type: "drag", layout_version: editor.get().layoutVersion, nodes });
}

export async function requestPlan(
  { kind = "apply", removeOrphans = false, removeVolumes = false } = {} as {
    kind?: RunView["kind"];
    removeOrphans?: boolean;
    removeVolumes?: boolean;
  },
): Promise<PlanView | null> {
  const stackId = editor.get().stackId;
  editor.set({ planning: true });
  try {
    await queue; // every edit made so far belongs to the plan
    const query = `kind=${kind}&remove_orphans=${removeOrphans}&remove_volumes=${removeVolumes}`;
    const plan = await get<PlanView>(`stacks/${stackId}/plan?${query}`);
    editor.set({ plan });
    return plan;
  } catch (error) {
    report(error, "No plan");
    return null;
  } finally {
    editor.set({ planning: false });
  }
}

/** Ask for a run; progress comes over the socket. Throws what the server says against it. */
export async function startRun(
  kind: RunView["kind"],
  options: Partial<Omit<RunRequest, "kind">>,
): Promise<void> {
  const run = await post<RunView>(`stacks/${editor.get().stackId}/runs`, { kind, ...options });
  if (run.state === "waiting") editor.set({ waiting: run });
  else editor.set((state) => (state.run?.id === run.id ? {} : { run }));
}

/** Ask for an apply, stop, start, restart or down, and tell why not. True when it is queued. */
export async function requestRun(
  kind: RunView["kind"],
  options: Partial<Omit<RunRequest, "kind">> = {},
): Promise<boolean> {
  try {
    await startRun(kind, options);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === "plan-changed" && !options.version) {
      await requestPlan({
        kind,
        removeOrphans: options.remove_orphans,
        removeVolumes: options.remove_volumes,
      });
      notify({
        tone: "info",
        message: error.message,
        fix: "This is the new plan; look at it and apply again.",
      });
      return false;
    }
    report(error, `Could not ${kind === "down" ? "take the stack down" : kind}`);
    return false;
  }
}

/** Make the design what it was at a version: one edit, one undo step. */
export async function restoreVersion(version: number): Promise<void> {
  const label = `Restore version ${version}`;
  const opId = newOpId();
  const { stackId } = editor.get();
  try {
    const result = await enqueue(() =>
      post<EditResult>(`stacks/${stackId}/revisions/${version}/restore`, { op_id: opId }),
    );
    editor.set((state) => fold(state, { type: "design", op_id: opId, by: "", stack: result.stack }));
    remember({ label, edit: result.inverse as unknown as Edit });
  } catch (error) {
    report(error, label);
  }
}

/** Cancel the run under way, or the one named. */
export async function cancelRun(id = editor.get().run?.id): Promise<void> {
  if (!id) return;
  try {
    await post<RunView>(`runs/${id}/cancel`);
  } catch (error) {
    report(error, "Could not cancel");
  }
}

/** Follow logs of services; gives a function that ends it. */
export function followLogs(services: string[], tail: number, listener: (logs: Logs) => void): () => void {
  const stream = newOpId();
  logListeners.set(stream, listener);
  socket?.send({ type: "logs_open", stream, services, tail });
  return () => {
    logListeners.delete(stream);
    socket?.send({ type: "logs_close", stream });
  };
}
