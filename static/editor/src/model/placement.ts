// Places for nodes: kept where there is one, the nearest free spot where there is none; guides and snapping while dragging.
import type { NodeLayout } from "../wire.gen";
import { barBox, cardBox, lengthOf, tapsOf, volumeBox } from "./boxes";
import {
  BAR_H,
  BELOW_BAR,
  type Box,
  CARD_H,
  CARD_W,
  GRID,
  GROUP_GAP,
  type Point,
  STEP_X,
  STEP_Y,
  snap,
  touches,
  VOLUME_H,
  VOLUME_W,
} from "./geometry";
import { barsOf, type Drawing, hostOf, type Store } from "./graph";
import { networkId, serviceId } from "./ids";
import { tidyBoxes } from "./layout";
import type { Places } from "./state";

/** A whole place from a part: what is known of the node stays. */
export function placed(before: NodeLayout | undefined, change: Partial<NodeLayout> & Point): NodeLayout {
  return { collapsed: null, color: null, h: null, orientation: null, w: null, ...before, ...change };
}

const CARD_STEP: Point = { x: STEP_X, y: STEP_Y };
const VOLUME_STEP: Point = { x: VOLUME_W + GRID, y: VOLUME_H + GRID };

const CELL = 400;

/** Rectangles by the cells that they lie in, so that a spot asks only those near it. */
export class Room {
  private cells = new Map<string, Box[]>();
  count = 0;

  constructor(boxes: Iterable<Box> = []) {
    for (const box of boxes) this.add(box);
  }

  add(box: Box): void {
    this.count++;
    for (const cell of cellsOf(box)) {
      const found = this.cells.get(cell);
      if (found) found.push(box);
      else this.cells.set(cell, [box]);
    }
  }

  isFree(spot: Box): boolean {
    for (const cell of cellsOf(spot))
      if (this.cells.get(cell)?.some((box) => touches(spot, box))) return false;
    return true;
  }
}

/** The cells of a rectangle with the margin that it keeps. */
function* cellsOf({ x, y, w, h }: Box): Generator<string> {
  const cell = (value: number) => Math.floor(value / CELL);
  for (let column = cell(x - GRID); column <= cell(x + w + GRID); column++)
    for (let row = cell(y - GRID); row <= cell(y + h + GRID); row++) yield `${column},${row}`;
}

/** The free spot nearest to `wanted`, on the grid, going outward in rings of steps (a card's, unless said otherwise). */
export function freeSpot(taken: Iterable<Box> | Room, wanted: Box, step = CARD_STEP): Point {
  const room = taken instanceof Room ? taken : new Room(taken);
  const [x0, y0] = [snap(wanted.x), snap(wanted.y)];
  for (let ring = 0; ring <= room.count + 1; ring++) {
    const spots = ringOf(ring).map(([column, row]) => ({ x: x0 + column * step.x, y: y0 + row * step.y }));
    // below and to the right first: that is where people look for what is new
    spots.sort((a, b) => cost(a, x0, y0) - cost(b, x0, y0));
    const free = spots.find((spot) => room.isFree({ ...spot, w: wanted.w, h: wanted.h }));
    if (free) return free;
  }
  return { x: x0, y: y0 };
}

/** Columns and rows at a distance of `ring` steps. */
function ringOf(ring: number): [number, number][] {
  if (ring === 0) return [[0, 0]];
  const found: [number, number][] = [];
  for (let at = -ring; at <= ring; at++) found.push([at, -ring], [at, ring]);
  for (let at = 1 - ring; at < ring; at++) found.push([-ring, at], [ring, at]);
  return found;
}

function cost(spot: Point, x: number, y: number): number {
  const [dx, dy] = [spot.x - x, spot.y - y];
  return Math.abs(dx) * (dx < 0 ? 1.2 : 1) + Math.abs(dy) * (dy < 0 ? 1.6 : 1);
}

function wantedSpot(name: string, drawing: Drawing, boxes: Record<string, Box>): Point {
  const service = drawing.services.get(name);
  if (!service) return { x: 0, y: 0 };
  const near = [hostOf(service), ...service.depends_on.map((one) => one.service)];
  const bar = barsOf(service)
    .map((key) => boxes[networkId(key)])
    .find((box) => box);
  if (bar) return { x: bar.x, y: bar.y + BELOW_BAR };
  const beside = near.map((other) => boxes[serviceId(other)]).find((box) => box);
  if (beside) return { x: beside.x + STEP_X, y: beside.y };
  return below(Object.values(boxes));
}

/** Where a volume would best stand: beneath the first service that mounts it. */
function volumeSpot(store: Store, boxes: Record<string, Box>): Point {
  const card = store.users.map((name) => boxes[serviceId(name)]).find((box) => box);
  if (!card) return below(Object.values(boxes));
  return { x: snap(card.x + (card.w - VOLUME_W) / 2), y: snap(card.y + card.h + 2 * GRID) };
}

