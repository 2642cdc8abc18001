// The scene: from the store to rectangles, routed lines and the graph library's nodes and edges. What did not change keeps its
// object, so that only what changed is rendered.
import type { Node } from "@xyflow/react";
import { Position } from "@xyflow/react";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { lanes } from "../model/arrows";
import { isVertical } from "../model/boxes";
import type { Box } from "../model/geometry";
import {
  barsOf,
  type Drawing,
  describeService,
  describeVolume,
  drawingOf,
  endOf,
  NOTHING,
  nodeIds,
  type Wire,
} from "../model/graph";
import { HOST, networkId, parseId, serviceId } from "../model/ids";
import { boxesOf } from "../model/placement";
import type { EdgeClass, Places } from "../model/state";
import { useEditor } from "../model/store";
import { type Membership, type Route, routes } from "../model/taps";
import { networkWord } from "../model/wiring";
import type { WireEdge } from "./edges";
import { serviceLive } from "./live";
import { canvas, useCanvas } from "./state";

export const OVERVIEW_FROM = 150;
const PORT_LABEL_GAP = 108;

/** Rectangles as they are to be drawn: own drags win over others' drags, these over the places kept. */
export function shownBoxes(
  kept: Record<string, Box>,
  remote: Places,
  held: Record<string, Box>,
): Record<string, Box> {
  const shown = { ...kept };
  for (const [id, place] of Object.entries(remote)) {
    const box = kept[id];
    if (box) shown[id] = { x: place.x, y: place.y, w: place.w ?? box.w, h: place.h ?? box.h };
  }
  for (const [id, box] of Object.entries(held)) if (kept[id]) shown[id] = box;
  return shown;
}

/** The bars whose lines follow while only cards are held; null where every line has to be found anew. */
export function barsOfHeld(drawing: Drawing, held: Record<string, Box>): Set<string> | null {
  const ids = Object.keys(held);
  if (!ids.length || ids.length > 40) return null;
  const found = new Set<string>();
  for (const id of ids) {
    const service = id.startsWith("service:") ? drawing.services.get(id.slice("service:".length)) : undefined;
    if (!service) return null;
    for (const key of barsOf(service)) found.add(key);
    if (service.ports.length && drawing.bars.has(HOST)) found.add(HOST);
  }
  return found;
}

/**
 * The lines of all memberships, keeping the objects of those that did not change. With `only`, lines of other bars stay as they
 * were: while a card is dragged they need not make way for it at every frame.
 */
export function routesOf(
  drawing: Drawing,
  boxes: Record<string, Box>,
  layout: Places,
  before: Map<string, Route>,
  only: Set<string> | null = null,
): Map<string, Route> {
  const members: Membership[] = [];
  for (const wire of drawing.wires) {
    if (wire.kind !== "member" && wire.kind !== "publish") continue;
    const [card, bar] = [boxes[serviceId(wire.service)], boxes[networkId(wire.network)]];
    if (card && bar)
      members.push({
        id: wire.id,
        service: wire.service,
        network: wire.network,
        card,
        bar,
        vertical: isVertical(layout[networkId(wire.network)]),
        gap: wire.kind === "publish" ? PORT_LABEL_GAP : undefined,
      });
  }
  const cards = [...drawing.services.keys()].flatMap((name) => boxes[serviceId(name)] ?? []);
  const found = routes(members, cards, only);
  for (const [id, route] of found) {
    const old = before.get(id);
    if (old && JSON.stringify(old) === JSON.stringify(route)) found.set(id, old);
  }
  return only ? new Map([...before, ...found]) : found;
}

const anchor = (w: number, h: number) =>
  (["source", "target"] as const).map((type) => ({
    type,
    position: Position.Top,
    x: w / 2,
    y: h / 2,
    width: 1,
    height: 1,
  }));

function nodeOf(id: string, box: Box, selected: boolean, draggable: boolean, words: string): Node {
  const parsed = parseId(id)?.kind;
  const kind = parsed === "service" || parsed === "volume" ? parsed : "network";
  return {
    id,
    type: kind,
    position: { x: box.x, y: box.y },
    width: box.w,
    height: box.h,
    measured: { width: box.w, height: box.h },
    handles: anchor(box.w, box.h),
    data: {},
    selected,
    draggable,
    connectable: false,
    deletable: false,
    zIndex: kind === "network" ? 1 : 2,
    ariaLabel: words,
    ariaRole: "group",
  };
}

const same = (a: Node, b: Node) =>
  a.position.x === b.position.x &&
  a.position.y === b.position.y &&
  a.width === b.width &&
  a.height === b.height &&
  a.selected === b.selected &&
  a.draggable === b.draggable &&
  a.ariaLabel === b.ariaLabel;

