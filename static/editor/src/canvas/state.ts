// What only this window's canvas knows: drags under way, lines as routed, a wire being drawn, open menus. Not the design.
import { create } from "zustand";
import type { Template } from "../model/catalog";
import type { Box, Point } from "../model/geometry";
import { type Drawing, drawingOf, NOTHING } from "../model/graph";
import { boxesOf, type Guide } from "../model/placement";
import type { Route } from "../model/taps";
import type { Meeting } from "../model/wiring";

export interface Ghost {
  kind: Dragged["kind"];
  label: string;
  box: Box;
  /** The bar it will be attached to, or the card that it will be mounted in, when it is dropped now. */
  onto: string | null;
}

export interface WireInHand {
  from: string;
  /** Where the line begins, in canvas pixels. */
  start: Point;
  at: Point;
  target: string | null;
  /** By node id, why it cannot be the target; "" where it can. */
  verdicts: Record<string, string>;
}

export type Popup =
  | { kind: "quick"; at: Point; screen: Point; wireFrom: string | null }
  | { kind: "drop"; at: Point; screen: Point; wireFrom: string }
  | { kind: "link"; screen: Point; client: string; server: string; shared: string[]; fixes: Meeting[] }
  | { kind: "mount"; screen: Point; service: string; mount: "volume" | "bind"; source: string }
  | { kind: "menu"; screen: Point; at: Point; id: string | null }
  | { kind: "rename"; screen: Point; id: string };

export interface CanvasState {
  /** Rectangles that win over the design's places: own drags, resizes, a tidy on its way. */
  held: Record<string, Box>;
  guides: Guide[];
  drawing: Drawing;
  boxes: Record<string, Box>;
  routes: Map<string, Route>;
  wire: WireInHand | null;
  ghost: Ghost | null;
  popup: Popup | null;
  /** The node under the pointer, where that lights up others: a volume its users. */
  hovered: string | null;
  /** The place that a card held over it goes on when it is dropped now. */
  onto: string | null;
  overview: boolean;
  minimap: boolean;
  legend: boolean;
  announcement: string;
  pointer: Point | null;
}

export const useCanvas = create<CanvasState>()(() => ({
  held: {},
  guides: [],
  drawing: NOTHING,
  boxes: {},
  routes: new Map(),
  wire: null,
  ghost: null,
  popup: null,
  hovered: null,
  onto: null,
  overview: false,
  minimap: false,
  legend: false,
  announcement: "",
  pointer: null,
}));

export const canvas = { get: useCanvas.getState, set: useCanvas.setState };

export const closePopup = () => canvas.set({ popup: null });
export const announce = (announcement: string) => canvas.set({ announcement });
export const release = () => canvas.set({ held: {}, guides: [], onto: null });

/** What the palette hands over. `place` is a bar that is no network of the file; `source` an existing volume, "" a new one. */
export type Dragged =
  | { kind: "service"; template: Template }
  | { kind: "network" }
  | { kind: "place"; place: string }
  | { kind: "volume"; source: string }
  | { kind: "bind" };

export { boxesOf, drawingOf };
