// Where a name is made: Ctrl-click or F12 on a service, network, volume, config, secret, anchor or variable goes there.
import type { EditorView } from "@codemirror/view";
import { editor } from "../model/store";
import { knownVariables, linesOf } from "./known";
import { anchorsIn, type NameKind, nameKindAt, variablesSet } from "./names";
import { type Lines, namesIn, placeAt } from "./place";

export interface Target {
  /** "" for this text, else a companion's path. */
  file: string;
  line: number;
  kind: string;
  name: string;
  /** Characters of the line on which the name stands. */
  from: number;
  to: number;
}

function around(
  text: string,
  column: number,
  pattern: RegExp,
): { name: string; from: number; to: number } | null {
  for (const match of text.matchAll(pattern)) {
    const [whole, name = ""] = match;
    const from = match.index + whole.lastIndexOf(name);
    if (column >= match.index && column <= from + name.length) return { name, from, to: from + name.length };
  }
  return null;
}

/** A name's place in the line, and the line where it is made; null where nothing is named or nothing makes it. */
export function targetAt(lines: Lines, line: number, column: number): Omit<Target, "file"> | null {
  const text = lines.at(line);
  const alias = around(text, column, /(?:^|[\s[{,:-])\*([^\s,[\]{}]+)/g);
  if (alias) return made(anchorsIn(lines), alias, "anchor", line);
  const mode = around(text, column, /(?:network_mode|ipc|pid):\s*["']?service:([\w.-]+)/g);
  if (mode) return made(namesIn(lines, "services"), mode, "service", line);
  const place = placeAt(lines, line, column);
  if (place.kind === "none") return null;
  const kind = nameKindAt(place.path, place.kind) as NameKind | "";
  if (!kind || kind === "profiles") return null;
  const whole = text.slice(place.from, place.to).trimEnd();
  const name = /^["']?([\w.-]+)/.exec(whole)?.[1] ?? "";
  const from = place.from + whole.indexOf(name);
  if (!name || column > from + name.length) return null;
  return made(namesIn(lines, kind), { name, from, to: from + name.length }, kind.replace(/s$/, ""), line);
}

function made(
  names: Map<string, number>,
  at: { name: string; from: number; to: number },
  kind: string,
  own: number,
) {
  const line = names.get(at.name);
  return line && line !== own ? { ...at, kind, line } : null;
}

/** A variable's line in the env file of the stack that sets it. */
function variableAt(text: string, column: number): Target | null {
  const found = around(text, column, /\$\{?([A-Za-z_]\w*)/g);
  const file = found && knownVariables().get(found.name);
  if (!found || !file) return null;
  const set = editor.get().stack?.files.find((one) => one.path === file)?.text ?? "";
  return { ...found, kind: "variable", file, line: variablesSet(set).get(found.name) ?? 1 };
}

export function targetIn(view: EditorView, pos: number): Target | null {
  const line = view.state.doc.lineAt(pos);
  const variable = variableAt(line.text, pos - line.from);
  if (variable) return variable;
  const target = targetAt(linesOf(view.state.doc), line.number, pos - line.from);
  return target && { ...target, file: "" };
}
