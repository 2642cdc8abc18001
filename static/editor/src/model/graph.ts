// The design as nodes and edges: what stands on the canvas, without places on screen, React or live values.
import { NETWORK_STYLES } from "../theme";
import type { Graph, MountView, NetworkView, NodeLayout, ServiceView, VolumeView } from "../wire.gen";
import {
  BRIDGE,
  dependsId,
  HOST,
  linkId,
  memberId,
  mountId,
  NONE,
  networkId,
  PLACES,
  placeOfMode,
  portId,
  serviceId,
  volumeId,
} from "./ids";
import type { Places } from "./state";

export interface Bar {
  id: string;
  key: string;
  /** The network as designed; null for docker0 and the other places. */
  network: NetworkView | null;
  members: string[];
  /** On the Host: services that publish ports there without being on its network. */
  publishers: string[];
  /** Index into NETWORK_STYLES; below 0 for places, which have looks of their own. */
  color: number;
}

/** A named volume: one thing, however many services mount it. */
export interface Store {
  id: string;
  key: string;
  volume: VolumeView;
  users: string[];
}

export type Wire =
  | { id: string; kind: "member"; service: string; network: string; color: number; implicit: boolean }
  | { id: string; kind: "link"; service: string; target: string; alias: string }
  | { id: string; kind: "depends"; service: string; target: string; condition: string; implied: boolean }
  | { id: string; kind: "shares"; service: string; target: string }
  | { id: string; kind: "publish"; service: string; network: string; color: number; words: string }
  | { id: string; kind: "mount"; service: string; volume: string; paths: string[]; readOnly: boolean };

export interface Drawing {
  services: Map<string, ServiceView>;
  bars: Map<string, Bar>;
  stores: Map<string, Store>;
  wires: Wire[];
}

export const NOTHING: Drawing = {
  services: new Map(),
  bars: new Map(),
  stores: new Map(),
  wires: [],
};

/** The bars a service has a port on, in file order. docker0, the Host and no network count as one each. */
export function barsOf(service: ServiceView): string[] {
  const place = placeOfMode(service.mode);
  return place ? [place] : service.attachments.map((one) => one.network);
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
      publishers: [],
      color: colors.get(key) ?? 0,
    });
  }
  for (const [rank, key] of PLACES.entries()) {
    // no network is shown only when someone asked for it: a line to nothing says nothing
    const used = members.has(key) && key !== NONE;
    if (!used && layout[networkId(key)]?.color !== PINNED) continue;
    const publishers =
      key === HOST ? graph.services.filter((one) => one.mode !== "host" && one.ports.length) : [];
    bars.set(key, {
      id: networkId(key),
      key,
      network: null,
      members: members.get(key) ?? [],
      publishers: publishers.map((one) => one.name),
      color: -1 - rank,
    });
  }
  return bars;
}

/** The `color` in a place's layout that keeps its bar on the canvas before any service is on it. */
export const PINNED = 0;

/** A service's published ports in few words: "8080", "8080, 8443 +1", "local 5432". */
export function portWords(service: ServiceView): string {
  const words = service.ports.map(({ published, host_ip, protocol }) => {
    const local = ["127.0.0.1", "::1", "localhost"].includes(host_ip) ? "local " : "";
    return `${local}${published || "auto"}${protocol === "tcp" ? "" : `/${protocol}`}`;
  });
  const more = words.length > 2 ? ` +${words.length - 2}` : "";
  return words.slice(0, 2).join(", ") + more;
}

/** A service's mounts of named volumes, by the volume's key. */
export function namedMounts(service: ServiceView): Map<string, MountView[]> {
  const found = new Map<string, MountView[]>();
  for (const one of service.mounts)
    if (one.kind === "volume" && one.source) found.set(one.source, [...(found.get(one.source) ?? []), one]);
  return found;
}

function storesIn(graph: Graph): Map<string, Store> {
  const users = new Map<string, string[]>();
  for (const service of graph.services)
    for (const key of namedMounts(service).keys()) users.set(key, [...(users.get(key) ?? []), service.name]);
  return new Map(
    graph.volumes.map((volume) => [
      volume.key,
      { id: volumeId(volume.key), key: volume.key, volume, users: users.get(volume.key) ?? [] },
    ]),
  );
}

/** All that is drawn of a design. Wires to things that are not there are left out; problems speak of those. */
export function drawingOf(graph: Graph, layout: Places): Drawing {
  const services = new Map(graph.services.map((service) => [service.name, service]));
  const bars = barsIn(graph, layout);
  const stores = storesIn(graph);
  const host = bars.get(HOST);
  const publishers = new Set(host?.publishers);
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
    const shared = hostOf(service);
    if (services.has(shared))
      wires.push({ id: `shares:${name}:${shared}`, kind: "shares", service: name, target: shared });
    if (host && publishers.has(name))
      wires.push({
        id: portId(name),
        kind: "publish",
        service: name,
        network: HOST,
        color: host.color,
        words: portWords(service),
      });
    for (const [volume, mounts] of namedMounts(service))
      if (stores.has(volume))
        wires.push({
          id: mountId(name, volume),
          kind: "mount",
          service: name,
          volume,
          paths: mounts.map((one) => one.target),
          readOnly: mounts.every((one) => one.read_only),
        });
  }
  return { services, bars, stores, wires };
}

/** The ids of everything that needs a place. */
export function nodeIds(drawing: Drawing): string[] {
  return [
    ...[...drawing.bars.values()].map((bar) => bar.id),
    ...[...drawing.services.keys()].map(serviceId),
    ...[...drawing.stores.values()].map((one) => one.id),
  ];
}

/** The other end of a wire, as a node's id. */
export function endOf(wire: Wire): string {
  if (wire.kind === "member" || wire.kind === "publish") return networkId(wire.network);
  return wire.kind === "mount" ? volumeId(wire.volume) : serviceId(wire.target);
}

/** The words a screen reader says for a volume. */
export function describeVolume({ key, users, volume }: Store): string {
  const by = users.length ? `used by ${users.join(", ")}` : "used by nobody";
  return `${volume.external ? "external volume" : "volume"} ${key}, ${by}`;
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
