// Gestures that put something new on the canvas: a service, a network, a place or a volume, each one edit with its place.
import { move, edit as send } from "../sync/session";
import type { Graph } from "../wire.gen";
import { barLength } from "./boxes";
import { type Template, templateEdit, uniqueName } from "./catalog";
import type { Edit } from "./edit";
import {
  BAR_H,
  BELOW_BAR,
  type Box,
  CARD_H,
  CARD_W,
  distanceTo,
  GAP,
  type Point,
  snapPoint,
  VOLUME_H,
  VOLUME_W,
} from "./geometry";
import { PINNED } from "./graph";
import { BRIDGE, HOST, isPlace, MODES, networkId, serviceId, volumeId } from "./ids";
import { freeSpot, placed, volumeFreeSpot } from "./placement";
import { currentBoxes } from "./shown";
import { editor, may, select } from "./store";

export interface AddedService {
  id?: string;
  name: string;
  image: string;
  keys: Record<string, unknown>;
}

const plainName = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, "-")
    .replace(/^[^a-z0-9]+|-+$/g, "") || "service";

function onNetwork(edit: Edit, network: string | undefined): Edit {
  if (!network) return edit;
  const more = isPlace(network) ? { network_mode: MODES[network] } : { networks: [network] };
  if (edit.kind === "add_service") {
    const { network_mode: _mode, networks: _networks, ...keys } = edit.keys;
    // the engine leaves published ports out where the host's network is shared
    if (network === HOST) delete keys.ports;
    return { ...edit, keys: { ...keys, ...more } };
  }
  return edit.kind === "several"
    ? { ...edit, edits: edit.edits.map((one) => onNetwork(one, network)) }
    : edit;
}

/** The edit and the id of a service made of a template, under a free name, on `network` or, without, on `default`. */
export function serviceEdit(graph: Graph, template: AddedService, network?: string) {
  const name = uniqueName(
    plainName(template.id || template.name),
    graph.services.map((one) => one.name),
  );
  const keys =
    template.keys.image || !template.image ? template.keys : { image: template.image, ...template.keys };
  const whole: Template = { id: name, name: template.name, image: template.image, keys };
  return { name, id: serviceId(name), edit: onNetwork(templateEdit(whole, name, graph), network) };
}

/** The card's corner for a middle at `point`; beneath (or right of) the bar when the point lies on it. */
function besideBar(point: Point, bar: Box | undefined): Point {
  const corner = { x: point.x - CARD_W / 2, y: point.y - CARD_H / 2 };
  if (!bar || distanceTo(bar, point) > BELOW_BAR) return corner;
  if (bar.h > bar.w) return { x: bar.x + BELOW_BAR, y: corner.y };
  return point.y < bar.y - GAP ? corner : { x: corner.x, y: bar.y + BELOW_BAR };
}

/** Add a service with its card's middle at `point` (canvas pixels), or at the nearest free spot. Gives its id; null if refused. */
export async function addServiceAt(
  template: AddedService,
  point: Point,
  network?: string,
): Promise<string | null> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return null;
  const { name, id, edit } = serviceEdit(stack.graph, template, network);
  const boxes = currentBoxes();
  const wanted = snapPoint(besideBar(point, network ? boxes[networkId(network)] : undefined));
  const spot = freeSpot(Object.values(boxes), { ...wanted, w: CARD_W, h: CARD_H });
  const done = await send(edit, { label: `Add ${name}`, places: { [id]: placed(undefined, spot) } });
  if (done) select([id]);
  return done ? id : null;
}

/** Add a network, its bar around `point`. Gives its id; null if refused. */
export async function addNetworkAt(point: Point, wantedName = "network"): Promise<string | null> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return null;
  const taken = stack.graph.networks.map((one) => one.key);
  const name = uniqueName(plainName(wantedName), taken);
  const id = networkId(name);
  const w = barLength(2);
  const wanted = snapPoint({ x: point.x - w / 2, y: point.y - BAR_H / 2 });
  const spot = freeSpot(Object.values(currentBoxes()), { ...wanted, w, h: BAR_H });
  const done = await send(
    { kind: "add_network", name, keys: {} },
    { label: `Add network ${name}`, places: { [id]: placed(undefined, { ...spot, w }) } },
  );
  if (done) select([id]);
  return done ? id : null;
}

/** Make a network at `point` and put the services on it: one step. */
export async function networkAround(names: string[], point: Point, wantedName = "network"): Promise<boolean> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return false;
  const taken = stack.graph.networks.map((one) => one.key);
  const network = uniqueName(plainName(wantedName), taken);
  const id = networkId(network);
  const w = barLength(Math.max(2, names.length));
  const wanted = snapPoint({ x: point.x - w / 2, y: point.y - BAR_H / 2 });
  const spot = freeSpot(Object.values(currentBoxes()), { ...wanted, w, h: BAR_H });
  const edits: Edit[] = [
    { kind: "add_network", name: network, keys: {} },
    ...names.map((service): Edit => ({ kind: "attach", service, network })),
  ];
  const done = await send(
    { kind: "several", edits },
    {
      label: `Connect ${names.join(" and ")} to a new network`,
      places: { [id]: placed(undefined, { ...spot, w }) },
    },
  );
  if (done) select([id]);
  return done;
}

export const PLACE_NAMES: Record<string, string> = {
  "@bridge": "docker0",
  "@host": "the Host",
  "@none": "no network",
};

/** Put a place's bar on the canvas, to draw services onto. It is no part of the design until one is on it. */
export async function addPlaceAt(key: string, point: Point): Promise<string> {
  const id = networkId(key);
  const w = barLength(2);
  const wanted = snapPoint({ x: point.x - w / 2, y: point.y - BAR_H / 2 });
  const before = editor.get().layout[id];
  const others = Object.entries(currentBoxes()).flatMap(([one, box]) => (one === id ? [] : [box]));
  const spot = freeSpot(others, { ...wanted, w, h: BAR_H });
  move(
    { [id]: placed(before, { ...spot, w: before?.w ?? w, color: PINNED }) },
    { label: `Show ${PLACE_NAMES[key] ?? key}` },
  );
  select([id]);
  return id;
}

export const addBridgeAt = (point: Point) => addPlaceAt(BRIDGE, point);

/** Declare a volume, its cylinder around `point`. Gives its id; null if refused. */
export async function addVolumeAt(point: Point, wantedName = "data"): Promise<string | null> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return null;
  const name = uniqueName(
    wantedName,
    stack.graph.volumes.map((one) => one.key),
  );
  const id = volumeId(name);
  const wanted = { x: point.x - VOLUME_W / 2, y: point.y - VOLUME_H / 2 };
  const spot = volumeFreeSpot(Object.values(currentBoxes()), wanted);
  const done = await send(
    { kind: "add_volume", name, keys: {} },
    { label: `Add volume ${name}`, places: { [id]: placed(undefined, spot) } },
  );
  if (done) select([id]);
  return done ? id : null;
}
