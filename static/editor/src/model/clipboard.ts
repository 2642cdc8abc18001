// Copy, paste and duplicate: what was copied waits here; what a copy means is in copies.
import { edit as send } from "../sync/session";
import { barLength } from "./boxes";
import { type Clip, clipOf, pasteOf } from "./copies";
import { BAR_H, CARD_H, CARD_W, GAP, type Point, snapPoint } from "./geometry";
import { parseId } from "./ids";
import { freeSpot, placed } from "./placement";
import { currentBoxes } from "./shown";
import type { Places } from "./state";
import { editor, may, select } from "./store";

let clipboard: Clip | null = null;
let pastes = 0;

/** Keep the selected services and networks; gives the text for the system's clipboard, "" for nothing. */
export function copy(): string {
  const { stack, selection } = editor.get();
  const clip = stack && clipOf(stack.graph, selection, currentBoxes());
  if (!clip) return "";
  clipboard = clip;
  pastes = 0;
  return JSON.stringify(clip);
}

async function put(clip: Clip, shift: Point, verb: string): Promise<boolean> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return false;
  const pasted = pasteOf(stack.graph, clip, shift, verb);
  const places: Places = {};
  const taken = Object.values(currentBoxes());
  for (const [id, at] of Object.entries(pasted.at)) {
    const size =
      parseId(id)?.kind === "service" ? { w: CARD_W, h: CARD_H } : { w: at.w ?? barLength(2), h: BAR_H };
    const spot = freeSpot(taken, { ...at, ...size });
    taken.push({ ...spot, ...size });
    const vertical = (at.h ?? 0) > (at.w ?? 0);
    places[id] = placed(undefined, {
      ...spot,
      w: at.w,
      h: at.h,
      orientation: at.w ? (vertical ? "v" : "h") : null,
    });
  }
  const done = await send(pasted.edit, { label: pasted.label, places });
  if (done) select(pasted.ids);
  return done;
}

/** Paste what was copied, near `point` or a step beside the original. */
export async function paste(clip: Clip | null = clipboard, point?: Point): Promise<boolean> {
  if (!clip) return false;
  pastes++;
  const all = [...clip.services, ...clip.networks].map((one) => one.at);
  const corner = { x: Math.min(...all.map((at) => at.x)), y: Math.min(...all.map((at) => at.y)) };
  const shift = point
    ? snapPoint({ x: point.x - corner.x - CARD_W / 2, y: point.y - corner.y - CARD_H / 2 })
    : { x: GAP * pastes, y: GAP * pastes };
  return put(clip, shift, "Paste");
}

export async function duplicateSelected(): Promise<boolean> {
  const { stack, selection } = editor.get();
  const clip = stack && clipOf(stack.graph, selection, currentBoxes());
  return clip ? put(clip, { x: GAP, y: GAP }, "Duplicate") : false;
}
