// The camera: fit, centre, zoom, and from the screen to the canvas. Camera moves are nobody else's business: never sent, never undone.
import type { ReactFlowInstance } from "@xyflow/react";
import { around, center, type Point } from "../model/geometry";
import { canvas } from "./state";

export const ZOOM_MIN = 0.05;
export const ZOOM_MAX = 8;
/** Below this, a large stack is drawn on one canvas element instead of cards. */
export const OVERVIEW_ZOOM = 0.35;
const MOVE_MS = 260;
const FIT_ZOOM_MAX = 1.1;

// biome-ignore lint/suspicious/noExplicitAny: node and edge data differ by kind, and the camera reads neither
let flow: ReactFlowInstance<any, any> | null = null;

// biome-ignore lint/suspicious/noExplicitAny: as above
export function mountCamera(instance: ReactFlowInstance<any, any> | null): void {
  flow = instance;
  if (instance && fitWaits) fitAll({ instant: true });
}

let fitWaits = false;

export const reducedMotion = () => window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
const duration = () => (reducedMotion() ? 0 : MOVE_MS);

/** Everything in view, with room for the controls at the bottom; never closer than 110 %. */
export function fitAll({ instant = false }: { instant?: boolean } = {}): void {
  const bounds = around(Object.values(canvas.get().boxes));
  fitWaits = !flow;
  if (!flow || !bounds) return;
  const rect = document.querySelector("[data-netyard-canvas]")?.getBoundingClientRect();
  if (!rect?.width) return;
  const [side, top, bottom] = rect.width < 600 ? [16, 24, 72] : [48, 64, 80];
  const zoom = Math.max(
    ZOOM_MIN,
    Math.min(FIT_ZOOM_MAX, (rect.width - 2 * side) / bounds.w, (rect.height - top - bottom) / bounds.h),
  );
  const x = (rect.width - bounds.w * zoom) / 2 - bounds.x * zoom;
  const y = top + (rect.height - top - bottom - bounds.h * zoom) / 2 - bounds.y * zoom;
  flow.setViewport({ x, y, zoom }, { duration: instant ? 0 : duration() });
}

/** Bring a node to the middle; zoom only when cards could not be read. */
export function centerOn(nodeId: string): void {
  const box = canvas.get().boxes[nodeId];
  if (!flow || !box) return;
  const { x, y } = center(box);
  flow.setCenter(x, y, { zoom: Math.max(flow.getZoom(), 0.8), duration: duration() });
}

/** Give the focus to a node as soon as it is drawn; without an id to the selected one, else to the first. */
export function focusNode(id = "", tries = 30): void {
  const one = id ? `[data-id="${CSS.escape(id)}"]` : "";
  const node =
    document.querySelector<HTMLElement>(`.react-flow__node${one || ".selected"}`) ??
    (id ? null : document.querySelector<HTMLElement>(".react-flow__node"));
  if (node) node.focus({ preventScroll: true });
  else if (id && tries > 0) requestAnimationFrame(() => focusNode(id, tries - 1));
}

export const zoomIn = () => void flow?.zoomIn({ duration: duration() });
export const zoomOut = () => void flow?.zoomOut({ duration: duration() });
export const zoomTo100 = () => void flow?.zoomTo(1, { duration: duration() });
export const zoom = () => flow?.getZoom() ?? 1;

/** A point of the screen (clientX, clientY) in canvas pixels. */
export function canvasPoint(clientX: number, clientY: number): Point {
  return (
    flow?.screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false }) ?? {
      x: clientX,
      y: clientY,
    }
  );
}

export function screenPoint({ x, y }: Point): Point {
  return flow?.flowToScreenPosition({ x, y }) ?? { x, y };
}

/** The middle of what is in view, in canvas pixels: where things go that have no better place. */
export function viewCenter(): Point {
  const rect = document.querySelector("[data-netyard-canvas]")?.getBoundingClientRect();
  return rect ? canvasPoint(rect.x + rect.width / 2, rect.y + rect.height / 2) : { x: 0, y: 0 };
}
