// Arrows from card to card: a curve between the sides that face each other where the way is free, else beneath the cards; several
// between two cards run side by side, and none ends where a port sits.
import { type Box, center, type Point } from "./geometry";
import { roundedPath } from "./taps";

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
const OFF_PORT = 64; // ports sit around the middle of a side
const LABEL_ROOM = 110;
const BELOW = 24;

/** Whether a card lies between two that stand in a row. */
function between(from: Box, to: Box, cards: Iterable<Box>): boolean {
  const [low, high] = [Math.min(from.x + from.w, to.x + to.w), Math.max(from.x, to.x)];
  const y = (center(from).y + center(to).y) / 2;
  for (const card of cards)
    if (card.x < high && card.x + card.w > low && card.y < y && card.y + card.h > y) return true;
  return false;
}

/** Out at the bottom, along beneath the cards, in at the bottom. */
function beneath(from: Box, to: Box, lane: number): Arrow {
  const way = Math.sign(center(to).x - center(from).x) || 1;
  const start: Point = { x: center(from).x + way * OFF_PORT, y: from.y + from.h };
  const tip: Point = { x: center(to).x - way * OFF_PORT, y: to.y + to.h };
  const y = Math.max(start.y, tip.y) + BELOW + Math.abs(lane) * LANE;
  const end = { x: tip.x, y: tip.y + HEAD };
  return {
    path: roundedPath([start, { x: start.x, y }, { x: tip.x, y }, end], 14),
    middle: { x: (start.x + tip.x) / 2, y },
    tip,
    angle: 270,
  };
}

function curve(start: Point, tip: Point, aside: boolean, way: number): Arrow {
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

/** `lane` 0 is the middle; 1, -1, 2, … lie beside it. `cards` are those it should not run through. */
export function arrowBetween(from: Box, to: Box, lane = 0, cards: Iterable<Box> = []): Arrow {
  const [a, b] = [center(from), center(to)];
  const gapX = Math.max(to.x - from.x - from.w, from.x - to.x - to.w);
  const gapY = Math.max(to.y - from.y - from.h, from.y - to.y - to.h);
  const shift = lane * LANE;
  if (gapX >= gapY) {
    const inRow = gapY < 0;
    if (inRow && (gapX < LABEL_ROOM || between(from, to, cards))) return beneath(from, to, lane);
    const way = Math.sign(b.x - a.x) || 1;
    const start = { x: a.x + (way * from.w) / 2, y: a.y + shift };
    return curve(start, { x: b.x - (way * to.w) / 2, y: b.y + shift }, true, way);
  }
  const way = Math.sign(b.y - a.y) || 1;
  const aside = OFF_PORT + shift;
  const start = { x: a.x + aside, y: a.y + (way * from.h) / 2 };
  return curve(start, { x: b.x + aside, y: b.y - (way * to.h) / 2 }, false, way);
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
