// A network's bar: its name, driver and subnets, a rail in its pattern, and a tap for each service on it.

import { IconLock, IconServer2, IconWorld } from "@tabler/icons-react";
import { type NodeProps, NodeResizeControl } from "@xyflow/react";
import { memo } from "react";
import { useShallow } from "zustand/react/shallow";
import { isVertical, shortestBar, tapsOf } from "../model/boxes";
import { BAR_H, snap } from "../model/geometry";
import { BRIDGE, HOST, isPlace, parseId } from "../model/ids";
import { placed } from "../model/placement";
import { editor, useEditor, useMay } from "../model/store";
import driftClasses from "../panels/Drift.module.css";
import { DriftBadge } from "../panels/DriftBadge";
import { move } from "../sync/session";
import type { NetworkView } from "../wire.gen";
import { ConnectHandle } from "./ConnectHandle";
import { useMark, useNetwork, useProblems, useProgress } from "./live";
import classes from "./NetworkNode.module.css";
import { paint, styleOf } from "./paint";
import { Anchors } from "./ServiceNode";
import { canvas, release, useCanvas } from "./state";
import { Taps } from "./Taps";
import { ViewerOutline } from "./ViewerOutline";

export const NetworkNode = memo(function NetworkNode({ id, selected }: NodeProps) {
  const overview = useCanvas((state) => state.overview);
  const parsed = parseId(id);
  const key = parsed?.kind === "network" ? parsed.key : "";
  const network = useNetwork(key);
  if (overview || (!network && !isPlace(key))) return <Anchors />;
  return <Bar id={id} barKey={key} network={network ?? null} selected={selected} />;
});

interface Props {
  id: string;
  barKey: string;
  network: NetworkView | null;
  selected: boolean;
}

function Bar({ id, barKey, network, selected }: Props) {
  const { color, members, taps } = useCanvas(
    useShallow((state) => {
      const bar = state.drawing.bars.get(barKey);
      return { color: bar?.color ?? 0, members: bar?.members.length ?? 0, taps: tapsOf(bar) };
    }),
  );
  const place = useEditor((state) => state.layout[id]);
  const vertical = isVertical(place);
  const problems = useProblems(id);
  const progress = useProgress(id);
  const mark = useMark(id);
  const mayDraw = useMay("draw");
  const alone = useEditor((state) => state.selection.length < 2);
  const dim = useCanvas((state) => Boolean(state.wire && state.wire.from !== id && state.wire.verdicts[id]));
  const target = useCanvas(
    (state) => state.wire?.target === id || state.ghost?.onto === id || state.onto === id,
  );
  const words = problems.map((one) => `${one.message} ${one.fix}`.trim()).join("\n");
  return (
    <>
      <Anchors />
      {mayDraw && selected && alone && !place?.collapsed && (
        <Resizer id={id} vertical={vertical} taps={taps} />
      )}
      <div
        className={`${classes.bar} ny-net`}
        style={paint(color)}
        data-vertical={vertical || undefined}
        data-bridge={network === null || undefined}
        data-place={network === null ? barKey : undefined}
        data-selected={selected || undefined}
        data-invalid={problems.some((one) => one.severity === "error") || undefined}
        data-dim={dim || undefined}
        data-target={target || undefined}
        title={words || progress?.text || mark?.text || undefined}
      >
        <Rail color={color} vertical={vertical} />
        <BarLabel barKey={barKey} network={network} members={members} />
        {(mark || progress || problems.length > 0) && (
          <span className={classes.state} data-step={progress?.state} data-impact={mark?.impact}>
            {progress?.state === "failed" ? "failed" : (mark?.impact ?? (problems.length ? "invalid" : "…"))}
          </span>
        )}
      </div>
      <Taps network={barKey} />
      <span className={driftClasses.onBar}>
        <DriftBadge subject={id} />
      </span>
      <ViewerOutline id={id} />
      {mayDraw && <ConnectHandle id={id} selected={selected && alone} bar={vertical ? "v" : "h"} />}
    </>
  );
}

