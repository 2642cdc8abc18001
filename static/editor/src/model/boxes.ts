// Rectangles of what is drawn: how long a bar is, and what a node covers at its place.
import type { NodeLayout } from "../wire.gen";
import {
  BAR_H,
  BAR_MIN,
  type Box,
  CARD_H,
  CARD_W,
  COLLAPSED_W,
  GAP,
  STEP_X,
  VOLUME_H,
  VOLUME_W,
} from "./geometry";
import type { Bar } from "./graph";

const MAX_COLUMNS = 6;

/** A bar's length when nobody has set one: as wide as the cards beneath it. */
export function barLength(members: number): number {
  const columns = Math.max(
    1,
    Math.min(MAX_COLUMNS, members <= 4 ? members : Math.ceil(Math.sqrt(members * 1.3))),
  );
  return columns * STEP_X - GAP;
}

/** The shortest a bar may be made: room for its name and for each tap. */
export const shortestBar = (members: number) => Math.max(BAR_MIN, Math.ceil((members * 14 + 40) / 20) * 20);

const PORT_LABEL_TAPS = 8; // a label of published ports takes the room of so many taps

/** How much room along a bar its taps ask for, in taps. */
export const tapsOf = (bar: Pick<Bar, "members" | "publishers"> | undefined) =>
  bar ? bar.members.length + bar.publishers.length * PORT_LABEL_TAPS : 0;

/** A bar's length when nobody has set one. */
export const lengthOf = (bar: Pick<Bar, "members" | "publishers">) =>
  Math.max(barLength(bar.members.length), shortestBar(tapsOf(bar)));

export const isVertical = (place: NodeLayout | undefined) => place?.orientation === "v" && !place.collapsed;

/** A bar's rectangle at its place. */
export function barBox(place: NodeLayout, members: number): Box {
  if (place.collapsed) return { x: place.x, y: place.y, w: COLLAPSED_W, h: BAR_H };
  const long = Math.max(
    (place.orientation === "v" ? place.h : place.w) ?? barLength(members),
    shortestBar(members),
  );
  return place.orientation === "v"
    ? { x: place.x, y: place.y, w: BAR_H, h: long }
    : { x: place.x, y: place.y, w: long, h: BAR_H };
}

export const cardBox = (place: { x: number; y: number }): Box => ({
  x: place.x,
  y: place.y,
  w: CARD_W,
  h: CARD_H,
});

export const volumeBox = (place: { x: number; y: number }): Box => ({
  x: place.x,
  y: place.y,
  w: VOLUME_W,
  h: VOLUME_H,
});
