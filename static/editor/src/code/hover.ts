// What one points at, explained: a key by the schema and our words, a name by where it is made.
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { targetIn } from "./definition";
import { known, linesOf } from "./known";
import { explain } from "./offers";
import { commentAt, entriesOf, ITEM, placeAt } from "./place";
import { wordsNode } from "./wordsView";

const tooltip = (from: number, to: number, node: HTMLElement): Tooltip => ({
  pos: from,
  end: to,
  above: true,
  create: () => ({ dom: node }),
});

async function keyTooltip(view: EditorView, pos: number): Promise<Tooltip | null> {
  const line = view.state.doc.lineAt(pos);
  const column = pos - line.from;
  const { entries } = entriesOf(line.text);
  const key = entries.at(-1);
  if (!key || key.step === ITEM || column < key.column || column >= commentAt(line.text)) return null;
  const end = key.column + line.text.slice(key.column).indexOf(":");
  if (column > end) return null;
  const place = placeAt(linesOf(view.state.doc), line.number, key.column + 1);
  const knows = place.kind === "none" ? null : await known({ withImages: false });
  const path = [...place.path, key.step];
  const told = knows && explain(path, knows);
  if (!told || (!told.text && !told.types)) return null;
  const title = told.deprecated ? `${key.step} (no longer used)` : key.step;
  return tooltip(line.from + key.column, line.from + end, wordsNode({ title, ...told }));
}

function nameTooltip(view: EditorView, pos: number): Tooltip | null {
  const line = view.state.doc.lineAt(pos);
  const target = targetIn(view, pos);
  if (!target) return null;
  const where = target.file ? `line ${target.line} of ${target.file}` : `line ${target.line}`;
  const text = `The ${target.kind} \`${target.name}\` is made in ${where}. Ctrl-click goes there.`;
  return tooltip(line.from + target.from, line.from + target.to, wordsNode({ text }));
}

export const explainHover = hoverTooltip((view, pos) => nameTooltip(view, pos) ?? keyTooltip(view, pos), {
  hoverTime: 350,
});