function Rail({ color, vertical }: { color: number; vertical: boolean }) {
  const { dash } = styleOf(color);
  const line = vertical ? { x1: 14, y1: 10, x2: 14, y2: "100%" } : { x1: 10, y1: 14, x2: "100%", y2: 14 };
  return (
    <svg className={classes.rail} aria-hidden="true">
      <line {...line} strokeDasharray={dash} />
    </svg>
  );
}

function PlaceLabel({ barKey }: { barKey: string }) {
  const engine = useEditor((state) => state.engine?.name ?? "");
  if (barKey === BRIDGE)
    return (
      <span className={classes.label}>
        <strong className={classes.name}>docker0</strong>
        <span className={classes.hint} title="The default bridge: a name resolves only where a link says so">
          names by links only
        </span>
      </span>
    );
  if (barKey === HOST)
    return (
      <span className={classes.label} title="The machine that the engine runs on: its own network and ports">
        <IconServer2 size={13} stroke={2} aria-hidden />
        <strong className={classes.name}>Host</strong>
        <span className={classes.hint}>{engine}</span>
      </span>
    );
  return (
    <span className={classes.label} title="Services here reach nothing, and nothing reaches them">
      <strong className={classes.name}>No network</strong>
      <span className={classes.hint}>reaches nothing</span>
    </span>
  );
}

function BarLabel({
  barKey,
  network,
  members,
}: {
  barKey: string;
  network: NetworkView | null;
  members: number;
}) {
  const live = useEditor((state) => {
    const found = network && state.status?.networks.find((one) => one.key === network.key);
    return found ? found.subnets.join(", ") : "";
  });
  if (!network) return <PlaceLabel barKey={barKey} />;
  const subnets = network.subnets.length ? network.subnets : live.split(", ");
  const driver = network.driver || "bridge";
  const words = [`Network ${network.name}`, `${driver} driver`, ...subnets, `${members} attached`];
  return (
    <span className={classes.label} title={words.filter(Boolean).join(", ")}>
      <strong className={classes.name}>{network.key}</strong>
      {network.internal && (
        <span className={classes.badge} title="Internal: no way out of this network">
          <IconLock size={12} stroke={2.2} aria-hidden /> internal
        </span>
      )}
      {network.external && (
        <span className={classes.badge} title={`External: ${network.name} is made outside of this stack`}>
          <IconWorld size={12} stroke={2.2} aria-hidden /> external
        </span>
      )}
      {driver !== "bridge" && <span className={classes.detail}>{driver}</span>}
      {subnets[0] && (
        <span className={classes.subnet}>
          {subnets[0]}
          {subnets.length > 1 && ` +${subnets.length - 1}`}
        </span>
      )}
    </span>
  );
}

/** Makes a bar longer or shorter; while it is held, its taps follow. */
function Resizer({ id, vertical, taps }: { id: string; vertical: boolean; taps: number }) {
  const least = shortestBar(taps);
  const hold = (box: { x: number; y: number; width: number; height: number }) => {
    const before = canvas.get().boxes[id];
    if (!before) return;
    const held = vertical
      ? { x: before.x, y: box.y, w: BAR_H, h: box.height }
      : { x: box.x, y: before.y, w: box.width, h: BAR_H };
    canvas.set({ held: { ...canvas.get().held, [id]: held } });
  };
  const commit = () => {
    const box = canvas.get().held[id];
    if (box) {
      const size = vertical ? { h: Math.max(least, snap(box.h)) } : { w: Math.max(least, snap(box.w)) };
      const at = { x: snap(box.x), y: snap(box.y) };
      move({ [id]: placed(editor.get().layout[id], { ...at, ...size }) }, { label: "Resize network" });
    }
    release();
  };
  const ends = vertical ? (["top", "bottom"] as const) : (["left", "right"] as const);
  return ends.map((end) => (
    <NodeResizeControl
      key={end}
      position={end}
      minWidth={vertical ? BAR_H : least}
      minHeight={vertical ? least : BAR_H}
      className={classes.resizeHandle}
      onResize={(_event, box) => hold(box)}
      onResizeEnd={commit}
    />
  ));
}
