// Copies of services and networks: what goes on the clipboard and what comes from it. Wires inside the copy stay. Pure.
import type { Graph } from "../wire.gen";
import { uniqueName } from "./catalog";
import type { Edit } from "./edit";
import type { Point } from "./geometry";
import { networkId, parseId, serviceId } from "./ids";

export interface Clip {
  netyard: 1;
  services: { name: string; keys: Record<string, unknown>; at: Point }[];
  networks: { key: string; keys: Record<string, unknown>; at: Point; w: number | null; h: number | null }[];
}

type Keys = Record<string, unknown>;
const isMap = (value: unknown): value is Keys =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The selected services and networks; null when there is none among the selection. */
export function clipOf(
  graph: Graph,
  selection: string[],
  boxes: Record<string, { x: number; y: number; w: number; h: number }>,
): Clip | null {
  const clip: Clip = { netyard: 1, services: [], networks: [] };
  for (const id of selection) {
    const thing = parseId(id);
    const box = boxes[id] ?? { x: 0, y: 0, w: 0, h: 0 };
    const at = { x: box.x, y: box.y };
    const service = thing?.kind === "service" && graph.services.find((one) => one.name === thing.name);
    if (service) clip.services.push({ name: service.name, keys: service.keys, at });
    const network = thing?.kind === "network" && graph.networks.find((one) => one.key === thing.key);
    if (network && !network.implicit)
      clip.networks.push({ key: network.key, keys: network.keys, at, w: box.w, h: box.h });
  }
  return clip.services.length || clip.networks.length ? clip : null;
}

/** A clip from clipboard text; null when the text is something else. */
export function readClip(text: string): Clip | null {
  if (!text.startsWith('{"netyard":1')) return null;
  try {
    const clip = JSON.parse(text) as Clip;
    return Array.isArray(clip.services) && Array.isArray(clip.networks) ? clip : null;
  } catch {
    return null;
  }
}

/** "8080:80" with the first host port from the written one on that nobody has; other forms stay. */
function freePort(port: unknown, taken: Set<string>): unknown {
  const match = typeof port === "string" ? /^((?:[\d.]+:)?)(\d+):(\d+(?:\/\w+)?)$/.exec(port) : null;
  if (!match) return port;
  let published = Number(match[2]);
  while (taken.has(String(published)) && published < 65535) published++;
  taken.add(String(published));
  return `${match[1]}${published}:${match[3]}`;
}

function renamedLink(link: unknown, names: Map<string, string>): unknown {
  if (typeof link !== "string") return link;
  const [target = "", alias] = link.split(":");
  const to = names.get(target);
  return to ? `${to}:${alias ?? target}` : link;
}

function withoutFixed(networks: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(networks)) return networks.map((key) => names.get(key) ?? key);
  if (!isMap(networks)) return networks;
  return Object.fromEntries(
    Object.entries(networks).map(([key, value]) => {
      if (!isMap(value)) return [names.get(key) ?? key, value];
      const { ipv4_address: _a, ipv6_address: _b, mac_address: _c, ...kept } = value;
      return [names.get(key) ?? key, Object.keys(kept).length ? kept : null];
    }),
  );
}

function renamedDepends(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((name) => names.get(name) ?? name);
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [names.get(name) ?? name, one]));
  return value;
}

/** A copy's keys: what must be one of a kind (container name, addresses, host ports) is left out or made free. */
function copiedKeys(
  keys: Keys,
  services: Map<string, string>,
  networks: Map<string, string>,
  ports: Set<string>,
): Keys {
  const { container_name: _name, mac_address: _mac, ...copy } = structuredClone(keys);
  if (Array.isArray(copy.ports)) copy.ports = copy.ports.map((port) => freePort(port, ports));
  if (Array.isArray(copy.links)) copy.links = copy.links.map((link) => renamedLink(link, services));
  if (copy.networks !== undefined) copy.networks = withoutFixed(copy.networks, networks);
  if (copy.depends_on !== undefined) copy.depends_on = renamedDepends(copy.depends_on, services);
  const shared = typeof copy.network_mode === "string" ? /^service:(.+)$/.exec(copy.network_mode) : null;
  if (shared?.[1] && services.has(shared[1])) copy.network_mode = `service:${services.get(shared[1])}`;
  return copy;
}

export interface Pasted {
  edit: Edit;
  label: string;
  ids: string[];
  at: Record<string, Point & { w: number | null; h: number | null }>;
}

/** One edit that adds a clip's services and networks under free names, moved by `shift`. */
export function pasteOf(graph: Graph, clip: Clip, shift: Point, verb: string): Pasted {
  const takenServices = graph.services.map((one) => one.name);
  const takenNetworks = graph.networks.map((one) => one.key);
  const services = new Map<string, string>();
  const networks = new Map<string, string>();
  const stem = (name: string) => name.replace(/-\d+$/, "") || name;
  const fresh = (wanted: string, taken: string[], names: Map<string, string>) => {
    const name = taken.includes(wanted) ? uniqueName(stem(wanted), taken) : wanted;
    taken.push(name);
    names.set(wanted, name);
    return name;
  };
  for (const { key } of clip.networks) fresh(key, takenNetworks, networks);
  for (const { name } of clip.services) fresh(name, takenServices, services);
  const ports = new Set(graph.services.flatMap((one) => one.ports.map((port) => port.published)));
  const edits: Edit[] = [];
  const at: Pasted["at"] = {};
  for (const one of clip.networks) {
    const name = networks.get(one.key) ?? one.key;
    const { name: _fixed, ipam: _subnets, ...keys } = structuredClone(one.keys ?? {}) as Keys;
    edits.push({ kind: "add_network", name, keys });
    at[networkId(name)] = { x: one.at.x + shift.x, y: one.at.y + shift.y, w: one.w, h: one.h };
  }
  for (const one of clip.services) {
    const name = services.get(one.name) ?? one.name;
    edits.push({ kind: "add_service", name, keys: copiedKeys(one.keys ?? {}, services, networks, ports) });
    at[serviceId(name)] = { x: one.at.x + shift.x, y: one.at.y + shift.y, w: null, h: null };
  }
  const count = edits.length;
  const first = [...services.keys(), ...networks.keys()][0] ?? "";
  const label = count === 1 ? `${verb} ${first}` : `${verb} ${count} items`;
  const edit: Edit = count === 1 && edits[0] ? edits[0] : { kind: "several", edits };
  return { edit, label, ids: Object.keys(at), at };
}
