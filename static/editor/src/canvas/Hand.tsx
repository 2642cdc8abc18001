// What shows only while a hand is at work: guides, the wire being drawn, the ghost of what is about to be dropped.
import { ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { center, clamp, type Point } from "../model/geometry";
import { networkWord } from "../model/wiring";
import classes from "./Hand.module.css";
import { useCanvas } from "./state";

export const Hand = memo(function Hand() {
  return (
    <ViewportPortal>
      <Guides />
      <WireLine />
      <GhostBox />
    </ViewportPortal>
  );
});

function Guides() {
  const guides = useCanvas((state) => state.guides);
  if (!guides.length) return null;
  return (
    <svg className={classes.layer} aria-hidden="true">
      {guides.map(({ axis, at, from, to }) => {
        const line =
          axis === "x"
            ? { x1: at, x2: at, y1: from - 12, y2: to + 12 }
            : { y1: at, y2: at, x1: from - 12, x2: to + 12 };
        return <line key={axis} className={classes.guide} {...line} />;
      })}
    </svg>
  );
}

function WireLine() {
  const wire = useCanvas((state) => state.wire);
  const box = useCanvas((state) => (state.wire?.target ? state.boxes[state.wire.target] : undefined));
  if (!wire) return null;
  const end: Point = box
    ? {
        x: clamp(wire.at.x, box.x + 8, box.x + box.w - 8),
        y: box.h < 60 ? center(box).y : clamp(wire.at.y, box.y + 8, box.y + box.h - 8),
      }
    : wire.at;
  const { start } = wire;
  const reach = Math.max(20, Math.hypot(end.x - start.x, end.y - start.y) / 3);
  return (
    <svg className={classes.layer} aria-hidden="true" data-caught={box ? true : undefined}>
      <path
        className={classes.wire}
        d={`M${start.x},${start.y}C${start.x + reach},${start.y} ${end.x - (end.x >= start.x ? reach : -reach)},${end.y} ${end.x},${end.y}`}
      />
      <circle className={classes.plug} cx={end.x} cy={end.y} r={box ? 7 : 5} />
    </svg>
  );
}

function GhostBox() {
  const ghost = useCanvas((state) => state.ghost);
  if (!ghost) return null;
  const { box, kind, label, onto } = ghost;
  return (
    <div
      className={classes.ghost}
      data-kind={kind}
      style={{ transform: `translate(${box.x}px, ${box.y}px)`, width: box.w, height: box.h }}
    >
      <strong>{label}</strong>
      {onto && (
        <span>
          {onto.startsWith("service:") ? "into" : "on"} {networkWord(onto.split(":")[1] ?? "")}
        </span>
      )}
    </div>
  );
}
