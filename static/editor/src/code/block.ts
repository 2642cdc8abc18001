// The lines of what is selected on the canvas, tinted.
import { StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { Graph } from "../wire.gen";

const setBlock = StateEffect.define<[number, number] | null>();
const blockLine = Decoration.line({ class: "cm-block" });

export const block = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setBlock)) continue;
      const ranges = [];
      if (effect.value)
        for (let line = effect.value[0]; line <= effect.value[1]; line++)
          ranges.push(blockLine.range(transaction.state.doc.line(line).from));
      next = Decoration.set(ranges);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Tint lines (from 1, both ends in). */
export const markBlock = (view: EditorView, lines: [number, number] | null) =>
  view.dispatch({ effects: setBlock.of(lines) });

const indentOf = (text: string) => text.length - text.trimStart().length;

/** The last line (from 1) of the block that begins at `line`: those that are empty or deeper. */
export function blockEnd(doc: Text, line: number): number {
  const own = indentOf(doc.line(line).text);
  let end = line;
  for (let at = line + 1; at <= doc.lines; at++) {
    const { text } = doc.line(at);
    if (!text.trim()) continue;
    if (indentOf(text) <= own) break;
    end = at;
  }
  return end;
}

type Placed = { services: { name: string; line: number }[]; networks: { key: string; line: number }[] };

/** The service or network that a line (from 1) belongs to, as a canvas id; by the lines that the graph names. */
export function nodeAtLine(graph: Placed, doc: Text, line: number): string {
  let best = { id: "", line: 0 };
  const consider = (id: string, at: number) => {
    if (at > best.line && at <= line) best = { id, line: at };
  };
  for (const one of graph.services) consider(`service:${one.name}`, one.line);
  for (const one of graph.networks) consider(`network:${one.key}`, one.line);
  return best.line > 0 && best.line <= doc.lines && line <= blockEnd(doc, best.line) ? best.id : "";
}

/** The line of a selected node; of an attachment or link, that of its service. 0 for none, or several. */
export function lineOfNodes(graph: Graph | undefined, selection: string[]): number {
  const [kind, name] = selection[0]?.split(":") ?? [];
  if (!graph || selection.length !== 1) return 0;
  if (kind === "network") return graph.networks.find((one) => one.key === name)?.line ?? 0;
  return graph.services.find((one) => one.name === name)?.line ?? 0;
}
