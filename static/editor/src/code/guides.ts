// Thin lines that show how deep a line stands, drawn for what is in view only.
import { type Range, RangeSetBuilder, type Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

const DEEPEST = 40;
const guide = Array.from({ length: DEEPEST + 1 }, (_, depth) =>
  Decoration.line({ attributes: { class: "cm-guides", style: `--cm-depth: ${depth}ch` } }),
);

const indentOf = (text: string) => Math.min(DEEPEST, /^ */.exec(text)?.[0].length ?? 0);

/** An empty line is as deep as the shallower of its neighbours with text. */
function depthOf(doc: Text, line: number): number {
  const text = doc.line(line).text;
  if (text.trim()) return indentOf(text);
  const look = (by: number) => {
    for (let at = line + by, left = 50; at > 0 && at <= doc.lines && left > 0; at += by, left--) {
      const near = doc.line(at).text;
      if (near.trim()) return indentOf(near);
    }
    return 0;
  };
  return Math.min(look(-1), look(1));
}

function drawn(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const seen: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    const last = view.state.doc.lineAt(to).number;
    for (let line = view.state.doc.lineAt(from).number; line <= last; line++) {
      const depth = depthOf(view.state.doc, line);
      if (depth > 1) seen.push((guide[depth] as Decoration).range(view.state.doc.line(line).from));
    }
  }
  for (const one of seen.sort((a, b) => a.from - b.from)) builder.add(one.from, one.from, one.value);
  return builder.finish();
}

export const guides = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = drawn(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.decorations = drawn(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
