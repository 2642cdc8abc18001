// Bringing things into view: on the canvas, in the inspector, at a line of the code.
import { create } from "zustand";
import { centerOn } from "../canvas/camera";
import { showFile } from "../code/files";
import { parseId } from "../model/ids";
import { nodeOfProblem } from "../model/problems";
import { editor, select } from "../model/store";
import type { ProblemView } from "../wire.gen";

/** The line (from 1) of a file ("" the main text) that the code panel is asked to show; `asked` grows with each asking. */
export const useCodeLine = create<{ line: number; file: string; asked: number }>()(() => ({
  line: 0,
  file: "",
  asked: 0,
}));

export function showLine(line: number, file = ""): void {
  if (editor.get().guest) return; // guests are given no text
  editor.set({ side: "code" });
  showFile(file);
  useCodeLine.setState((state) => ({ line, file, asked: state.asked + 1 }));
}

/** Whether panels lie over the canvas as sheets, so that one must go for the other to be seen. */
export const isNarrow = (): boolean => window.matchMedia?.("(max-width: 860px)").matches ?? false;

/** Select a node or edge and bring its node to the middle; the side panel stays beside it unless `inspect`. */
export function showOnCanvas(id: string, { inspect = false } = {}): void {
  if (!id) return;
  select([id]);
  const parsed = parseId(id);
  if (parsed?.kind === "member" || parsed?.kind === "link" || parsed?.kind === "depends")
    centerOn(`service:${parsed.service}`);
  else centerOn(id);
  if (inspect) editor.set({ side: "inspector" });
  else if (isNarrow()) editor.set({ side: null, bottom: null });
}

/** Where a problem is mended: at its node in the inspector, else at its line, else nowhere. */
export function showProblem(problem: ProblemView): void {
  const node = nodeOfProblem(problem);
  const known =
    node.startsWith("service:") || node.startsWith("network:")
      ? editor
          .get()
          .stack?.graph[node.startsWith("service:") ? "services" : "networks"].some(
            (one) => ("key" in one ? one.key : one.name) === node.slice(node.indexOf(":") + 1),
          )
      : false;
  if (editor.get().side === "code" && problem.line > 0) {
    if (known) showOnCanvas(node);
    showLine(problem.line, problem.file);
  } else if (known) showOnCanvas(node, { inspect: true });
  else if (problem.line > 0) showLine(problem.line, problem.file);
}