/** Words for screen readers, made anew only with the design or the states. */
function useWords(drawing: Drawing): Record<string, string> {
  const status = useEditor((state) => state.status);
  return useMemo(() => {
    const words: Record<string, string> = {};
    for (const service of drawing.services.values())
      words[serviceId(service.name)] = describeService(service, serviceLive(service, status).word);
    for (const bar of drawing.bars.values()) {
      const count = bar.members.length;
      words[bar.id] = `network ${networkWord(bar.key)}, ${count} ${count === 1 ? "service" : "services"}`;
    }
    for (const store of drawing.stores.values()) words[store.id] = describeVolume(store);
    return words;
  }, [drawing, status]);
}

/** Keeps `useCanvas` in step with the editor's store, and gives nodes and edges for the graph library. */
export function useScene(draggable: boolean): { nodes: Node[]; edges: WireEdge[] } {
  const graph = useEditor((state) => state.stack?.graph);
  const layout = useEditor((state) => state.layout);
  const stackId = useEditor((state) => state.stackId);
  const remote = useEditor((state) => state.remoteDrags);
  const selection = useEditor((state) => state.selection);
  const hidden = useEditor((state) => state.hidden);
  const held = useCanvas((state) => state.held);
  const overview = useCanvas((state) => state.overview);
  const drawing = useMemo(() => (graph ? drawingOf(graph, layout) : NOTHING), [graph, layout]);
  const drawn = useRef<{ stackId: string; boxes: Record<string, Box> }>({ stackId: "", boxes: {} });
  const kept = useMemo(() => {
    const before = drawn.current.stackId === stackId ? drawn.current.boxes : {};
    const boxes = boxesOf(drawing, layout, before);
    drawn.current = { stackId, boxes };
    return boxes;
  }, [drawing, layout, stackId]);
  const boxes = useMemo(() => shownBoxes(kept, remote, held), [kept, remote, held]);
  const lines = useRef<{ drawing: Drawing; routes: Map<string, Route> }>({
    drawing: NOTHING,
    routes: new Map(),
  });
  lines.current = useMemo(() => {
    const last = lines.current;
    const only = last.drawing === drawing ? barsOfHeld(drawing, held) : null;
    return { drawing, routes: routesOf(drawing, boxes, layout, last.routes, only) };
  }, [drawing, boxes, layout, held]);
  const routed = lines.current.routes;
  useLayoutEffect(() => canvas.set({ drawing, boxes, routes: routed }), [drawing, boxes, routed]);

  const words = useWords(drawing);
  const known = useRef(new Map<string, Node>());
  const nodes = useMemo(() => {
    const selected = new Set(selection);
    const next = nodeIds(drawing).flatMap((id) => {
      if (hidden.volumes && id.startsWith("volume:")) return [];
      const box = boxes[id];
      if (!box) return [];
      const node = nodeOf(id, box, selected.has(id), draggable, words[id] ?? id);
      const before = known.current.get(id);
      return [before && same(before, node) ? before : node];
    });
    known.current = new Map(next.map((node) => [node.id, node]));
    return next;
  }, [drawing, boxes, selection, draggable, words, hidden.volumes]);
  const edges = useEdges(drawing, selection, hidden, overview);
  return { nodes, edges };
}

const CLASS: Record<Wire["kind"], EdgeClass> = {
  member: "membership",
  shares: "membership",
  link: "link",
  depends: "depends",
  publish: "ports",
  mount: "volumes",
};

const ends = (wire: Wire): [string, string] => [serviceId(wire.service), endOf(wire)];
const ARROWS = new Set<Wire["kind"]>(["link", "depends", "shares"]);

function useEdges(
  drawing: Drawing,
  selection: string[],
  hidden: Record<EdgeClass, boolean>,
  overview: boolean,
): WireEdge[] {
  const known = useRef(new Map<string, WireEdge>());
  const edges = useMemo(() => {
    if (overview) return [];
    const shown = drawing.wires.filter((wire) => !hidden[CLASS[wire.kind]]);
    const arrows = shown.filter((wire) => ARROWS.has(wire.kind));
    const lane = lanes(arrows.map((wire) => ({ id: wire.id, from: ends(wire)[0], to: ends(wire)[1] })));
    const selected = new Set(selection);
    return shown.map((wire): WireEdge => {
      const [source, target] = ends(wire);
      const next: WireEdge = {
        id: wire.id,
        type: wire.kind,
        source,
        target,
        selected: selected.has(wire.id),
        selectable: false,
        focusable: false,
        deletable: false,
        data: { wire, lane: lane.get(wire.id) ?? 0 },
      };
      const before = known.current.get(wire.id);
      return before && JSON.stringify(before) === JSON.stringify(next) ? before : next;
    });
  }, [drawing, selection, hidden, overview]);
  useEffect(() => {
    known.current = new Map(edges.map((edge) => [edge.id, edge]));
  }, [edges]);
  return edges;
}