/** A free spot for a volume: a step aside at a time, never far from `wanted`. */
export const volumeFreeSpot = (taken: Iterable<Box> | Room, wanted: Point): Point =>
  freeSpot(taken, { ...wanted, w: VOLUME_W, h: VOLUME_H }, VOLUME_STEP);

function below(boxes: Box[]): Point {
  if (!boxes.length) return { x: 0, y: 0 };
  return {
    x: Math.min(...boxes.map((box) => box.x)),
    y: snap(Math.max(...boxes.map((box) => box.y + box.h)) + GROUP_GAP),
  };
}

/**
 * Every node's rectangle. Nothing placed: a tidy drawing; else nodes without a place go to free spots. `before` is where they
 * were last drawn: a node without a place stays there, so that an edit never moves others.
 */
export function boxesOf(
  drawing: Drawing,
  layout: Places,
  before: Record<string, Box> = {},
): Record<string, Box> {
  const boxes: Record<string, Box> = {};
  for (const bar of drawing.bars.values()) {
    const place = layout[bar.id];
    const known = place ? barBox(place, tapsOf(bar)) : before[bar.id];
    if (known) boxes[bar.id] = known;
  }
  for (const name of drawing.services.keys()) {
    const id = serviceId(name);
    const place = layout[id];
    const known = place ? cardBox(place) : before[id];
    if (known) boxes[id] = known;
  }
  for (const store of drawing.stores.values()) {
    const place = layout[store.id];
    const known = place ? volumeBox(place) : before[store.id];
    if (known) boxes[store.id] = known;
  }
  if (!Object.keys(boxes).length) return tidyBoxes(drawing);
  const room = new Room(Object.values(boxes));
  const put = (id: string, box: Box) => {
    boxes[id] = box;
    room.add(box);
  };
  for (const bar of drawing.bars.values()) {
    if (boxes[bar.id]) continue;
    const wanted = { ...below(Object.values(boxes)), w: lengthOf(bar), h: BAR_H };
    put(bar.id, { ...wanted, ...freeSpot(room, wanted) });
  }
  for (const name of drawing.services.keys()) {
    const id = serviceId(name);
    if (boxes[id]) continue;
    const wanted = { ...wantedSpot(name, drawing, boxes), w: CARD_W, h: CARD_H };
    put(id, { ...wanted, ...freeSpot(room, wanted) });
  }
  for (const store of drawing.stores.values())
    if (!boxes[store.id]) put(store.id, volumeBox(volumeFreeSpot(room, volumeSpot(store, boxes))));
  return boxes;
}

export interface Guide {
  axis: "x" | "y";
  at: number;
  from: number;
  to: number;
}

interface Candidate {
  shift: number;
  guide: Guide;
}

function candidates(moving: Box, other: Box, axis: "x" | "y", reach: number): Candidate[] {
  const [at, size, cross, crossSize] =
    axis === "x" ? (["x", "w", "y", "h"] as const) : (["y", "h", "x", "w"] as const);
  const stops = (box: Box) => [box[at], box[at] + box[size] / 2, box[at] + box[size]];
  const from = Math.min(moving[cross], other[cross]);
  const to = Math.max(moving[cross] + moving[crossSize], other[cross] + other[crossSize]);
  const found: Candidate[] = [];
  stops(moving).forEach((mine, index) => {
    stops(other).forEach((theirs, otherIndex) => {
      // edges align with edges, middles with middles: anything else is noise
      if ((index === 1) !== (otherIndex === 1)) return;
      if (Math.abs(theirs - mine) <= reach)
        found.push({ shift: theirs - mine, guide: { axis, at: theirs, from, to } });
    });
  });
  return found;
}

/** How to move a dragged rectangle so that it lines up with others, and the guides to show. `reach` in canvas pixels. */
export function align(
  moving: Box,
  others: Box[],
  reach: number,
): { dx: number; dy: number; guides: Guide[] } {
  const best = (axis: "x" | "y") =>
    others
      .flatMap((other) => candidates(moving, other, axis, reach))
      .sort((a, b) => Math.abs(a.shift) - Math.abs(b.shift) || span(a.guide) - span(b.guide))[0];
  const [x, y] = [best("x"), best("y")];
  return {
    dx: x?.shift ?? 0,
    dy: y?.shift ?? 0,
    guides: [x?.guide, y?.guide].filter((guide): guide is Guide => guide !== undefined),
  };
}

const span = (guide: Guide) => guide.to - guide.from;

/** Where a dragged node comes to rest: on its guide where it has one, else on the grid. */
export function rest(at: Point, guides: Guide[]): Point {
  const held = (axis: "x" | "y") => guides.some((guide) => guide.axis === axis);
  return {
    x: held("x") ? Math.round(at.x) : snap(at.x, GRID),
    y: held("y") ? Math.round(at.y) : snap(at.y, GRID),
  };
}
