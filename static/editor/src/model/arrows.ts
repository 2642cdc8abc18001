// Arrows from card to card: a curve between the sides that face each other; several between two cards run side by side.
import { type Box, center, type Point } from "./geometry";

export interface Arrow {
  path: string;
  /** Where the label sits. */
  middle: Point;
  tip: Point;
  /** Degrees by which the arrow head (pointing right) is turned. */
  angle: number;
}

const LANE = 22;
const HEAD = 9;

/** `lane` 0 is the middle; 1, -1, 2, … lie beside it. */
export function arrowBetween(from: Box, to: Box, lane = 0): Arrow {
  const [a, b] = [center(from), center(to)];
  const gapX = Math.max(to.x - from.x - from.w, from.x - to.x - to.w);
  const gapY = Math.max(to.y - from.y - from.h, from.y - to.y - to.h);
  const aside = gapX >= gapY;
  const way = aside ? Math.sign(b.x - a.x) || 1 : Math.sign(b.y - a.y) || 1;
  const shift = lane * LANE;
  const start: Point = aside
    ? { x: a.x + (way * from.w) / 2, y: a.y + shift }
    : { x: a.x + shift, y: a.y + (way * from.h) / 2 };
  const tip: Point = aside
    ? { x: b.x - (way * to.w) / 2, y: b.y + shift }
    : { x: b.x + shift, y: b.y - (way * to.h) / 2 };
  const end: Point = aside ? { x: tip.x - way * HEAD, y: tip.y } : { x: tip.x, y: tip.y - way * HEAD };
  const reach = Math.max(24, Math.abs(aside ? end.x - start.x : end.y - start.y) / 2);
  const c1: Point = aside
    ? { x: start.x + way * reach, y: start.y }
    : { x: start.x, y: start.y + way * reach };
  const c2: Point = aside ? { x: end.x - way * reach, y: end.y } : { x: end.x, y: end.y - way * reach };
  return {
    path: `M${start.x},${start.y}C${c1.x},${c1.y} ${c2.x},${c2.y} ${end.x},${end.y}`,
    middle: {
      x: (start.x + 3 * c1.x + 3 * c2.x + end.x) / 8,
      y: (start.y + 3 * c1.y + 3 * c2.y + end.y) / 8,
    },
    tip,
    angle: aside ? (way > 0 ? 0 : 180) : way > 0 ? 90 : 270,
  };
}

/** The lane of each wire among those between the same two cards: 0, or spread around it. */
export function lanes(wires: { id: string; from: string; to: string }[]): Map<string, number> {
  const pairs = new Map<string, string[]>();
  for (const { id, from, to } of wires) {
    const pair = from < to ? `${from}|${to}` : `${to}|${from}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), id]);
  }
  const found = new Map<string, number>();
  for (const ids of pairs.values())
    ids.forEach((id, index) => {
      found.set(id, index - (ids.length - 1) / 2);
    });
  return found;
}
