// Node and edge ids of the canvas. "service:web", "network:front", "volume:data", and the places that are no network of the
// file: "network:@bridge" (docker0), "network:@host" (the Host), "network:@none" (no network at all);
// edges: "member:web:front", "link:web:redis:db", "depends:web:db", "port:web" (its published ports), "mount:web:data".

export const BRIDGE = "@bridge";
export const HOST = "@host";
export const NONE = "@none";

/** The `network_mode` of each place. */
export const MODES: Record<string, "bridge" | "host" | "none"> = {
  [BRIDGE]: "bridge",
  [HOST]: "host",
  [NONE]: "none",
};
export const PLACES = Object.keys(MODES);

/** Whether a bar is a place that a service is put on by its `network_mode`. */
export const isPlace = (key: string) => key in MODES;
export const placeOfMode = (mode: string) => PLACES.find((key) => MODES[key] === mode);

export const serviceId = (name: string) => `service:${name}`;
export const networkId = (key: string) => `network:${key}`;
export const volumeId = (key: string) => `volume:${key}`;
export const portId = (service: string) => `port:${service}`;
export const mountId = (service: string, volume: string) => `mount:${service}:${volume}`;
export const memberId = (service: string, network: string) => `member:${service}:${network}`;
export const linkId = (service: string, target: string, alias: string) =>
  `link:${service}:${target}:${alias}`;
export const dependsId = (service: string, target: string) => `depends:${service}:${target}`;

export type Parsed =
  | { kind: "service"; name: string }
  | { kind: "network"; key: string }
  | { kind: "volume"; key: string }
  | { kind: "port"; service: string }
  | { kind: "mount"; service: string; volume: string }
  | { kind: "member"; service: string; network: string }
  | { kind: "link"; service: string; target: string; alias: string }
  | { kind: "depends"; service: string; target: string };

/** What an id stands for; null for an id of no known form. Names never hold a colon. */
export function parseId(id: string): Parsed | null {
  const [kind, a = "", b = "", c = ""] = id.split(":");
  if (kind === "service") return { kind, name: a };
  if (kind === "network") return { kind, key: a };
  if (kind === "volume") return { kind, key: a };
  if (kind === "port") return { kind, service: a };
  if (kind === "mount") return { kind, service: a, volume: b };
  if (kind === "member") return { kind, service: a, network: b };
  if (kind === "link") return { kind, service: a, target: b, alias: c };
  if (kind === "depends") return { kind, service: a, target: b };
  return null;
}

/** An id for one edit, made by the client, so that a repeated send does nothing twice. */
export const newOpId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
