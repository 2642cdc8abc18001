// The Compose text itself: typed here, it shows on the canvas; drawn there, only the lines it touches change here.

import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { editor, select, useEditor, useMay } from "../model/store";
import { edit } from "../sync/session";
import { Marked } from "../ui/Marked";
import classes from "./CodePanel.module.css";
import { codeSetup, markBlock, showProblems } from "./codeSetup";
import { CodeSync } from "./codeSync";
import { useCodeLine } from "./show";

const remoteChange = Annotation.define<boolean>();
const editable = new Compartment();

/** The service or network that a line (from 1) belongs to, as a canvas id; by the lines that the graph names. */
export function nodeAtLine(
  graph: { services: { name: string; line: number }[]; networks: { key: string; line: number }[] },
  text: string,
  line: number,
): string {
  const starts = [
    ...graph.services.map((one) => ({ id: `service:${one.name}`, line: one.line })),
    ...graph.networks.map((one) => ({ id: `network:${one.key}`, line: one.line })),
  ].filter((one) => one.line > 0 && one.line <= line);
  const last = starts.sort((a, b) => b.line - a.line)[0];
  if (!last) return "";
  return line <= blockEnd(text.split("\n"), last.line) ? last.id : "";
}

/** The last line (from 1) of the block that begins at `line`: those that are empty or deeper. */
export function blockEnd(lines: string[], line: number): number {
  const indent = (text: string) => text.length - text.trimStart().length;
  const own = indent(lines[line - 1] ?? "");
  let end = line;
  for (let at = line; at < lines.length; at++) {
    const text = lines[at] ?? "";
    if (!text.trim()) continue;
    if (indent(text) <= own) break;
    end = at + 1;
  }
  return end;
}

function lineOfSelection(): number {
  const { selection, stack } = editor.get();
  const [kind, name] = [selection[0]?.split(":")[0], selection[0]?.split(":")[1]];
  if (!stack || selection.length !== 1) return 0;
  if (kind === "network") return stack.graph.networks.find((one) => one.key === name)?.line ?? 0;
  return stack.graph.services.find((one) => one.name === name)?.line ?? 0;
}

function scrollTo(view: EditorView, line: number, caret: boolean): void {
  if (line < 1 || line > view.state.doc.lines) return;
  const { from } = view.state.doc.line(line);
  view.dispatch({
    ...(caret ? { selection: { anchor: from } } : {}),
    effects: EditorView.scrollIntoView(from, { y: "center" }),
  });
  if (caret) view.focus();
}

function mark(view: EditorView): void {
  const line = lineOfSelection();
  const lines = view.state.doc.toString().split("\n");
  markBlock(view, line > 0 && line <= lines.length ? [line, blockEnd(lines, line)] : null);
}

export default function CodePanel() {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const draws = useMay("draw");
  const valid = useEditor((state) => state.stack?.valid ?? true);
  const first = useEditor((state) => state.stack?.problems.find((one) => one.severity === "error"));

  useEffect(() => {
    const parent = box.current;
    if (!parent) return;
    let fromCode = false;
    const text = editor.get().stack?.text ?? "";
    const sync = new CodeSync(
      text,
      {
        read: () => pane.state.doc.toString(),
        bring: (changes) => {
          const { doc, selection } = pane.state;
          const atLineStart = doc.lineAt(selection.main.head).from === selection.main.head;
          pane.dispatch({
            changes,
            selection: selection.map(changes, atLineStart ? 1 : -1), // stays with its line when lines come in above it
            annotations: remoteChange.of(true),
          });
        },
      },
      (change) => edit(change, { label: "Type in the code" }),
    );
    const pane: EditorView = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          codeSetup(() => sync.flush()),
          editable.of(EditorState.readOnly.of(!draws)),
          EditorView.updateListener.of((update) => {
            const remote = update.transactions.some((one) => one.annotation(remoteChange));
            if (update.docChanged && !remote) sync.typed();
            const moved = update.selectionSet && !update.docChanged && update.view.hasFocus;
            const graph = editor.get().stack?.graph;
            if (moved && graph) {
              const { doc, selection } = update.state;
              const id = nodeAtLine(graph, doc.toString(), doc.lineAt(selection.main.head).number);
              fromCode = true;
              if (id) select([id]);
              fromCode = false;
            }
          }),
        ],
      }),
    });
    view.current = pane;
    const stops = [
      editor.subscribe(
        (state) => state.stack?.text ?? "",
        (now) => sync.received(now),
      ),
      editor.subscribe(
        (state) => state.stack?.problems,
        (problems) => showProblems(pane, problems ?? []),
      ),
      editor.subscribe(
        (state) => state.selection,
        () => {
          mark(pane);
          if (!fromCode) scrollTo(pane, lineOfSelection(), false);
        },
      ),
      editor.subscribe(
        (state) => state.stack?.graph,
        () => mark(pane),
      ),
      useCodeLine.subscribe(({ line }) => scrollTo(pane, line, true)),
    ];
    showProblems(pane, editor.get().stack?.problems ?? []);
    mark(pane);
    const { line, asked } = useCodeLine.getState();
    const start = asked > 0 && line > 0 ? line : lineOfSelection();
    requestAnimationFrame(() => scrollTo(pane, start, asked > 0 && line > 0));
    useCodeLine.setState({ line: 0 });
    return () => {
      for (const stop of stops) stop();
      sync.close();
      pane.destroy();
      view.current = null;
    };
  }, [draws]);

  return (
    <div className={classes.panel}>
      {!valid && (
        <div className={classes.invalid} role="status">
          <IconAlertCircle size={16} aria-hidden />
          <span>
            <Marked
              text={
                first
                  ? `Line ${first.line || "?"}: ${first.message} ${first.fix}`
                  : "This cannot be read yet; the canvas shows the last good design."
              }
            />
          </span>
        </div>
      )}
      <div ref={box} className={classes.editor} />
      <div className={classes.foot}>{draws ? "Saved as you type. Ctrl F searches." : "Read-only"}</div>
    </div>
  );
}
