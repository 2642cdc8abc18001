// Log lines on their way to the screen: kept to a number, joined by time, searched. Pure but for the buffer's own growth.
import type { LogLineView } from "../wire.gen";

export const LINES_KEPT = 10_000;

export interface LogLine extends LogLineView {
  id: number;
}

/** The lines with `more` after them, the oldest dropped beyond `kept`; a batch that is older in part is sorted in. */
export function joinLines(lines: LogLine[], more: LogLine[], kept = LINES_KEPT): LogLine[] {
  if (!more.length) return lines;
  const last = lines.at(-1)?.at ?? 0;
  const inOrder = more.every((one, index) => one.at >= (index ? (more[index - 1]?.at ?? 0) : last));
  const all = [...lines, ...more];
  if (!inOrder) all.sort((a, b) => a.at - b.at || a.id - b.id);
  return all.length > kept ? all.slice(all.length - kept) : all;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const ESCAPES = /\u001b\[[0-9;?]*[a-zA-Z]|\u001b\][^\u0007]*\u0007|\r/g;

/** A line without a terminal's colours and cursor moves. */
export const plainText = (text: string) => text.replace(ESCAPES, "");

/** Indexes of the lines that hold `query`, case left aside. */
export function findLines(lines: Pick<LogLine, "text">[], query: string): number[] {
  if (!query) return [];
  const wanted = query.toLowerCase();
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []));
}

/** A text cut at each place of `query`: [text, hit?] pairs. */
export function cutAt(text: string, query: string): [string, boolean][] {
  if (!query) return [[text, false]];
  const parts: [string, boolean][] = [];
  const [low, wanted] = [text.toLowerCase(), query.toLowerCase()];
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    if (at > from) parts.push([text.slice(from, at), false]);
    parts.push([text.slice(at, at + wanted.length), true]);
    from = at + wanted.length;
  }
  if (from < text.length) parts.push([text.slice(from), false]);
  return parts;
}
