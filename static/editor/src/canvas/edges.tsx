// The lines: membership (undirected, in the network's colour and pattern), links (dashed arrow with alias), depends_on (thin
// arrow with its condition), shared network stacks (dotted). Each has a wide invisible path, so that it is easy to hit.
import { type Edge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo, useMemo } from "react";
import { type Arrow, arrowBetween } from "../model/arrows";
import type { Box } from "../model/geometry";
import type { Wire } from "../model/graph";
import { isPlace, networkId, serviceId } from "../model/ids";
import { choose, useEditor } from "../model/store";
import { roundedPath } from "../model/taps";
import classes from "./edges.module.css";
import { useLinkProblem, useWireRate } from "./live";
import { paint, styleOf } from "./paint";
import { type CanvasState, useCanvas } from "./state";
import { MountEdge, PublishEdge } from "./storageEdges";
import { CONDITIONS } from "./text";

export type WireEdge = Edge<{ wire: Wire; lane: number }>;

const BUSY_RATE = 512; // bytes a second from which a line shows that it carries something

const MemberEdge = memo(function MemberEdge({ id, data, selected }: EdgeProps<WireEdge>) {
  const path = useCanvas((state) => {
    const route = state.routes.get(id);
    return route ? roundedPath(route.points) : "";
  });
  const wire = data?.wire;
  const [service, network, color] =
    wire?.kind === "member" ? [wire.service, wire.network, wire.color] : ["", "", 0];
  const busy = (useWireRate(service, network) ?? 0) >= BUSY_RATE;
  const near = useEditor(
    (state) => state.selection.includes(serviceId(service)) || state.selection.includes(networkId(network)),
  );
  if (!path) return null;
  return (
    <g
      className={`${classes.member} ny-net`}
      style={paint(color)}
      data-selected={selected || undefined}
      data-near={near || undefined}
      data-implicit={(wire?.kind === "member" && wire.implicit) || undefined}
      data-busy={busy || undefined}
    >
      <path d={path} className={classes.hit} />
      <path d={path} className={classes.under} />
      <path
        d={path}
        className={classes.line}
        strokeDasharray={isPlace(network) ? "3 3" : styleOf(color).dash}
      />
      {busy && <path d={path} className={classes.flow} />}
    </g>
  );
});

function useArrow(from: string, to: string, lane: number): Arrow | null {
  const arrow = useCanvas((state) => {
    const [a, b] = [state.boxes[serviceId(from)], state.boxes[serviceId(to)]];
    if (!a || !b) return "";
    // as text, so that a line renders only when its own way changes
    return JSON.stringify(arrowBetween(a, b, lane, cardsNear(state, a, b)));
  });
  return useMemo(() => (arrow ? (JSON.parse(arrow) as Arrow) : null), [arrow]);
}

function cardsNear(state: CanvasState, a: Box, b: Box): Box[] {
  const cards: Box[] = [];
  if (a.y + a.h < b.y || b.y + b.h < a.y) return cards; // only cards in one row can stand between
  for (const name of state.drawing.services.keys()) {
    const card = state.boxes[serviceId(name)];
    if (card && card !== a && card !== b) cards.push(card);
  }
  return cards;
}

function Head({ arrow }: { arrow: Arrow }) {
  const { tip, angle } = arrow;
  return (
    <path
      d="M-10,-5L0,0L-10,5Z"
      className={classes.head}
      transform={`translate(${tip.x},${tip.y}) rotate(${angle})`}
    />
  );
}

const LinkEdge = memo(function LinkEdge({ id, data, selected }: EdgeProps<WireEdge>) {
  const wire = data?.wire.kind === "link" ? data.wire : null;
  const arrow = useArrow(wire?.service ?? "", wire?.target ?? "", data?.lane ?? 0);
  const problem = useLinkProblem(wire?.service ?? "", wire?.target ?? "", wire?.alias ?? "");
  if (!arrow || !wire) return null;
  return (
    <g className={classes.link} data-selected={selected || undefined} data-bad={problem ? true : undefined}>
      <path d={arrow.path} className={classes.hit} />
      <path d={arrow.path} className={classes.under} />
      <path d={arrow.path} className={classes.line} />
      <Head arrow={arrow} />
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`${classes.label} nodrag nopan`}
          data-selected={selected || undefined}
          data-bad={problem ? true : undefined}
          style={{ transform: `translate(-50%, -50%) translate(${arrow.middle.x}px, ${arrow.middle.y}px)` }}
          title={problem || `${wire.service} reaches ${wire.target} as ${wire.alias}`}
          aria-label={`Link: ${wire.service} reaches ${wire.target} as ${wire.alias}${problem ? `. ${problem}` : ""}`}
          onClick={(event) => {
            event.stopPropagation();
            choose([id]);
          }}
        >
          <span className={classes.alias}>{wire.alias}</span>
          <span className={classes.tag}>{problem ? "cannot reach" : "link"}</span>
        </button>
      </EdgeLabelRenderer>
    </g>
  );
});

const DependsEdge = memo(function DependsEdge({ data, selected }: EdgeProps<WireEdge>) {
  const wire = data?.wire.kind === "depends" ? data.wire : null;
  const arrow = useArrow(wire?.service ?? "", wire?.target ?? "", data?.lane ?? 0);
  if (!arrow || !wire) return null;
  return (
    <g className={classes.depends} data-selected={selected || undefined}>
      <path d={arrow.path} className={classes.hit} />
      <path d={arrow.path} className={classes.line} />
      <Head arrow={arrow} />
      <EdgeLabelRenderer>
        <span
          className={classes.condition}
          style={{ transform: `translate(-50%, -50%) translate(${arrow.middle.x}px, ${arrow.middle.y}px)` }}
        >
          after {CONDITIONS[wire.condition] ?? wire.condition}
        </span>
      </EdgeLabelRenderer>
    </g>
  );
});

const SharesEdge = memo(function SharesEdge({ data }: EdgeProps<WireEdge>) {
  const wire = data?.wire.kind === "shares" ? data.wire : null;
  const arrow = useArrow(wire?.service ?? "", wire?.target ?? "", data?.lane ?? 0);
  if (!arrow) return null;
  return (
    <g className={classes.shares}>
      <path d={arrow.path} className={classes.line} />
    </g>
  );
});

export const edgeTypes = {
  member: MemberEdge,
  link: LinkEdge,
  depends: DependsEdge,
  shares: SharesEdge,
  mount: MountEdge,
  publish: PublishEdge,
};
