// An older version on the canvas: its graph, with what a later one removed as ghosts, and marks for what differs. Only for looking.
import { editor } from "../model/store";
import { get } from "../sync/api";
import type { Difference, Graph, NodeDifference, RevisionView, StackView } from "../wire.gen";

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
    const layout = { ...other?.stack.layout, ...shown.stack.layout, ...state.layout };
    const marks = difference ? marksOf(difference) : {};
    return { stack, layout, selection: [], plan: null, preview: { version, against, now, marks } };
  });
}

/** Back to the design as it is. */
export function leavePreview(): void {
  editor.set((state) => {
    if (!state.preview) return {};
    const { now } = state.preview;
    const known = new Set(Object.keys(now.layout));
    const layout = Object.fromEntries(Object.entries(state.layout).filter(([id]) => known.has(id)));
    return { stack: now, layout, preview: null, selection: [] };
  });
}

/** The stack as it is, also while another version is shown. */
export const stackNow = () => editor.get().preview?.now ?? editor.get().stack;
