// Drawing a connection by hand: from a card or bar, with a magnet to what it can be connected to.
import type { PointerEvent as ReactPointerEvent } from "react";
import { type Box, distanceTo, MAGNET, type Point } from "../model/geometry";
import { connect } from "../model/gestures";
import { parseId } from "../model/ids";
import { editor, may, notify } from "../model/store";
import { connectionOf } from "../model/wiring";
import { canvasPoint, zoom } from "./camera";
import { canvas } from "./state";

const DRAG_PX = 4;

/** Why each node cannot be the other end; "" where it can. */
function verdictsFor(from: string): Record<string, string> {
  const { stack } = editor.get();
  if (!stack) return {};
  return Object.fromEntries(
    Object.keys(canvas.get().boxes).map((id) => {
      if (id === from) return [id, "It cannot be connected to itself."];
      const connection = connectionOf(stack.graph, from, id);
      return [id, connection.kind === "refused" ? connection.why : ""];
    }),
  );
}

/** The nearest node within the magnet's radius that can be the target. */
export function targetAt(
  at: Point,
  boxes: Record<string, Box>,
  verdicts: Record<string, string>,
  radius: number,
): string | null {
  let best: string | null = null;
  let least = radius;
  for (const [id, box] of Object.entries(boxes)) {
    if (verdicts[id] !== "") continue;
    const distance = distanceTo(box, at);
    if (distance < least || (distance === 0 && least === 0)) {
      best = id;
      least = distance;
    }
  }
  return best;
}

/** The node under a point, whether it can be the target or not. */
function under(at: Point, boxes: Record<string, Box>): string | null {
  return Object.entries(boxes).find(([, box]) => distanceTo(box, at) === 0)?.[0] ?? null;
}

export function beginWire(from: string, event: ReactPointerEvent): void {
  if (event.button !== 0 || !may("draw")) return;
  event.stopPropagation();
  const origin = { x: event.clientX, y: event.clientY };
  const rect = event.currentTarget.getBoundingClientRect();
  const start = canvasPoint(rect.x + rect.width / 2, rect.y + rect.height / 2);
  let verdicts: Record<string, string> | null = null;

  const onMove = (move: PointerEvent) => {
    if (!verdicts) {
      if (Math.hypot(move.clientX - origin.x, move.clientY - origin.y) < DRAG_PX) return;
      verdicts = verdictsFor(from);
    }
    const at = canvasPoint(move.clientX, move.clientY);
    const target = targetAt(at, canvas.get().boxes, verdicts, MAGNET / zoom());
    canvas.set({ wire: { from, start, at, target, verdicts } });
  };
  const end = (drop: boolean, up?: PointerEvent) => {
    window.removeEventListener("pointermove", onMove);
    window.removeEventListener("pointerup", onUp);
    window.removeEventListener("pointercancel", onCancel);
    window.removeEventListener("keydown", onKey, true);
    const { wire } = canvas.get();
    canvas.set({ wire: null });
    if (drop && wire && up) finish(from, wire.target, wire.at, { x: up.clientX, y: up.clientY });
  };
  const onUp = (up: PointerEvent) => end(true, up);
  const onCancel = () => end(false);
  const onKey = (key: KeyboardEvent) => {
    if (key.key !== "Escape") return;
    key.stopPropagation();
    end(false);
  };
  window.addEventListener("pointermove", onMove);
  window.addEventListener("pointerup", onUp);
  window.addEventListener("pointercancel", onCancel);
  window.addEventListener("keydown", onKey, true);
}

function finish(from: string, target: string | null, at: Point, screen: Point): void {
  if (target) {
    complete(from, target, screen);
    return;
  }
  const hit = under(at, canvas.get().boxes);
  const why = hit && hit !== from ? verdictsFor(from)[hit] : "";
  if (why) notify({ tone: "info", message: why });
  else if (!hit) canvas.set({ popup: { kind: "drop", wireFrom: from, at, screen } });
}

/** Connect two nodes; a link asks for its alias first. */
export function complete(from: string, target: string, screen: Point): void {
  const { stack } = editor.get();
  if (!stack) return;
  const connection = connectionOf(stack.graph, from, target);
  if (connection.kind === "link") {
    const { client, server, shared, fixes } = connection;
    canvas.set({ popup: { kind: "link", screen, client, server, shared, fixes } });
  } else if (connection.kind === "mount") {
    const { service, volume } = connection;
    canvas.set({ popup: { kind: "mount", screen, service, mount: "volume", source: volume } });
  } else if (connection.kind === "attach") connect(from, target);
  else notify({ tone: "info", message: connection.why });
}

export const isService = (id: string) => parseId(id)?.kind === "service";
