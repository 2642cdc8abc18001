// Node and edge ids of the canvas. "service:web", "network:front", "network:@bridge" (docker0), "host:" (the Host);
// edges: "member:web:front", "link:web:redis:db", "depends:web:db", "port:web:0".

export const BRIDGE = "@bridge";
export const HOST_NODE = "host:";

export const serviceId = (name: string) => `service:${name}`;
export const networkId = (key: string) => `network:${key}`;
export const memberId = (service: string, network: string) => `member:${service}:${network}`;
export const linkId = (service: string, target: string, alias: string) =>
  `link:${service}:${target}:${alias}`;
export const dependsId = (service: string, target: string) => `depends:${service}:${target}`;

export type Parsed =
  | { kind: "service"; name: string }
  | { kind: "network"; key: string }
  | { kind: "host" }
  | { kind: "member"; service: string; network: string }
  | { kind: "link"; service: string; target: string; alias: string }
  | { kind: "depends"; service: string; target: string };

/** What an id stands for; null for an id of no known form. Names never hold a colon. */
export function parseId(id: string): Parsed | null {
  const [kind, a = "", b = "", c = ""] = id.split(":");
  if (kind === "service") return { kind, name: a };
  if (kind === "network") return { kind, key: a };
  if (kind === "host") return { kind };
  if (kind === "member") return { kind, service: a, network: b };
  if (kind === "link") return { kind, service: a, target: b, alias: c };
  if (kind === "depends") return { kind, service: a, target: b };
  return null;
}

/** An id for one edit, made by the client, so that a repeated send does nothing twice. */
export const newOpId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
