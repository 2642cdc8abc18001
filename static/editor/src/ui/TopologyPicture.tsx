// A stack's topology drawn small: bars, cards and lines, for lists and previews. Pure SVG from the server's places.
import { useComputedColorScheme } from "@mantine/core";
import { useId } from "react";
import { colorsOf } from "../model/graph";
import { networkId } from "../model/ids";
import { NETWORK_STYLES } from "../theme";
import type { Picture, PictureNode } from "../wire.gen";

const MARGIN = 24;

function center(node: PictureNode): { x: number; y: number } {
  return { x: node.x + node.w / 2, y: node.y + node.h / 2 };
}

/** The point of a bar nearest to a card's middle, so that a membership is a short straight line. */
function tap(bar: PictureNode, card: PictureNode): { x: number; y: number } {
  const { x, y } = center(card);
  return {
    x: Math.min(Math.max(x, bar.x + 8), bar.x + bar.w - 8),
    y: Math.min(Math.max(y, bar.y + bar.h / 2), bar.y + bar.h / 2),
  };
}

const keyOf = (node: PictureNode) => node.id.slice(node.id.indexOf(":") + 1);

/** The canvas' own rule, so that a network has one colour everywhere. */
function networkColors(nodes: PictureNode[]): Map<string, number> {
  const networks = nodes.filter((node) => node.kind === "network");
  const chosen = networks.filter((node) => node.color >= 0);
  return colorsOf(
    networks.map(keyOf),
    Object.fromEntries(chosen.map((node) => [networkId(keyOf(node)), { color: node.color }])),
  );
}

function stateColor(state: string): string {
  if (/^(running|healthy|completed)/.test(state)) return "var(--ny-good)";
  if (/^(exited|dead|unhealthy|failing)/.test(state)) return "var(--ny-bad)";
  if (/^(starting|restarting|created|paused)/.test(state)) return "var(--ny-warn)";
  return "var(--ny-line)";
}

export function TopologyPicture({
  picture,
  label,
  height = 132,
}: {
  picture: Picture;
  label: string;
  height?: number;
}) {
  const scheme = useComputedColorScheme("light");
  const marker = useId();
  const byId = new Map(picture.nodes.map((node) => [node.id, node]));
  const colors = networkColors(picture.nodes);
  const colorOf = (node: PictureNode) => {
    const style = NETWORK_STYLES[colors.get(keyOf(node)) ?? 0];
    return node.kind === "bridge" || !style ? "var(--ny-muted)" : style[scheme];
  };
  if (picture.nodes.length === 0) {
    return (
      <svg width="100%" height={height} role="img" aria-label={label} viewBox="0 0 300 132">
        <rect
          x="96"
          y="40"
          width="108"
          height="52"
          rx="8"
          fill="none"
          stroke="var(--ny-line)"
          strokeDasharray="5 5"
          strokeWidth="2"
        />
        <path d="M150 56v20M140 66h20" stroke="var(--ny-muted)" strokeWidth="2" strokeLinecap="round" />
      </svg>
    );
  }
  const left = Math.min(...picture.nodes.map((node) => node.x)) - MARGIN;
  const top = Math.min(...picture.nodes.map((node) => node.y)) - MARGIN;
  const right = Math.max(...picture.nodes.map((node) => node.x + node.w)) + MARGIN;
  const bottom = Math.max(...picture.nodes.map((node) => node.y + node.h)) + MARGIN;
  const stroke = Math.max(3, (right - left) / 260);
  return (
    <svg
      width="100%"
      height={height}
      viewBox={`${left} ${top} ${right - left} ${bottom - top}`}
      preserveAspectRatio="xMidYMid meet"
      role="img"
      aria-label={label}
    >
      <defs>
        <marker
          id={marker}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="5"
          markerHeight="5"
          orient="auto"
        >
          <path d="M0 0 8 4 0 8Z" fill="var(--ny-muted)" />
        </marker>
      </defs>
      {picture.edges.map(([from, to, kind]) => {
        const [a, b] = [byId.get(from), byId.get(to)];
        if (!a || !b || kind === "depends") return null;
        const start = center(a);
        const end = kind === "membership" ? tap(b, a) : center(b);
        return (
          <line
            key={`${kind}:${from}:${to}`}
            x1={start.x}
            y1={start.y}
            x2={end.x}
            y2={end.y}
            stroke={kind === "membership" ? colorOf(b) : "var(--ny-muted)"}
            strokeWidth={stroke}
            strokeDasharray={kind === "link" ? `${stroke * 3} ${stroke * 2}` : undefined}
            markerEnd={kind === "link" ? `url(#${marker})` : undefined}
          />
        );
      })}
      {picture.nodes.map((node) =>
        node.kind === "service" ? (
          <g key={node.id}>
            <rect
              x={node.x}
              y={node.y}
              width={node.w}
              height={node.h}
              rx="16"
              fill="var(--ny-raised)"
              stroke={stateColor(node.state)}
              strokeWidth={stroke}
            />
            <rect
              x={node.x + 20}
              y={node.y + 24}
              width={node.w * 0.5}
              height="16"
              rx="8"
              fill="var(--ny-muted)"
              opacity="0.5"
            />
            <rect
              x={node.x + 20}
              y={node.y + 56}
              width={node.w * 0.7}
              height="12"
              rx="6"
              fill="var(--ny-muted)"
              opacity="0.22"
            />
          </g>
        ) : (
          <rect
            key={node.id}
            x={node.x}
            y={node.y}
            width={node.w}
            height={node.h}
            rx={Math.min(node.w, node.h) / 2}
            fill={colorOf(node)}
            opacity={node.kind === "bridge" ? 0.6 : 1}
          />
        ),
      )}
    </svg>
  );
}
