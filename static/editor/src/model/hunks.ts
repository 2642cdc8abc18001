// The lines that differ between two texts, as hunks of a `patch_text` edit, and as character changes for the editor. Pure.
// Lines keep their ends. Myers' greedy difference over lines; far apart texts fall back to one hunk.
import type { Hunk } from "./edit";

const MOST_STEPS = 1500;

/** A text's lines with their ends; the last may have none. "" has no lines. */
export const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

interface Span {
  oldFrom: number;
  oldTo: number;
  newFrom: number;
  newTo: number;
}

/** The path of the shortest edit as rows of furthest reach, or null when it is longer than MOST_STEPS. */
function trace(a: string[], b: string[]): Map<number, number>[] | null {
  const rows: Map<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  for (let steps = 0; steps <= Math.min(MOST_STEPS, a.length + b.length); steps++) {
    rows.push(new Map(reach));
    for (let k = -steps; k <= steps; k += 2) {
      const down = k === -steps || (k !== steps && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      reach.set(k, x);
      if (x >= a.length && y >= b.length) return rows;
    }
  }
  return null;
}

function join(spans: Span[], next: Span): void {
  const last = spans.at(-1);
  if (last && last.oldTo === next.oldFrom && last.newTo === next.newFrom) {
    last.oldTo = next.oldTo;
    last.newTo = next.newTo;
  } else spans.push(next);
}

/** Spans of lines that differ, in order. */
export function changedSpans(a: string[], b: string[]): Span[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const oldMiddle = a.slice(head, a.length - tail);
  const newMiddle = b.slice(head, b.length - tail);
  if (oldMiddle.length === 0 && newMiddle.length === 0) return [];
  const rows = trace(oldMiddle, newMiddle);
  if (!rows) return [{ oldFrom: head, oldTo: a.length - tail, newFrom: head, newTo: b.length - tail }];
  const single: Span[] = [];
  let x = oldMiddle.length;
  let y = newMiddle.length;
  for (let steps = rows.length - 1; steps > 0; steps--) {
    const reach = rows[steps] as Map<number, number>;
    const k = x - y;
    const down = k === -steps || (k !== steps && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const beforeX = reach.get(down ? k + 1 : k - 1) ?? 0;
    const beforeY = beforeX - (down ? k + 1 : k - 1);
    single.push(
      down
        ? { oldFrom: beforeX, oldTo: beforeX, newFrom: beforeY, newTo: beforeY + 1 }
        : { oldFrom: beforeX, oldTo: beforeX + 1, newFrom: beforeY, newTo: beforeY },
    );
    x = beforeX;
    y = beforeY;
  }
  const spans: Span[] = [];
  for (const one of single.reverse())
    join(spans, {
      oldFrom: one.oldFrom + head,
      oldTo: one.oldTo + head,
      newFrom: one.newFrom + head,
      newTo: one.newTo + head,
    });
  return spans;
}

/** The hunks that turn `before` into `after`; line numbers are those of `before`, from 0. */
export function hunksBetween(before: string, after: string): Hunk[] {
  const a = splitLines(before);
  const b = splitLines(after);
  return changedSpans(a, b).map((span) => ({
    line: span.oldFrom,
    old: a.slice(span.oldFrom, span.oldTo),
    new: b.slice(span.newFrom, span.newTo),
    before: a[span.oldFrom - 1] ?? "",
    after: a[span.oldTo] ?? "",
  }));
}

/** A text as the code pane shows it: its lines end with a bare line feed. */
export const plainEnds = (text: string): string => text.replaceAll("\r\n", "\n");

/**
 * The hunks that bring `before`, byte for byte, to what the code pane shows: a line that is the same but for its end stays as it
 * is, and a new one ends as most of `before` do.
 */
export function hunksToShown(before: string, shown: string): Hunk[] {
  if (!before.includes("\r\n")) return hunksBetween(before, shown);
  const a = splitLines(before);
  const b = splitLines(shown);
  const returns = a.filter((line) => line.endsWith("\r\n")).length * 2 > a.length;
  const after: string[] = [];
  let at = 0;
  for (const span of changedSpans(a.map(plainEnds), b)) {
    after.push(...a.slice(at, span.oldFrom));
    for (const line of b.slice(span.newFrom, span.newTo))
      after.push(returns ? line.replace(/\n$/, "\r\n") : line);
    at = span.oldTo;
  }
  return hunksBetween(before, [...after, ...a.slice(at)].join(""));
}

export interface TextChange {
  from: number;
  to: number;
  insert: string;
}

/** The same difference as character changes of `before`, each trimmed to what differs, so that a caret nearby stays. */
export function changesBetween(before: string, after: string): TextChange[] {
  const a = splitLines(before);
  const b = splitLines(after);
  const starts = [0];
  for (const line of a) starts.push((starts.at(-1) ?? 0) + line.length);
  return changedSpans(a, b).map((span) => {
    const from = starts[span.oldFrom] ?? before.length;
    const old = a.slice(span.oldFrom, span.oldTo).join("");
    const insert = b.slice(span.newFrom, span.newTo).join("");
    let head = 0;
    while (head < old.length && head < insert.length && old[head] === insert[head]) head++;
    let tail = 0;
    while (
      tail < old.length - head &&
      tail < insert.length - head &&
      old[old.length - 1 - tail] === insert[insert.length - 1 - tail]
    )
      tail++;
    return {
      from: from + head,
      to: from + old.length - tail,
      insert: insert.slice(head, insert.length - tail),
    };
  });
}
