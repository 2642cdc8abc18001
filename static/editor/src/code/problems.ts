// Problems at their place: underlined, in the gutter, and in full when one points at them.
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { ProblemView } from "../wire.gen";
import { commentAt } from "./place";
import { marked } from "./wordsView";

function messageOf(problem: ProblemView): HTMLElement {
  const node = document.createElement("div");
  node.className = "cm-problem";
  node.append(marked(problem.message));
  if (problem.fix) node.append(marked(problem.fix, "cm-problem-fix"));
  const code = document.createElement("code");
  code.className = "cm-problem-code";
  code.textContent = problem.code;
  node.append(code);
  return node;
}

/** From the problem's column to the end of what stands in its line; a problem of a line that is gone stands in the last. */
export function diagnosticOf(doc: Text, problem: ProblemView): Diagnostic {
  const line = doc.line(Math.min(Math.max(1, problem.line), doc.lines));
  const indent = line.text.length - line.text.trimStart().length;
  const end = line.from + line.text.slice(0, commentAt(line.text)).trimEnd().length;
  const column = problem.column > 0 ? Math.min(problem.column - 1, line.length) : indent;
  const from = Math.min(line.from + Math.max(column, 0), Math.max(end - 1, line.from));
  return {
    from,
    to: Math.max(end, from),
    severity: problem.severity,
    message: `${problem.message} ${problem.fix}`.trim(),
    renderMessage: () => messageOf(problem),
    source: problem.code,
  };
}

/** Show the problems of one file ("" for the main text). */
export function showProblems(view: EditorView, problems: ProblemView[], file = ""): void {
  const { doc } = view.state;
  const diagnostics = problems
    .filter((one) => one.line > 0 && (one.file ?? "") === file)
    .map((one) => diagnosticOf(doc, one))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
