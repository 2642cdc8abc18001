// Where nodes are drawn now, as gestures need it to find room.
import type { Box } from "./geometry";
import { drawingOf } from "./graph";
import { boxesOf } from "./placement";
import { editor } from "./store";

let shown: (() => Record<string, Box>) | null = null;

/** The canvas tells here where nodes are drawn; without one (null), places are worked out from the layout. */
export function drawnBy(boxes: (() => Record<string, Box>) | null): void {
  shown = boxes;
}

/** Every node's rectangle as of now. */
export function currentBoxes(): Record<string, Box> {
  if (shown) return shown();
  const { stack, layout } = editor.get();
  return stack ? boxesOf(drawingOf(stack.graph, layout), layout) : {};
}
