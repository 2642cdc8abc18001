// The design as nodes and edges: what stands on the canvas, without places on screen, React or live values.
import { NETWORK_STYLES } from "../theme";
import type { Graph, NetworkView, NodeLayout, ServiceView } from "../wire.gen";
import { BAR_H, BAR_MIN, type Box, CARD_H, CARD_W, COLLAPSED_W, GAP, STEP_X } from "./geometry";
import { BRIDGE, dependsId, linkId, memberId, networkId, serviceId } from "./ids";
import type { Places } from "./state";

export interface Bar {
  id: string;
  key: string;
  /** The network as designed; null for docker0. */
  network: NetworkView | null;
  members: string[];
  /** Index into NETWORK_STYLES; -1 for docker0, which has a look of its own. */
  color: number;
}

export type Wire =
  | { id: string; kind: "member"; service: string; network: string; color: number; implicit: boolean }
  | { id: string; kind: "link"; service: string; target: string; alias: string }
  | { id: string; kind: "depends"; service: string; target: string; condition: string; implied: boolean }
  | { id: string; kind: "shares"; service: string; target: string };

export interface Drawing {
  services: Map<string, ServiceView>;
  bars: Map<string, Bar>;
  wires: Wire[];
}

const MAX_COLUMNS = 6;

/** The bars a service has a port on, in file order. docker0 counts as one. */
export function barsOf(service: ServiceView): string[] {
  return service.mode === "bridge" ? [BRIDGE] : service.attachments.map((one) => one.network);
}

/** The service whose network stack this one shares (`network_mode: service:NAME`); "" for none. */
export function hostOf(service: ServiceView): string {
  return service.mode === "service" ? service.network_mode.slice("service:".length) : "";
}

function hash(text: string): number {
  let value = 2166136261;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 16777619) >>> 0;
  return value;
}

/** A style for each network: the one chosen, else one by name, no two alike while styles last. */
export function colorsOf(
  keys: string[],
  layout: Record<string, Pick<NodeLayout, "color">>,
): Map<string, number> {
  const count = NETWORK_STYLES.length;
  const colors = new Map<string, number>();
  for (const key of keys) {
    const chosen = layout[networkId(key)]?.color;
    if (chosen != null) colors.set(key, ((chosen % count) + count) % count);
  }
  const taken = new Set(colors.values());
  for (const key of [...keys].sort()) {
    if (colors.has(key)) continue;
    let color = key === "default" ? 0 : hash(key) % count;
    for (let tries = 0; taken.has(color) && tries < count; tries++) color = (color + 1) % count;
    taken.add(color);
    colors.set(key, color);
  }
  return colors;
}

function barsIn(graph: Graph, layout: Places): Map<string, Bar> {
  const members = new Map<string, string[]>();
  for (const service of graph.services)
    for (const key of new Set(barsOf(service))) members.set(key, [...(members.get(key) ?? []), service.name]);
  const shown = graph.networks.filter((network) => !network.implicit || members.has(network.key));
  const colors = colorsOf(
    shown.map((network) => network.key),
    layout,
  );
  const bars = new Map<string, Bar>();
  for (const network of shown) {
    const { key } = network;
    bars.set(key, {
      id: networkId(key),
      key,
      network,
      members: members.get(key) ?? [],
      color: colors.get(key) ?? 0,
    });
  }
  const bridged = members.get(BRIDGE);
  if (bridged || layout[networkId(BRIDGE)]?.color === BRIDGE_PINNED)
    bars.set(BRIDGE, {
      id: networkId(BRIDGE),
      key: BRIDGE,
      network: null,
      members: bridged ?? [],
      color: -1,
    });
  return bars;
}

/** The `color` in docker0's place that keeps its bar on the canvas before any service is on it. */
export const BRIDGE_PINNED = 0;

/** All that is drawn of a design. Wires to things that are not there are left out; problems speak of those. */
export function drawingOf(graph: Graph, layout: Places): Drawing {
  const services = new Map(graph.services.map((service) => [service.name, service]));
  const bars = barsIn(graph, layout);
  const wires: Wire[] = [];
  for (const service of graph.services) {
    const { name } = service;
    for (const network of new Set(barsOf(service))) {
      const bar = bars.get(network);
      if (!bar) continue;
      const implicit = service.attachments.some((one) => one.network === network && one.implicit);
      wires.push({
        id: memberId(name, network),
        kind: "member",
        service: name,
        network,
        color: bar.color,
        implicit,
      });
    }
    for (const { target, alias } of service.links)
      if (services.has(target))
        wires.push({ id: linkId(name, target, alias), kind: "link", service: name, target, alias });
    for (const { service: target, condition, implied } of service.depends_on)
      if (services.has(target))
        wires.push({
          id: dependsId(name, target),
          kind: "depends",
          service: name,
          target,
          condition,
          implied,
        });
    const host = hostOf(service);
    if (services.has(host))
      wires.push({ id: `shares:${name}:${host}`, kind: "shares", service: name, target: host });
  }
  return { services, bars, wires };
}

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

/** The ids of everything that needs a place. */
export function nodeIds(drawing: Drawing): string[] {
  return [...[...drawing.bars.values()].map((bar) => bar.id), ...[...drawing.services.keys()].map(serviceId)];
}

/** The words a screen reader says for a service card. */
export function describeService(service: ServiceView, state: string): string {
  const bars = barsOf(service).map((key) => (key === BRIDGE ? "docker0" : key));
  const where =
    service.mode === "networks" || service.mode === "bridge"
      ? bars.length
        ? `on ${bars.length > 1 ? `${bars.slice(0, -1).join(", ")} and ${bars.at(-1)}` : bars[0]}`
        : "on no network"
      : `network mode ${service.network_mode || service.mode}`;
  return `service ${service.name}, ${state}, ${where}`;
}
