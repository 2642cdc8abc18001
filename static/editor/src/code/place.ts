// Where a caret stands in a Compose text: under which keys, and whether a key or a value is being typed there. Pure.
// It reads lines by their indent and never needs the whole text to be valid: what is half typed is where help is wanted.

/** One step down: a key, or an item of a list ("-"). */
export type Step = string;
export const ITEM = "-";

export interface Place {
  /** Keys and items above what is typed: ["services", "web", "ports", "-"]. */
  path: Step[];
  /** A new key or item is typed ("key"), a key's value ("value"), or neither ("none": comments, block texts). */
  kind: "key" | "value" | "none";
  /** Characters of the line, from 0: the word at the caret and the whole token it belongs to. */
  from: number;
  to: number;
  word: string;
  /** Inside `[…]` or `{…}`. */
  flow: boolean;
  /** The column where the key of this line begins. */
  column: number;
}

export interface Lines {
  count: number;
  /** The text of a line, from 1, without its end. */
  at(line: number): string;
}

interface Entry {
  column: number;
  step: Step;
  /** Nothing stands behind the key: its value is on the lines below. */
  open: boolean;
}

const KEY =
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"[\]{},&*!|>-][^:#]*?|[^\s#'"[\]{},&*!|>]\S[^:#]*?)\s*:(?=\s|$)/;
const KEY_TEXT = /^("[^"]*"|'[^']*'|[^:]*)/;
const BLOCK_TEXT = /(?:^|[:-]\s+|\s)[|>][+-]?\d?[+-]?\s*(?:#.*)?$/;
const PROPERTIES = /^(?:[&!][^\s]*\s+)+/;

const unquote = (text: string) =>
  /^".*"$/.test(text)
    ? text.slice(1, -1)
    : /^'.*'$/.test(text)
      ? text.slice(1, -1).replaceAll("''", "'")
      : text;

/** Where a comment begins in a line, or its length. */
export function commentAt(text: string): number {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote) {
      if (quote === '"' && char === "\\") at++;
      else if (char === quote) quote = "";
    } else if ((char === '"' || char === "'") && /^$|[\s[{,:-]/.test(text[at - 1] ?? "")) quote = char;
    else if (char === "#" && (at === 0 || /\s/.test(text[at - 1] as string))) return at;
  }
  return text.length;
}

/** The items and the key that a line opens, outermost first, and where its value begins. */
export function entriesOf(text: string): { entries: Entry[]; value: number } {
  const end = commentAt(text);
  const entries: Entry[] = [];
  let at = text.length - text.trimStart().length;
  while (text[at] === "-" && (at + 1 >= end || /\s/.test(text[at + 1] as string))) {
    entries.push({ column: at, step: ITEM, open: true });
    at++;
    while (at < end && text[at] === " ") at++;
  }
  const properties = PROPERTIES.exec(text.slice(at, end));
  const found = KEY.exec(text.slice(at, end));
  if (!found || (properties && !found)) return { entries, value: Math.min(at, text.length) };
  let value = at + found[0].length;
  while (value < end && text[value] === " ") value++;
  const rest = text
    .slice(value, end)
    .trim()
    .replace(/^[&!]\S*\s*/, "");
  entries.push({ column: at, step: unquote(found[1] as string), open: rest === "" });
  return { entries, value };
}

const isBlank = (text: string) => !text.trim() || text.trimStart().startsWith("#");
const indentOf = (text: string) => text.length - text.trimStart().length;

/** The steps above a line whose first thing stands at `column`; `item` when that thing is an item of a list. */
export function stepsAbove(lines: Lines, line: number, column: number, item: boolean): Step[] {
  const steps: Step[] = [];
  let limit = column;
  let same = item; // a list may stand at the column of the key that it belongs to
  for (let at = line - 1; at > 0 && (limit > 0 || same); at--) {
    const text = lines.at(at);
    if (isBlank(text) || indentOf(text) > limit) continue;
    if (/^(---|\.\.\.)(\s|$)/.test(text)) break;
    for (const entry of entriesOf(text).entries.toReversed()) {
      const above = entry.column < limit || (same && entry.column === limit && entry.step !== ITEM);
      if (!above) continue;
      steps.push(entry.step);
      limit = entry.column;
      same = entry.step === ITEM;
    }
  }
  return steps.reverse();
}

/** Whether a line is part of a block text (`|` or `>`), where nothing is a key. */
function inBlockText(lines: Lines, line: number, column: number): boolean {
  let limit = isBlank(lines.at(line)) ? column : indentOf(lines.at(line));
  for (let at = line - 1; at > 0 && limit > 0; at--) {
    const text = lines.at(at);
    if (!text.trim() || indentOf(text) >= limit) continue;
    if (BLOCK_TEXT.test(text) && commentAt(text) === text.length) return true;
    limit = indentOf(text);
  }
  return false;
}

const WORD = /[^\s,[\]{}"']/;

function wordAt(text: string, at: number, { first, last }: { first: number; last: number }) {
  let from = at;
  let to = at;
  while (from > first && WORD.test(text[from - 1] as string)) from--;
  while (to < last && WORD.test(text[to] as string)) to++;
  return { from, to };
}

/** What stands open in `[…]` or `{…}` before the caret: the steps into it, and what is typed there. */
function flowPlace(value: string): { steps: Step[]; kind: "key" | "value"; from: number } | null {
  const open: { bracket: string; key: string }[] = [];
  let from = 0;
  let quote = "";
  let kind: "key" | "value" = "value";
  for (let at = 0; at < value.length; at++) {
    const char = value[at] as string;
    const top = open.at(-1);
    if (quote) {
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "[" || char === "{") {
      open.push({ bracket: char, key: "" });
      [from, kind] = [at + 1, "key"];
    } else if (char === "]" || char === "}") {
      open.pop();
      [from, kind] = [at + 1, "value"];
    } else if (char === "," && top) {
      top.key = "";
      [from, kind] = [at + 1, "key"];
    } else if (char === ":" && top?.bracket === "{" && /\s|^$/.test(value[at + 1] ?? "")) {
      top.key = unquote(value.slice(from, at).trim());
      [from, kind] = [at + 1, "value"];
    }
  }
  if (!open.length) return null;
  const steps = open.map((one, index) =>
    one.bracket === "[" ? ITEM : index < open.length - 1 || kind === "value" ? one.key : "",
  );
  if (steps.at(-1) === "") steps.pop();
  return { steps, kind: open.at(-1)?.bracket === "[" ? "value" : kind, from };
}

/** What a caret at `column` (from 0) of a line (from 1) is about. */
export function placeAt(lines: Lines, line: number, column: number): Place {
  const text = lines.at(line);
  const none: Place = { path: [], kind: "none", from: column, to: column, word: "", flow: false, column };
  if (column > commentAt(text) || inBlockText(lines, line, column)) return none;
  const { entries, value } = entriesOf(text);
  const key = entries.at(-1)?.step === ITEM ? undefined : entries.at(-1);
  const first = entries[0];
  const start = first?.column ?? (text.trim() ? indentOf(text) : column);
  const above = stepsAbove(lines, line, start, first?.step === ITEM);
  const items = entries.filter((one) => one.step === ITEM && one.column < column).map((one) => one.step);
  const last = commentAt(text);

  const colon = key ? key.column + (KEY_TEXT.exec(text.slice(key.column))?.[0].length ?? 0) : 0;
  if (key && column > colon) {
    const path = [...above, ...items, key.step];
    const start = Math.min(value, column); // more spaces may follow the caret
    const flow = flowPlace(text.slice(start, column));
    const span = wordAt(text, column, { first: start, last });
    const word = text.slice(span.from, column);
    if (flow)
      return {
        ...span,
        word,
        path: [...path, ...flow.steps],
        kind: flow.kind,
        flow: true,
        column: key.column,
      };
    return { ...span, word, path, kind: "value", flow: false, column: key.column };
  }
  if (!key) {
    const flow = flowPlace(text.slice(value, column));
    if (flow) {
      const span = wordAt(text, column, { first: value, last });
      const word = text.slice(span.from, column);
      return {
        ...span,
        word,
        path: [...above, ...items, ...flow.steps],
        kind: flow.kind,
        flow: true,
        column: start,
      };
    }
  }
  const from = Math.min(column, key ? key.column : Math.max(value, start));
  const to = key ? key.column + (text.slice(key.column).indexOf(":") + 1 || 1) - 1 : last;
  const own = key?.column ?? (items.length ? Math.max(value, column - (column - value)) : start);
  return {
    path: [...above, ...items],
    kind: "key",
    from,
    to: Math.max(column, to),
    word: text.slice(from, column),
    flow: false,
    column: own,
  };
}

/** Names under a top-level section ("services"), and the line where each stands; read by indent alone. */
export function namesIn(lines: Lines, section: string): Map<string, number> {
  const names = new Map<string, number>();
  let inside = false;
  let depth = 0;
  for (let line = 1; line <= lines.count; line++) {
    const text = lines.at(line);
    if (isBlank(text)) continue;
    const indent = indentOf(text);
    if (indent === 0) {
      const { entries } = entriesOf(text);
      inside = entries[0]?.step === section;
      depth = 0;
      continue;
    }
    if (!inside || (depth && indent > depth)) continue;
    const entry = entriesOf(text).entries[0];
    if (!entry || entry.step === ITEM) continue;
    depth ||= indent;
    if (indent === depth && entry.step !== "<<" && !entry.step.startsWith("x-")) names.set(entry.step, line);
  }
  return names;
}

/** Keys that stand beside a new one: those of the block that the place's path opens. */
export function siblingsAt(lines: Lines, line: number, column: number): Set<string> {
  const keys = new Set<string>();
  const look = (from: number, by: number) => {
    for (let at = from; at > 0 && at <= lines.count; at += by) {
      const text = lines.at(at);
      if (isBlank(text)) continue;
      const { entries } = entriesOf(text);
      const own = entries.find((one) => one.column === column && one.step !== ITEM);
      if (own) keys.add(own.step);
      const opened = entries.some((one) => one.step === ITEM && one.column < column);
      if (indentOf(text) < column && !(own && opened && by < 0)) break;
      if (own && opened) break; // the item's first line, above; another item, below
    }
  };
  look(line - 1, -1);
  look(line + 1, 1);
  return keys;
}
