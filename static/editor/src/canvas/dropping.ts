// What comes over from the palette: a ghost on the grid while it hovers, an edit when it is dropped.
import type { DragEvent } from "react";
import { addNetworkAt, addPlaceAt, addServiceAt, addVolumeAt } from "../model/additions";
import { barLength } from "../model/boxes";
import type { Template } from "../model/catalog";
import {
  BAR_H,
  type Box,
  CARD_H,
  CARD_W,
  distanceTo,
  MAGNET,
  type Point,
  snap,
  VOLUME_H,
  VOLUME_W,
} from "../model/geometry";
import { parseId } from "../model/ids";
import { may, notify } from "../model/store";
import { networkWord } from "../model/wiring";
import { canvasPoint, zoom } from "./camera";
import { canvas, type Dragged, type Ghost } from "./state";

export const MIME = "application/x-netyard";

function parse(text: string): Dragged | null {
  try {
    return JSON.parse(text) as Dragged;
  } catch {
    return null;
  }
}

const read = (event: DragEvent) => parse(event.dataTransfer.getData(MIME));

/** What is dragged. Browsers show it when a drag begins and on the drop, not in between, when the ghost needs it. */
let inHand: Dragged | null = null;

/** Look at what every drag begins with; gives a function that ends the looking. */
export function watchDrags(): () => void {
  const begin = (event: globalThis.DragEvent) => {
    inHand = event.dataTransfer ? parse(event.dataTransfer.getData(MIME)) : null;
  };
  const end = () => {
    inHand = null;
    canvas.set({ ghost: null });
  };
  document.addEventListener("dragstart", begin);
  document.addEventListener("dragend", end);
  return () => {
    document.removeEventListener("dragstart", begin);
    document.removeEventListener("dragend", end);
  };
}

const SIZES: Partial<Record<Dragged["kind"], [number, number]>> = {
  service: [CARD_W, CARD_H],
  volume: [VOLUME_W, VOLUME_H],
  bind: [VOLUME_W, VOLUME_H],
};

function labelOf(dragged: Dragged | null): string {
  if (dragged?.kind === "service") return dragged.template.name;
  if (dragged?.kind === "place") return networkWord(dragged.place);
  if (dragged?.kind === "volume") return dragged.source || "New volume";
  if (dragged?.kind === "bind") return "Host folder";
  return dragged ? "New network" : "New";
}

export function ghostAt(
  dragged: Dragged | null,
  at: Point,
  boxes: Record<string, Box>,
  reach: number,
): Ghost {
  const kind = dragged?.kind ?? "service";
  const [w, h] = SIZES[kind] ?? [barLength(2), BAR_H];
  const wanted = kind === "service" ? "network:" : kind === "volume" || kind === "bind" ? "service:" : null;
  const onto = wanted
    ? (Object.entries(boxes).find(
        ([id, box]) => id.startsWith(wanted) && distanceTo(box, at) <= reach,
      )?.[0] ?? null)
    : null;
  return { kind, label: labelOf(dragged), box: { x: snap(at.x - w / 2), y: snap(at.y - h / 2), w, h }, onto };
}

export function onDragOver(event: DragEvent): void {
  if (!event.dataTransfer.types.includes(MIME) || !may("draw")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  const at = canvasPoint(event.clientX, event.clientY);
  const ghost = ghostAt(inHand ?? read(event), at, canvas.get().boxes, MAGNET / zoom());
  const before = canvas.get().ghost;
  if (before && before.box.x === ghost.box.x && before.box.y === ghost.box.y && before.onto === ghost.onto)
    return;
  canvas.set({ ghost });
}

export function onDragLeave(event: DragEvent): void {
  const into = event.relatedTarget;
  if (into instanceof Node && event.currentTarget.contains(into)) return;
  canvas.set({ ghost: null });
}

export function onDrop(event: DragEvent): void {
  const dragged = read(event);
  const onto = canvas.get().ghost?.onto ?? null;
  canvas.set({ ghost: null });
  if (!dragged || !may("draw")) return;
  event.preventDefault();
  const at = canvasPoint(event.clientX, event.clientY);
  if (dragged.kind === "network") addNetworkAt(at);
  else if (dragged.kind === "place") addPlaceAt(dragged.place, at);
  else if (dragged.kind === "service") addDropped(dragged.template, at, onto);
  else dropStorage(dragged, at, { onto, screen: { x: event.clientX, y: event.clientY } });
}

/** A volume or folder on a card asks where it is to appear there; a volume beside all cards is only declared. */
function dropStorage(
  dragged: Extract<Dragged, { kind: "volume" | "bind" }>,
  at: Point,
  { onto, screen }: { onto: string | null; screen: Point },
): void {
  const card = onto ? parseId(onto) : null;
  const source = dragged.kind === "volume" ? dragged.source : "";
  if (card?.kind === "service")
    canvas.set({ popup: { kind: "mount", screen, service: card.name, mount: dragged.kind, source } });
  else if (dragged.kind === "volume" && !source) addVolumeAt(at);
  else notify({ tone: "info", message: "Drop it on the service that is to have it." });
}

function addDropped(template: Template, at: Point, onto: string | null): void {
  const bar = onto ? parseId(onto) : null;
  addServiceAt(template, at, bar?.kind === "network" ? bar.key : undefined);
}
