// What drawing a line from one node to another means: an attachment, a link, docker0; or why it cannot be. Pure.
import type { Graph, ServiceView } from "../wire.gen";
import type { Edit } from "./edit";
import { barsOf } from "./graph";
import { BRIDGE, HOST, isPlace, linkId, MODES, memberId, NONE, parseId } from "./ids";

export type Connection =
  | { kind: "attach"; service: string; network: string; edit: Edit; label: string; edge: string }
  | { kind: "mount"; service: string; volume: string }
  | { kind: "link"; client: string; server: string; shared: string[]; fixes: Meeting[] }
  | { kind: "refused"; why: string };

/** A network on which client and server can be brought together, and who has to join it. */
export interface Meeting {
  network: string;
  joining: string[];
}

const NO_NETWORKS: Record<string, string> = {
  host: "shares the host's network",
  none: "has no network",
  service: "shares another service's network",
  container: "shares another container's network",
};

const PLACE_WORDS: Record<string, string> = {
  [BRIDGE]: "docker0",
  [HOST]: "the host's network",
  [NONE]: "no network",
};
export const networkWord = (key: string) => PLACE_WORDS[key] ?? key;

export function attachEdit(service: string, network: string): Edit {
  return isPlace(network)
    ? { kind: "set_network_mode", service, mode: MODES[network] ?? null }
    : { kind: "attach", service, network };
}

export function detachEdit(service: string, network: string): Edit {
  return isPlace(network)
    ? { kind: "set_network_mode", service, mode: null }
    : { kind: "detach", service, network };
}

/** The networks on which both are; docker0 is one. */
export function sharedBars(a: ServiceView, b: ServiceView): string[] {
  const of = new Set(barsOf(b));
  return barsOf(a).filter((key) => of.has(key));
}

/** Where two services that share no network could meet, the easiest first. */
export function meetings(graph: Graph, client: ServiceView, server: ServiceView): Meeting[] {
  const written = (one: ServiceView) =>
    one.attachments.filter((each) => !each.implicit).map((each) => each.network);
  const found: Meeting[] = [
    ...written(server).map((network) => ({ network, joining: [client.name] })),
    ...written(client).map((network) => ({ network, joining: [server.name] })),
  ];
  for (const { key, implicit } of graph.networks)
    if (!implicit && !found.some((one) => one.network === key))
      found.push({ network: key, joining: [client.name, server.name] });
  if (client.mode === "bridge" || server.mode === "bridge")
    found.push({
      network: BRIDGE,
      joining: [client, server].filter((one) => one.mode !== "bridge").map((one) => one.name),
    });
  return found;
}

function attachment(service: ServiceView, network: string): Connection {
  const { name } = service;
  if (barsOf(service).includes(network) && !service.attachments.some((one) => one.implicit))
    return { kind: "refused", why: `${name} is on ${networkWord(network)} already.` };
  return {
    kind: "attach",
    service: name,
    network,
    edit: attachEdit(name, network),
    label: isPlace(network) ? `Put ${name} on ${networkWord(network)}` : `Attach ${name} to ${network}`,
    edge: memberId(name, network),
  };
}

function link(graph: Graph, client: ServiceView, server: ServiceView): Connection {
  if (client.name === server.name) return { kind: "refused", why: "A service cannot link to itself." };
  for (const one of [client, server]) {
    const why = NO_NETWORKS[one.mode];
    if (why) return { kind: "refused", why: `${one.name} ${why}, so links do not work there.` };
  }
  const shared = sharedBars(client, server);
  const fixes = shared.length ? [] : meetings(graph, client, server);
  return { kind: "link", client: client.name, server: server.name, shared, fixes };
}

/** What a line from one node to another would make. From card to card, the first is the client. */
export function connectionOf(graph: Graph, sourceId: string, targetId: string): Connection {
  const [source, target] = [parseId(sourceId), parseId(targetId)];
  const service = (name: string) => graph.services.find((one) => one.name === name);
  if (source?.kind === "service" && target?.kind === "service") {
    const [client, server] = [service(source.name), service(target.name)];
    if (client && server) return link(graph, client, server);
  }
  const end = source?.kind === "service" ? source : target?.kind === "service" ? target : null;
  const bar = source?.kind === "network" ? source : target?.kind === "network" ? target : null;
  const member = end && service(end.name);
  const volume = source?.kind === "volume" ? source : target?.kind === "volume" ? target : null;
  if (member && volume) return { kind: "mount", service: member.name, volume: volume.key };
  if (volume) return { kind: "refused", why: "A volume is mounted by a service: draw to a card." };
  if (member && bar) return attachment(member, bar.key);
  if (source?.kind === "network" && target?.kind === "network")
    return { kind: "refused", why: "Two networks meet through a service: draw from a card." };
  return { kind: "refused", why: "These two cannot be connected." };
}

/** One edit that links client to server, after those of `joining` have joined the meeting's network. */
export function linkEdit(client: string, server: string, alias: string, meeting: Meeting | null): Edit {
  const add: Edit = { kind: "add_link", service: client, target: server, alias };
  if (!meeting) return add;
  return {
    kind: "several",
    edits: [...meeting.joining.map((name) => attachEdit(name, meeting.network)), add],
  };
}

/** Why an alias cannot be; "" when it can. */
export function aliasProblem(graph: Graph, client: string, server: string, alias: string): string {
  if (!alias) return "Give the name under which the client reaches it.";
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(alias))
    return "Letters, digits, dots, dashes and underscores only.";
  const links = graph.services.find((one) => one.name === client)?.links ?? [];
  if (links.some((one) => one.alias === alias && one.target !== server))
    return `${client} already calls another service ${alias}.`;
  if (links.some((one) => one.alias === alias && one.target === server))
    return `${client} is linked to ${server} as ${alias} already.`;
  return "";
}

export const linkEdge = linkId;
