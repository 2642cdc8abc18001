// Two texts line by line beside each other: lines that differ at most in their indent in one row, changed ones opposite each other.
import { changedSpans, splitLines } from "../../model/hunks";

export interface SideRow {
  key: number;
  old: string | null;
  new: string | null;
  same: boolean;
}

const bare = (line: string | undefined) => line?.replace(/\r?\n$/, "") ?? null;

export function sideBySide(before: string, after: string): SideRow[] {
  const a = splitLines(before);
  const b = splitLines(after);
  const rows: SideRow[] = [];
  const add = (old: string | null, now: string | null, same: boolean) =>
    rows.push({ key: rows.length, old, new: now, same });
  let at = 0;
  let shift = 0; // how much further down the same line stands in the new text
  const trimmed = (lines: string[]) => lines.map((line) => line.trim());
  for (const span of [...changedSpans(trimmed(a), trimmed(b)), null]) {
    const stop = span?.oldFrom ?? a.length;
    for (; at < stop; at++) add(bare(a[at]), bare(b[at + shift]), true);
    if (!span) break;
    const length = Math.max(span.oldTo - span.oldFrom, span.newTo - span.newFrom);
    for (let step = 0; step < length; step++) {
      const old = span.oldFrom + step < span.oldTo ? bare(a[span.oldFrom + step]) : null;
      const now = span.newFrom + step < span.newTo ? bare(b[span.newFrom + step]) : null;
      add(old, now, false);
    }
    at = span.oldTo;
    shift = span.newTo - span.oldTo;
  }
  return rows;
}
