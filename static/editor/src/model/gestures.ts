// Gestures of the hand: each one edit and one undo step, sent through the session. What they mean is in wiring, removal, copies.
import { move, edit as send } from "../sync/session";
import type { Graph } from "../wire.gen";
import { barLength } from "./boxes";
import { mountPlace, type Template, templateEdit, uniqueName } from "./catalog";
import { type Clip, clipOf, pasteOf } from "./copies";
import type { Edit } from "./edit";
import { asList, type MountRow, writeMount } from "./forms";
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
import { drawingOf, PINNED } from "./graph";
import { BRIDGE, HOST, isPlace, linkId, MODES, networkId, PLACES, parseId, serviceId, volumeId } from "./ids";
import { boxesOf, freeSpot, placed, volumeFreeSpot } from "./placement";
import { removalOf } from "./removal";
import type { Places } from "./state";
import { editor, may, notify, select } from "./store";
import { connectionOf, linkEdit, type Meeting } from "./wiring";

export interface AddedService {
  id?: string;
  name: string;
  image: string;
  keys: Record<string, unknown>;
}

let shown: (() => Record<string, Box>) | null = null;

/** The canvas tells here where nodes are drawn; without one (null), places are worked out from the layout. */
export function drawnBy(boxes: (() => Record<string, Box>) | null): void {
  shown = boxes;
}

/** Every node's rectangle as of now. */
export function currentBoxes(): Record<string, Box> {
  if (shown) return shown();
  const { stack, layout } = editor.get();
  return stack ? boxesOf(drawingOf(stack.graph, layout), layout) : {};
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

const PLACE_NAMES: Record<string, string> = {
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

/** Put a service on a place or network by dropping its card there; the card comes to stand at `corner`. */
export async function putOn(service: string, network: string, corner: Point): Promise<boolean> {
  const { stack, layout } = editor.get();
  if (!stack || !may("draw")) return false;
  const connection = connectionOf(stack.graph, serviceId(service), networkId(network));
  if (connection.kind !== "attach") {
    if (connection.kind === "refused") notify({ message: connection.why, tone: "info" });
    return false;
  }
  const id = serviceId(service);
  return send(connection.edit, { label: connection.label, places: { [id]: placed(layout[id], corner) } });
}

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

/** Mount something in a service: a named volume that is not declared yet is declared in the same step. */
export async function mount(service: string, row: MountRow): Promise<boolean> {
  const { stack } = editor.get();
  const view = stack?.graph.services.find((one) => one.name === service);
  if (!stack || !view || !may("draw")) return false;
  const list = [...asList(view.keys.volumes), writeMount(row)];
  const set: Edit = { kind: "set_value", path: ["services", service, "volumes"], value: list };
  const fresh =
    row.kind === "volume" && row.source && !stack.graph.volumes.some((one) => one.key === row.source);
  const edit: Edit = fresh
    ? { kind: "several", edits: [{ kind: "add_volume", name: row.source, keys: {} }, set] }
    : set;
  const done = await send(edit, { label: `Mount ${row.source || row.target} in ${service}` });
  if (done && row.kind === "volume" && row.source) select([volumeId(row.source)]);
  return done;
}

/** Connect two nodes: card and bar attach; card to card links under the server's name, on a network both are on. */
export async function connect(sourceId: string, targetId: string): Promise<boolean> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return false;
  const connection = connectionOf(stack.graph, sourceId, targetId);
  if (connection.kind === "refused") {
    notify({ message: connection.why, tone: "info" });
    return false;
  }
  if (connection.kind === "mount")
    return mount(connection.service, {
      kind: "volume",
      source: connection.volume,
      target: mountPlace(stack.graph, connection.service),
      readOnly: false,
    });
  if (connection.kind === "link")
    return link(connection.client, connection.server, connection.server, connection.fixes[0] ?? null);
  const done = await send(connection.edit, { label: connection.label });
  if (done) select([connection.edge]);
  return done;
}

/** Link client to server under `alias`; `meeting` brings them onto one network in the same step. */
export async function link(
  client: string,
  server: string,
  alias: string,
  meeting: Meeting | null,
): Promise<boolean> {
  const done = await send(linkEdit(client, server, alias, meeting), {
    label: `Link ${client} to ${server}${alias === server ? "" : ` as ${alias}`}`,
  });
  if (done) select([linkId(client, server, alias)]);
  return done;
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

/** Remove everything selected, as one step. */
export async function removeSelected(): Promise<boolean> {
  const { stack, selection } = editor.get();
  if (!stack || !may("draw") || !selection.length) return false;
  const { edits, label, kept } = removalOf(stack.graph, selection);
  for (const why of kept) notify({ message: why, tone: "info" });
  const [first] = edits;
  if (!first) {
    unpinPlaces(selection);
    return false;
  }
  const done = await send(edits.length === 1 ? first : { kind: "several", edits }, { label });
  if (done) {
    const gone = new Set(selection);
    select(editor.get().selection.filter((id) => !gone.has(id)));
    unpinPlaces(selection);
  }
  return done;
}

/** A place's bar goes when it is removed, even when no service was on it. */
function unpinPlaces(selection: string[]): void {
  for (const key of PLACES) {
    const id = networkId(key);
    const place = editor.get().layout[id];
    if (selection.includes(id) && place?.color != null)
      move({ [id]: { ...place, color: null } }, { label: `Hide ${PLACE_NAMES[key] ?? key}` });
  }
}

let clipboard: Clip | null = null;
let pastes = 0;

/** Keep the selected services and networks; gives the text for the system's clipboard, "" for nothing. */
export function copy(): string {
  const { stack, selection } = editor.get();
  const clip = stack && clipOf(stack.graph, selection, currentBoxes());
  if (!clip) return "";
  clipboard = clip;
  pastes = 0;
  return JSON.stringify(clip);
}

async function put(clip: Clip, shift: Point, verb: string): Promise<boolean> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return false;
  const pasted = pasteOf(stack.graph, clip, shift, verb);
  const places: Places = {};
  const taken = Object.values(currentBoxes());
  for (const [id, at] of Object.entries(pasted.at)) {
    const size =
      parseId(id)?.kind === "service" ? { w: CARD_W, h: CARD_H } : { w: at.w ?? barLength(2), h: BAR_H };
    const spot = freeSpot(taken, { ...at, ...size });
    taken.push({ ...spot, ...size });
    const vertical = (at.h ?? 0) > (at.w ?? 0);
    places[id] = placed(undefined, {
      ...spot,
      w: at.w,
      h: at.h,
      orientation: at.w ? (vertical ? "v" : "h") : null,
    });
  }
  const done = await send(pasted.edit, { label: pasted.label, places });
  if (done) select(pasted.ids);
  return done;
}

/** Paste what was copied, near `point` or a step beside the original. */
export async function paste(clip: Clip | null = clipboard, point?: Point): Promise<boolean> {
  if (!clip) return false;
  pastes++;
  const all = [...clip.services, ...clip.networks].map((one) => one.at);
  const corner = { x: Math.min(...all.map((at) => at.x)), y: Math.min(...all.map((at) => at.y)) };
  const shift = point
    ? snapPoint({ x: point.x - corner.x - CARD_W / 2, y: point.y - corner.y - CARD_H / 2 })
    : { x: GAP * pastes, y: GAP * pastes };
  return put(clip, shift, "Paste");
}

export async function duplicateSelected(): Promise<boolean> {
  const { stack, selection } = editor.get();
  const clip = stack && clipOf(stack.graph, selection, currentBoxes());
  return clip ? put(clip, { x: GAP, y: GAP }, "Duplicate") : false;
}
