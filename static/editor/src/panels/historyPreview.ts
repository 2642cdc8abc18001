// An older version on the canvas: its graph, with what a later one removed as ghosts, and marks for what differs. Only for looking.
import { BAR_H, CARD_H, CARD_W } from "../model/geometry";
import type { Places } from "../model/state";
import { editor } from "../model/store";
import { get } from "../sync/api";
import type { Difference, Graph, NodeDifference, NodeLayout, RevisionView, StackView } from "../wire.gen";
import { isNarrow } from "./show";

type Marks = Record<string, NodeDifference>;

const missing = <T>(from: T[], to: T[], key: (one: T) => string): T[] => {
  const there = new Set(to.map(key));
  return from.filter((one) => !there.has(key(one)));
};

/** The graph of `shown` with the services and networks that only `other` has, so that what was taken away can be seen. */
export function withGhosts(shown: Graph, other: Graph): Graph {
  return {
    ...shown,
    services: [...shown.services, ...missing(other.services, shown.services, (one) => one.name)],
    networks: [...shown.networks, ...missing(other.networks, shown.networks, (one) => one.key)],
  };
}

/** Of the places that are kept, those of a graph's nodes. */
function placesOf(graph: Graph, kept: Places): Places {
  const ids = [
    ...graph.services.map((one) => `service:${one.name}`),
    ...graph.networks.map((one) => `network:${one.key}`),
  ];
  return Object.fromEntries(ids.flatMap((id) => (kept[id] ? [[id, kept[id]]] : [])));
}

const GAP = 40;

/** Places for the ghosts: where they were, or, where something else stands by now, beside it. */
export function besideOthers(shown: Places, ghosts: Places): Places {
  const taken = { ...shown };
  const found: Places = {};
  for (const [id, place] of Object.entries(ghosts)) {
    if (shown[id]) continue;
    const isCard = id.startsWith("service:");
    const meets = (at: NodeLayout) =>
      Object.entries(taken).some(
        ([other, there]) =>
          other.startsWith("service:") === isCard &&
          Math.abs(there.x - at.x) < (isCard ? CARD_W : (there.w ?? CARD_W)) &&
          Math.abs(there.y - at.y) < (isCard ? CARD_H : BAR_H),
      );
    let at = place;
    while (meets(at)) at = isCard ? { ...at, x: at.x + CARD_W + GAP } : { ...at, y: at.y + BAR_H + GAP };
    taken[id] = at;
    found[id] = at;
  }
  return found;
}

export const marksOf = (difference: Difference): Marks =>
  Object.fromEntries(difference.nodes.map((one) => [one.id, one]));

/** Show `version` on the canvas, marked with what it changed of `against` (0: no marks). The design itself is left alone. */
export async function showVersion(version: number, against = 0): Promise<void> {
  const { stackId, pending } = editor.get();
  if (pending > 0) return;
  const path = (of: number) => `stacks/${stackId}/revisions/${of}`;
  const [shown, other, difference] = await Promise.all([
    get<RevisionView>(path(version)),
    against ? get<RevisionView>(path(against)) : null,
    against ? get<Difference>(`stacks/${stackId}/difference?old=${against}&new=${version}`) : null,
  ]);
  editor.set((state) => {
    const now = state.preview?.now ?? state.stack;
    if (!now || state.stackId !== stackId) return {};
    const graph = other ? withGhosts(shown.stack.graph, other.stack.graph) : shown.stack.graph;
    const stack: StackView = { ...shown.stack, graph, problems: [] };
    const kept = state.preview?.places ?? state.layout;
    const places = { ...shown.stack.layout, ...placesOf(shown.stack.graph, kept) };
    const ghosts = other ? { ...other.stack.layout, ...placesOf(other.stack.graph, kept) } : {};
    const layout = { ...kept, ...places, ...besideOthers(places, ghosts) };
    const marks = difference ? marksOf(difference) : {};
    return {
      ...(isNarrow() ? { side: null } : {}),
      stack,
      layout,
      selection: [],
      plan: null,
      preview: { version, against, now, marks, places: kept },
    };
  });
}

/** Back to the design as it is. */
export function leavePreview(): void {
  editor.set((state) => {
    if (!state.preview) return {};
    const { now, places } = state.preview;
    const layout = Object.fromEntries(
      Object.entries(now.layout).map(([id, place]) => [id, places[id] ?? place]),
    );
    return { stack: now, layout, preview: null, selection: [] };
  });
}

/** The stack as it is, also while another version is shown. */
export const stackNow = () => editor.get().preview?.now ?? editor.get().stack;
