// Sizes and rectangles of the canvas. Units: canvas pixels; x to the right, y down; a place is the upper left corner.

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  w: number;
  h: number;
}

export const GRID = 20;
export const CARD_W = 240;
export const CARD_H = 132;
export const BAR_H = 28;
export const BAR_MIN = 160;
export const COLLAPSED_W = 160;
export const VOLUME_W = 160;
export const VOLUME_H = 48;
export const GAP = 40;
export const STEP_X = CARD_W + GAP;
export const STEP_Y = 180;
export const BELOW_BAR = 80;
export const GROUP_GAP = 80;
export const MAGNET = 20;

export const snap = (value: number, step = GRID) => Math.round(value / step) * step || 0;
export const snapPoint = ({ x, y }: Point): Point => ({ x: snap(x), y: snap(y) });
export const clamp = (value: number, low: number, high: number) =>
  Math.max(Math.min(value, Math.max(low, high)), low);
export const center = (box: Box): Point => ({ x: box.x + box.w / 2, y: box.y + box.h / 2 });

/** Whether two rectangles overlap or come nearer than `margin`. */
export function touches(a: Box, b: Box, margin = GRID): boolean {
  return (
    a.x < b.x + b.w + margin &&
    b.x < a.x + a.w + margin &&
    a.y < b.y + b.h + margin &&
    b.y < a.y + a.h + margin
  );
}

/** How far a point is from a rectangle; 0 inside. */
export function distanceTo(box: Box, { x, y }: Point): number {
  const dx = Math.max(box.x - x, 0, x - box.x - box.w);
  const dy = Math.max(box.y - y, 0, y - box.y - box.h);
  return Math.hypot(dx, dy);
}

/** The smallest rectangle around all; null for none. */
export function around(boxes: Box[]): Box | null {
  if (!boxes.length) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.w));
  const bottom = Math.max(...boxes.map((box) => box.y + box.h));
  return { x, y, w: right - x, h: bottom - y };
}
