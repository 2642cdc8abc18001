// The stack's files as the code pane sees them: which is shown, which wait to be saved, and their texts.
import { create } from "zustand";
import type { EditorState } from "../model/state";
import { editor } from "../model/store";
import { get } from "../sync/api";
import { edit } from "../sync/session";
import type { ProblemView, StackFile } from "../wire.gen";

/** The main Compose text among the files. */
export const MAIN = "";
const LONGEST_PATH = 255;

interface CodeFiles {
  /** The stack that all of this is about. */
  of: string;
  /** The file that is shown: MAIN or a companion's path. */
  active: string;
  /** Files with typing that is not with the server yet. */
  waiting: Record<string, boolean>;
  /** Texts that do not come with the stack since all together are large, by path. */
  fetched: Record<string, { version: number; text: string }>;
}

export const useCodeFiles = create<CodeFiles>()(() => ({
  of: "",
  active: MAIN,
  waiting: {},
  fetched: {},
}));

// Another stack has other files.
editor.subscribe(
  (state) => state.stackId,
  (of) =>
    of !== useCodeFiles.getState().of &&
    useCodeFiles.setState({ of, active: MAIN, waiting: {}, fetched: {} }),
);

export const showFile = (active: string) => useCodeFiles.setState({ active });

export function markWaiting(file: string, waiting: boolean): void {
  if ((useCodeFiles.getState().waiting[file] ?? false) === waiting) return;
  useCodeFiles.setState((state) => ({ waiting: { ...state.waiting, [file]: waiting } }));
}

export const companion = (state: EditorState, path: string): StackFile | undefined =>
  state.stack?.files.find((one) => one.path === path);

/** A file's text as last known; null where it is hidden, gone or still on its way. */
export function textIn(state: EditorState, file: string): string | null {
  if (file === MAIN) return state.stack?.text ?? null;
  const found = companion(state, file);
  if (!found || found.hidden) return null;
  return found.text ?? useCodeFiles.getState().fetched[file]?.text ?? null;
}

/** Get a text that does not come with the stack, when there is a newer one. */
export async function fetchText(file: string): Promise<void> {
  const found = companion(editor.get(), file);
  const had = useCodeFiles.getState().fetched[file];
  if (!found || found.hidden || found.text !== null || had?.version === found.version) return;
  const answer = await get<StackFile>(
    `stacks/${editor.get().stackId}/files?path=${encodeURIComponent(file)}`,
  );
  const text = answer.text ?? "";
  useCodeFiles.setState((state) => ({
    fetched: { ...state.fetched, [file]: { version: answer.version, text } },
  }));
}

/** Hear of a file's text, now and whenever it is another; gives what ends it. */
export function followText(file: string, heard: (text: string) => void): () => void {
  let last: string | null = null;
  const look = () => {
    const text = textIn(editor.get(), file);
    if (text !== null && text !== last) {
      last = text;
      heard(text);
    }
  };
  const ask = () => {
    look();
    if (file !== MAIN) fetchText(file).catch(() => undefined); // asked again with the next change
  };
  const stops = [editor.subscribe((state) => state.stack, ask), useCodeFiles.subscribe(look)];
  ask();
  return () => {
    for (const stop of stops) stop();
  };
}

/** Why a path cannot be a companion's; "" where it can. The server has the last word. */
export function pathProblem(path: string, taken: string[]): string {
  if (!path) return "Give it a name, such as .env or config/app.yaml.";
  if (path.length > LONGEST_PATH) return `A path has at most ${LONGEST_PATH} characters.`;
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path))
    return "A path begins at the stack's own folder: leave out the /.";
  if (path.split("/").some((part) => part === ".." || part === "." || part === ""))
    return "A path has no . or .. or empty parts.";
  if (path.includes("\\")) return "Folders are separated by /.";
  return taken.includes(path) ? "There is a file of this name." : "";
}

export const addFile = (path: string) =>
  edit({ kind: "replace_text", text: "", file: path }, { label: `Add the file ${path}` });

export const renameFile = (path: string, to: string) =>
  edit({ kind: "rename_file", file: path, to }, { label: `Rename the file ${path}` });

export const removeFile = (path: string) =>
  edit({ kind: "remove_file", file: path }, { label: `Remove the file ${path}` });

/** Errors and warnings by file. */
export function countsByFile(problems: ProblemView[]): Record<string, { errors: number; warnings: number }> {
  const counts: Record<string, { errors: number; warnings: number }> = {};
  for (const one of problems) {
    const file = one.file || MAIN;
    counts[file] ??= { errors: 0, warnings: 0 };
    counts[file][one.severity === "error" ? "errors" : "warnings"]++;
  }
  return counts;
}
