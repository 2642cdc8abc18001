// Dragging and selecting nodes: guides and snapping on the way, the grid on the drop, one move for one drop.
import type { Node, NodeChange } from "@xyflow/react";
import { around, BELOW_BAR, type Box, CARD_H, CARD_W, distanceTo } from "../model/geometry";
import { putOn } from "../model/gestures";
import { networkId, PLACES, parseId } from "../model/ids";
import { align, freeSpot, placed, rest } from "../model/placement";
import type { Places } from "../model/state";
import { choose, editor, select } from "../model/store";
import { networkWord } from "../model/wiring";
import { move, sendDrag } from "../sync/session";
import { zoom } from "./camera";
import { announce, canvas, release } from "./state";

const REACH_PX = 6;
const SEND_MS = 50;
const NEAR = 1400; // guides look at nodes within this distance only
const ARROW_MS = 450;
const ONTO = 10; // canvas pixels around a place in which a card is dropped on it

let bypass = false;
let base: string[] = [];
let sent = 0;

/** Follow Alt (no snapping) and Shift (adds to the selection) as they are at each press and move. */
export function notePointer(event: { altKey: boolean; shiftKey: boolean }, pressed: boolean): void {
  bypass = event.altKey;
  if (pressed) base = event.shiftKey ? editor.get().selection : [];
}

type Position = Extract<NodeChange, { type: "position" }>;

function dragTo(changes: Position[]): void {
  const { boxes, held } = canvas.get();
  const moving: Record<string, Box> = {};
  for (const { id, position } of changes) {
    const box = boxes[id];
    if (box && position) moving[id] = { ...box, ...position };
  }
  const whole = around(Object.values(moving));
  if (!whole) return;
  const others = Object.entries(boxes).flatMap(([id, box]) =>
    moving[id] || Math.abs(box.x - whole.x) > NEAR || Math.abs(box.y - whole.y) > NEAR ? [] : [box],
  );
  const { dx, dy, guides } = bypass ? { dx: 0, dy: 0, guides: [] } : align(whole, others, REACH_PX / zoom());
  const shown = Object.fromEntries(
    Object.entries(moving).map(([id, box]) => [id, { ...box, x: box.x + dx, y: box.y + dy }]),
  );
  canvas.set({ held: { ...held, ...shown }, guides, onto: placeUnder(Object.keys(moving)) });
  const now = performance.now();
  if (now - sent < SEND_MS) return;
  sent = now;
  sendDrag(placesOf(shown));
}

/** The place (docker0, the Host, no network) under the pointer while a single card is dragged. */
function placeUnder(ids: string[]): string | null {
  const { pointer, boxes } = canvas.get();
  const [id = "", ...others] = ids;
  if (!pointer || others.length || !id.startsWith("service:")) return null;
  return (
    PLACES.map(networkId).find((bar) => {
      const box = boxes[bar];
      return box !== undefined && distanceTo(box, pointer) <= ONTO;
    }) ?? null
  );
}

/** Put the card that was dropped on a place there, beneath its bar; false where it is there already. */
function dropOnto(id: string, bar: string): boolean {
  const [thing, place] = [parseId(id), parseId(bar)];
  const { boxes, drawing } = canvas.get();
  const box = boxes[bar];
  if (thing?.kind !== "service" || place?.kind !== "network" || !box) return false;
  if (drawing.bars.get(place.key)?.members.includes(thing.name)) return false;
  const others = Object.entries(boxes).flatMap(([one, each]) => (one === id ? [] : [each]));
  const wanted = { x: box.x, y: box.y + BELOW_BAR, w: CARD_W, h: CARD_H };
  const spot = freeSpot(others, wanted);
  putOn(thing.name, place.key, spot);
  announce(`${thing.name} goes on ${networkWord(place.key)}`);
  return true;
}

function placesOf(boxes: Record<string, Box>): Places {
  const { layout } = editor.get();
  const kept = canvas.get().boxes;
  return Object.fromEntries(
    Object.entries(boxes).map(([id, { x, y }]) => {
      const before = layout[id];
      const long = !before && id.startsWith("network:") ? { w: kept[id]?.w ?? null } : {};
      return [id, placed(before, { ...long, x, y })];
    }),
  );
}

function drop(ids: string[]): void {
  const { held, guides, onto } = canvas.get();
  const [only = ""] = ids;
  if (onto && ids.length === 1 && dropOnto(only, onto)) {
    release();
    return;
  }
  const whole = around(ids.flatMap((id) => held[id] ?? []));
  if (!whole) {
    release();
    return;
  }
  const settled = bypass ? { x: Math.round(whole.x), y: Math.round(whole.y) } : rest(whole, guides);
  const [dx, dy] = [settled.x - whole.x, settled.y - whole.y];
  commit(ids, dx, dy);
}

/** Keep what is held, moved by dx and dy: one undo step, told to screen readers. */
function commit(ids: string[], dx: number, dy: number): void {
  const { held } = canvas.get();
  const { layout } = editor.get();
  const next: Record<string, Box> = {};
  for (const id of ids) {
    const box = held[id];
    const before = layout[id];
    if (!box) continue;
    const [x, y] = [Math.round(box.x + dx), Math.round(box.y + dy)];
    if (!before || before.x !== x || before.y !== y) next[id] = { ...box, x, y };
  }
  const places = placesOf(next);
  release();
  const [first] = Object.entries(places);
  if (!first) return;
  const count = Object.keys(places).length;
  const name = first[0].split(":")[1] ?? "";
  move(places, { label: count === 1 ? `Move ${name}` : `Move ${count} items` });
  announce(count === 1 ? `${name} moved to ${first[1].x}, ${first[1].y}` : `${count} items moved`);
}

/** The graph library's changes: positions while dragging, and which nodes are selected. */
export function onNodesChange(changes: NodeChange<Node>[]): void {
  const positions = changes.filter((one): one is Position => one.type === "position");
  const dragged = positions.filter((one) => one.dragging && one.position);
  if (dragged.length) dragTo(dragged);
  const dropped = positions.filter((one) => one.dragging === false).map((one) => one.id);
  if (dropped.length) drop(dropped);
  const selects = changes.flatMap((one) => (one.type === "select" ? [one] : []));
  if (!selects.length) return;
  const chosen = new Set(editor.get().selection);
  for (const { id, selected } of selects) {
    if (selected) chosen.add(id);
    else chosen.delete(id);
  }
  // a new choice of nodes lets go of edges, unless Shift holds on to them
  const nodesOnly = [...chosen].filter((id) => /^(service|network|volume):/.test(id));
  const now = [...new Set([...base, ...(selects.some((one) => one.selected) ? nodesOnly : chosen)])];
  if (selects.some((one) => one.selected)) choose(now);
  else select(now);
}

let arrowTimer: ReturnType<typeof setTimeout> | undefined;

/** Arrow keys: a burst of presses is one move. */
export function nudge(dx: number, dy: number): void {
  const { boxes, held } = canvas.get();
  const ids = editor.get().selection.filter((id) => boxes[id]);
  if (!ids.length) return;
  const next = { ...held };
  for (const id of ids) {
    const box = held[id] ?? boxes[id];
    if (box) next[id] = { ...box, x: box.x + dx, y: box.y + dy };
  }
  canvas.set({ held: next });
  clearTimeout(arrowTimer);
  arrowTimer = setTimeout(() => commit(ids, 0, 0), ARROW_MS);
}
