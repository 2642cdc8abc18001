// Tidy: every node glides to its new place; one undo step.
import type { Box } from "../model/geometry";
import { tidyBoxes } from "../model/layout";
import { placed } from "../model/placement";
import type { Places } from "../model/state";
import { editor, may } from "../model/store";
import { move } from "../sync/session";
import { fitAll, reducedMotion } from "./camera";
import { announce, canvas, release } from "./state";

const GLIDE_MS = 320;
let frame = 0;

const ease = (t: number) => 1 - (1 - t) ** 3;

/** Arrange everything anew. Bars lie flat again and are as long as their cards ask; colours stay. */
export function tidy(): void {
  if (!may("draw")) return;
  const { drawing, boxes: from } = canvas.get();
  const to = tidyBoxes(drawing);
  if (!Object.keys(to).length) return;
  cancelAnimationFrame(frame);
  const finish = () => {
    move(placesOf(to), { label: "Tidy" });
    release();
    announce("Everything is arranged anew.");
    requestAnimationFrame(() => fitAll());
  };
  if (reducedMotion() || Object.keys(to).length > 400) {
    finish();
    return;
  }
  const start = performance.now();
  const glide = (now: number) => {
    const t = Math.min(1, (now - start) / GLIDE_MS);
    if (t === 1) return finish();
    canvas.set({ held: between(from, to, ease(t)) });
    frame = requestAnimationFrame(glide);
  };
  frame = requestAnimationFrame(glide);
}

function between(from: Record<string, Box>, to: Record<string, Box>, t: number): Record<string, Box> {
  const mix = (a: number, b: number) => a + (b - a) * t;
  return Object.fromEntries(
    Object.entries(to).map(([id, b]) => {
      const a = from[id] ?? b;
      return [id, { x: mix(a.x, b.x), y: mix(a.y, b.y), w: mix(a.w, b.w), h: mix(a.h, b.h) }];
    }),
  );
}

function placesOf(boxes: Record<string, Box>): Places {
  const { layout } = editor.get();
  return Object.fromEntries(
    Object.entries(boxes).map(([id, { x, y, w }]) => {
      const bar = id.startsWith("network:");
      const shape = bar ? { w, h: null, orientation: "h" as const } : {};
      return [id, placed(layout[id], { x, y, ...shape })];
    }),
  );
}
