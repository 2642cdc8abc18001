// Typing in a code pane as steps of the one history: a burst of typing is one step, which the pane itself takes back while it is
// open (finer, and at once); what the pane takes back by its own keys leaves the history too. Pure, but for the list of panes.
import type { Edit } from "./edit";
import type { HistoryStep } from "./state";

const BURST_MS = 3000;

/** Which part of a pane's own history a step covers: `from` and `to` are depths of it. */
export interface Typed {
  pane: string;
  from: number;
  to: number;
  /** Milliseconds, when it was last added to. */
  at: number;
}

export interface Typing {
  pane: string;
  /** The pane's depth of history when it last sent, and now. */
  from: number;
  to: number;
  at: number;
  /** Only the pane's own undo and redo were used since it last sent. */
  stepped: boolean;
}

export interface History {
  undo: HistoryStep[];
  redo: HistoryStep[];
}

const editsOf = (edit: Edit | undefined): Edit[] =>
  edit ? (edit.kind === "several" ? edit.edits : [edit]) : [];

const joined = (edits: Edit[]): Edit =>
  edits.length === 1 ? (edits[0] as Edit) : { kind: "several", edits };

/** The history after a pane has sent what was typed: `step` undoes that alone. */
export function withTyping({ undo, redo }: History, step: HistoryStep, typing: Typing): History {
  const mine = (one: HistoryStep | undefined) => one?.typed?.pane === typing.pane;
  const back = [...undo];
  let on = typing.stepped ? [...redo] : [];
  const left: HistoryStep[] = [];
  for (let top = back.at(-1); typing.stepped && top?.typed && mine(top); top = back.at(-1)) {
    if (typing.to > top.typed.from) break;
    back.pop();
    on.push(top); // the pane took all of it back
    left.push(top);
  }
  const top = back.at(-1);
  const again = on.at(-1);
  if (!left.length && typing.stepped && again?.typed && mine(again) && typing.to >= again.typed.to) {
    on = on.slice(0, -1);
    return { undo: [...back, { ...again, edit: step.edit }], redo: on };
  }
  if (left.length && !(top?.typed && mine(top) && typing.to < top.typed.to)) return { undo: back, redo: on };
  if (
    top?.typed &&
    mine(top) &&
    (typing.stepped || typing.at - top.typed.at < BURST_MS || typing.from === typing.to)
  ) {
    const typed = { ...top.typed, to: typing.to, at: typing.at };
    const edit = joined([step, ...left, top].flatMap((one) => editsOf(one.edit)));
    return { undo: [...back.slice(0, -1), { ...top, edit, typed }], redo: on };
  }
  const typed = { pane: typing.pane, from: Math.min(typing.from, typing.to), to: typing.to, at: typing.at };
  return { undo: [...back, { ...step, typed }], redo: on };
}

type Go = (depth: number) => boolean;
const panes = new Map<string, Go>();

/** An open pane says how to bring its own history to a depth; gives what closes it. */
export function openTyping(pane: string, go: Go): () => void {
  panes.set(pane, go);
  return () => void panes.delete(pane);
}

/** Let the pane take a step back or on itself; false where it is closed or cannot. */
export function stepInPane(step: HistoryStep, direction: "undo" | "redo"): boolean {
  if (!step.typed) return false;
  return panes.get(step.typed.pane)?.(direction === "undo" ? step.typed.from : step.typed.to) ?? false;
}
