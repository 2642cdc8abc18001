// Lines of what is not a network: a service's mount of a volume, and the ports that it publishes on the Host.
import { EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { clamp } from "../model/geometry";
import { serviceId, volumeId } from "../model/ids";
import { choose, useEditor } from "../model/store";
import { roundedPath } from "../model/taps";
import type { WireEdge } from "./edges";
import classes from "./edges.module.css";
import { paint } from "./paint";
import { useCanvas } from "./state";

const INSET = 28; // from a card's corner
const FAN = 14; // between the lines of one card

/** From the foot (or head) of a card to the nearest end of a volume: one soft curve. */
export function mountPath(
  card: { x: number; y: number; w: number; h: number },
  volume: { x: number; y: number; w: number; h: number },
): string {
  const under = volume.y + volume.h / 2 >= card.y + card.h / 2;
  const end = { x: volume.x + volume.w / 2, y: under ? volume.y : volume.y + volume.h };
  // beside the middle, where the ports of networks are
  const wish = clamp(end.x, card.x + INSET, card.x + card.w - INSET);
  const middle = card.x + card.w / 2;
  const x = Math.abs(wish - middle) < FAN ? middle + (wish < middle ? -FAN : FAN) : wish;
  const start = { x, y: under ? card.y + card.h : card.y };
  const reach = Math.max(16, Math.abs(end.y - start.y) / 2) * (under ? 1 : -1);
  return `M${start.x},${start.y}C${start.x},${start.y + reach} ${end.x},${end.y - reach} ${end.x},${end.y}`;
}

export const MountEdge = memo(function MountEdge({ data, selected }: EdgeProps<WireEdge>) {
  const wire = data?.wire.kind === "mount" ? data.wire : null;
  const [card, volume] = [serviceId(wire?.service ?? ""), volumeId(wire?.volume ?? "")];
  const path = useCanvas((state) => {
    const [a, b] = [state.boxes[card], state.boxes[volume]];
    return a && b ? mountPath(a, b) : "";
  });
  const lit = useCanvas((state) => state.hovered === volume);
  const near = useEditor((state) => state.selection.includes(card) || state.selection.includes(volume));
  if (!path || !wire) return null;
  return (
    <g
      className={classes.mount}
      data-selected={selected || undefined}
      data-near={lit || near || undefined}
      data-read-only={wire.readOnly || undefined}
    >
      <title>
        {`${wire.service} has ${wire.volume} at ${wire.paths.join(", ")}${wire.readOnly ? ", read-only" : ""}`}
      </title>
      <path d={path} className={classes.hit} />
      <path d={path} className={classes.line} />
    </g>
  );
});

export const PublishEdge = memo(function PublishEdge({ id, data, selected }: EdgeProps<WireEdge>) {
  const route = useCanvas((state) => state.routes.get(id));
  const wire = data?.wire.kind === "publish" ? data.wire : null;
  if (!route || !wire) return null;
  const path = roundedPath([...route.points].reverse());
  const { port, tap } = route;
  const out = { top: [0, -13], bottom: [0, 13], left: [-46, 0], right: [46, 0] }[tap.side];
  const angle = { top: 90, bottom: 270, left: 0, right: 180 }[port.side];
  return (
    <g
      className={`${classes.publish} ny-net`}
      style={paint(wire.color)}
      data-selected={selected || undefined}
    >
      <path d={path} className={classes.hit} />
      <path d={path} className={classes.under} />
      <path d={path} className={classes.line} />
      <path
        d="M-10,-5L0,0L-10,5Z"
        className={classes.head}
        transform={`translate(${port.x},${port.y}) rotate(${angle})`}
      />
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`${classes.label} ${classes.published} nodrag nopan`}
          style={{
            transform: `translate(-50%, -50%) translate(${tap.x + (out[0] ?? 0)}px, ${tap.y + (out[1] ?? 0)}px)`,
          }}
          data-selected={selected || undefined}
          title={`The Host passes ${wire.words} on to ${wire.service}`}
          aria-label={`Published on the Host: ${wire.words} to ${wire.service}`}
          onClick={(event) => {
            event.stopPropagation();
            choose([id]);
          }}
        >
          {wire.words}
        </button>
      </EdgeLabelRenderer>
    </g>
  );
});
