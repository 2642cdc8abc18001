// The editor's store. Components read slices with `useEditor(selector)`; everything that changes the design goes through
// `session` (sync/session.ts), which sends it and puts the answer here.
import { create } from "zustand";
import { subscribeWithSelector } from "zustand/middleware";
import type { RightName, SampleView } from "./names";
import { type EditorState, emptyState, type Notice } from "./state";

export const useEditor = create<EditorState>()(subscribeWithSelector(() => ({ ...emptyState })));
export const editor = { get: useEditor.getState, set: useEditor.setState, subscribe: useEditor.subscribe };

/** Samples live in a store of their own: they change every second and must re-render single numbers only. */
export const useSamples = create<{ at: number; byContainer: Record<string, SampleView> }>()(() => ({
  at: 0,
  byContainer: {},
}));

export const may = (right: RightName) => editor.get().stack?.rights.includes(right) ?? false;
export const useMay = (right: RightName) =>
  useEditor((state) => state.stack?.rights.includes(right) ?? false);

let noticeCount = 0;

/** Tell the person something; it stays until dismissed where it is an error. */
export function notify(notice: Partial<Notice> & { message: string }): void {
  const said: Notice = { tone: "error", fix: "", problems: [], ...notice, id: `notice-${++noticeCount}` };
  const whole = { ...said, problems: said.problems.filter((one) => !said.message.endsWith(one.message)) };
  editor.set((state) => {
    const others = state.notices.filter((one) => one.message !== whole.message);
    return { notices: [...others.slice(-4), whole] };
  });
}

export function dismiss(id: string): void {
  editor.set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

/** Select what the person pressed on the canvas; the inspector takes the place of a plan that has nothing more to say. */
export function choose(ids: string[]): void {
  const { side, planning, plan, run } = editor.get();
  const runs = run?.state === "queued" || run?.state === "running";
  const planned = planning || (plan !== null && (plan.operations.length > 0 || plan.problems.length > 0));
  select(ids);
  if (ids.length > 0 && side === "plan" && !runs && !planned) editor.set({ side: "inspector" });
}

export function select(ids: string[]): void {
  const before = editor.get().selection;
  if (before.length === ids.length && before.every((id, index) => id === ids[index])) return;
  editor.set({ selection: ids });
}
