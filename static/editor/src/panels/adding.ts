// Adding from the palette without a mouse's drop: in the middle of what is in view.
import { viewCenter } from "../canvas/camera";
import type { Template } from "../model/catalog";
import { addBridgeAt, addNetworkAt, addServiceAt } from "../model/gestures";

export const DRAG_TYPE = "application/x-netyard";

export type Dropped = { kind: "service"; template: Template } | { kind: "network" } | { kind: "bridge" };

export async function addToMiddle(what: Dropped): Promise<void> {
  if (what.kind === "service") await addServiceAt(what.template, viewCenter());
  else if (what.kind === "network") await addNetworkAt(viewCenter());
  else await addBridgeAt(viewCenter());
}
