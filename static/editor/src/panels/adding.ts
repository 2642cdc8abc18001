// Adding from the palette without a mouse's drop: in the middle of what is in view.
import { screenPoint, viewCenter } from "../canvas/camera";
import { canvas, type Dragged } from "../canvas/state";
import { addNetworkAt, addPlaceAt, addServiceAt, addVolumeAt } from "../model/additions";
import { center } from "../model/geometry";
import { parseId } from "../model/ids";
import { editor, notify } from "../model/store";

export const DRAG_TYPE = "application/x-netyard";

export type Dropped = Dragged;

/** The one service that is selected; "" for none or several. */
function selectedService(): string {
  const [id = "", ...others] = editor.get().selection;
  const thing = others.length ? null : parseId(id);
  return thing?.kind === "service" ? thing.name : "";
}

export async function addToMiddle(what: Dropped): Promise<void> {
  const middle = viewCenter();
  if (what.kind === "service") await addServiceAt(what.template, middle);
  else if (what.kind === "network") await addNetworkAt(middle);
  else if (what.kind === "place") await addPlaceAt(what.place, middle);
  else await addStorage(what);
}

/** Into the selected service; a new volume without one is only declared. */
async function addStorage(what: Extract<Dropped, { kind: "volume" | "bind" }>): Promise<void> {
  const service = selectedService();
  const source = what.kind === "volume" ? what.source : "";
  const box = canvas.get().boxes[`service:${service}`];
  if (service && box)
    canvas.set({
      popup: { kind: "mount", screen: screenPoint(center(box)), service, mount: what.kind, source },
    });
  else if (what.kind === "volume" && !source) await addVolumeAt(viewCenter());
  else notify({ tone: "info", message: "Select the service that is to have it, or drag it onto its card." });
}
