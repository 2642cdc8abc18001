// The whole of a large stack from afar, on one canvas element: cards would cost a frame each and could not be read anyway.

import { useComputedColorScheme } from "@mantine/core";
import { useStore } from "@xyflow/react";
import { memo, useEffect, useRef } from "react";
import type { Tone } from "../model/live";
import { useEditor } from "../model/store";
import { toneOf } from "./live";
import classes from "./Overview.module.css";
import { styleOf } from "./paint";
import { type CanvasState, useCanvas } from "./state";

const TONES: Record<"light" | "dark", Record<Tone, string>> = {
  light: {
    none: "#98a2b1",
    good: "#15803d",
    busy: "#1d6fd8",
    warn: "#b45309",
    bad: "#d02c3c",
    idle: "#6b7687",
  },
  dark: {
    none: "#6b7484",
    good: "#4ade80",
    busy: "#60a5fa",
    warn: "#fbbf24",
    bad: "#ff7079",
    idle: "#97a2b3",
  },
};
const INK = {
  light: { card: "#ffffff", line: "#c3cad6", text: "#1c2330", accent: "#4f46e5" },
  dark: { card: "#1e2128", line: "#4a5160", text: "#e9ecf2", accent: "#8b8cf8" },
};
const LABEL_ZOOM = 0.16;

export const Overview = memo(function Overview() {
  const ref = useRef<HTMLCanvasElement>(null);
  const transform = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const scheme = useComputedColorScheme("light");
  const boxes = useCanvas((state) => state.boxes);
  const routes = useCanvas((state) => state.routes);
  const drawing = useCanvas((state) => state.drawing);
  const status = useEditor((state) => state.status);
  const selection = useEditor((state) => state.selection);
  const volumes = useEditor((state) => !state.hidden.volumes);
  useEffect(() => {
    const element = ref.current;
    const ink = element?.getContext("2d");
    if (!element || !ink) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== w || element.height !== h) Object.assign(element, { width: w, height: h });
    const [x, y, zoom] = transform;
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(0, 0, w, h);
    ink.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
    const selected = new Set(selection);
    paintLines(ink, { drawing, routes }, scheme, zoom);
    for (const bar of drawing.bars.values()) {
      const box = boxes[bar.id];
      if (!box) continue;
      ink.fillStyle = styleOf(bar.color)[scheme];
      ink.beginPath();
      ink.roundRect(box.x, box.y, box.w, box.h, 14);
      ink.fill();
    }
    for (const store of volumes ? drawing.stores.values() : []) {
      const box = boxes[store.id];
      if (!box) continue;
      ink.fillStyle = INK[scheme].line;
      ink.beginPath();
      ink.ellipse(box.x + box.w / 2, box.y + box.h / 2, box.w / 2, box.h / 2, 0, 0, 7);
      ink.fill();
    }
    for (const service of drawing.services.values()) {
      const id = `service:${service.name}`;
      const box = boxes[id];
      if (!box) continue;
      const outside =
        box.x * zoom + x > width ||
        box.y * zoom + y > height ||
        (box.x + box.w) * zoom + x < 0 ||
        (box.y + box.h) * zoom + y < 0;
      if (!outside)
        paintCard(
          ink,
          service.name,
          box,
          TONES[scheme][toneOf(service, status)],
          selected.has(id),
          scheme,
          zoom,
        );
    }
  }, [transform, width, height, scheme, boxes, routes, drawing, status, selection, volumes]);
  // the cards beneath, which assistive technology reads, are all still there
  return <canvas ref={ref} className={classes.overview} style={{ width, height }} />;
});

function paintLines(
  ink: CanvasRenderingContext2D,
  { drawing, routes }: Pick<CanvasState, "drawing" | "routes">,
  scheme: "light" | "dark",
  zoom: number,
): void {
  ink.lineWidth = Math.max(2, 1 / zoom);
  ink.globalAlpha = 0.6;
  for (const bar of drawing.bars.values()) {
    ink.strokeStyle = styleOf(bar.color)[scheme];
    ink.beginPath();
    for (const name of bar.members) {
      const route = routes.get(`member:${name}:${bar.key}`);
      route?.points.forEach((point, index) => {
        if (index) ink.lineTo(point.x, point.y);
        else ink.moveTo(point.x, point.y);
      });
    }
    ink.stroke();
  }
  ink.globalAlpha = 1;
}

function paintCard(
  ink: CanvasRenderingContext2D,
  name: string,
  { x, y, w, h }: { x: number; y: number; w: number; h: number },
  tone: string,
  selected: boolean,
  scheme: "light" | "dark",
  zoom: number,
): void {
  const colors = INK[scheme];
  ink.fillStyle = colors.card;
  ink.strokeStyle = selected ? colors.accent : colors.line;
  ink.lineWidth = selected ? 3 / zoom : 1 / zoom;
  ink.beginPath();
  ink.roundRect(x, y, w, h, 12);
  ink.fill();
  ink.stroke();
  ink.fillStyle = tone;
  ink.fillRect(x, y + 10, 10, h - 20);
  if (zoom < LABEL_ZOOM) return;
  ink.fillStyle = colors.text;
  ink.font = "600 34px Inter, system-ui, sans-serif";
  ink.textBaseline = "middle";
  const text = name.length > 11 ? `${name.slice(0, 10)}…` : name;
  ink.fillText(text, x + 26, y + h / 2, w - 36);
}
