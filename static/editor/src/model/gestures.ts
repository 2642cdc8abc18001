// Gestures that connect and remove: each one edit and one undo step, sent through the session. What they mean is in wiring, removal.
import { move, edit as send } from "../sync/session";
import { PLACE_NAMES } from "./additions";
import { mountPlace } from "./catalog";
import type { Edit } from "./edit";
import { asList, type MountRow, writeMount } from "./forms";
import type { Point } from "./geometry";
import { linkId, networkId, PLACES, serviceId, volumeId } from "./ids";
import { placed } from "./placement";
import { removalOf } from "./removal";
import { editor, may, notify, select } from "./store";
import { connectionOf, linkEdit, type Meeting } from "./wiring";

/** Put a service on a place or network by dropping its card there; the card comes to stand at `corner`. */
export async function putOn(service: string, network: string, corner: Point): Promise<boolean> {
  const { stack, layout } = editor.get();
  if (!stack || !may("draw")) return false;
  const connection = connectionOf(stack.graph, serviceId(service), networkId(network));
  if (connection.kind !== "attach") {
    if (connection.kind === "refused") notify({ message: connection.why, tone: "info" });
    return false;
  }
  const id = serviceId(service);
  return send(connection.edit, { label: connection.label, places: { [id]: placed(layout[id], corner) } });
}

/** Mount something in a service: a named volume that is not declared yet is declared in the same step. */
export async function mount(service: string, row: MountRow): Promise<boolean> {
  const { stack } = editor.get();
  const view = stack?.graph.services.find((one) => one.name === service);
  if (!stack || !view || !may("draw")) return false;
  const list = [...asList(view.keys.volumes), writeMount(row)];
  const set: Edit = { kind: "set_value", path: ["services", service, "volumes"], value: list };
  const fresh =
    row.kind === "volume" && row.source && !stack.graph.volumes.some((one) => one.key === row.source);
  const edit: Edit = fresh
    ? { kind: "several", edits: [{ kind: "add_volume", name: row.source, keys: {} }, set] }
    : set;
  const done = await send(edit, { label: `Mount ${row.source || row.target} in ${service}` });
  if (done && row.kind === "volume" && row.source) select([volumeId(row.source)]);
  return done;
}

/** Connect two nodes: card and bar attach; card to card links under the server's name, on a network both are on. */
export async function connect(sourceId: string, targetId: string): Promise<boolean> {
  const { stack } = editor.get();
  if (!stack || !may("draw")) return false;
  const connection = connectionOf(stack.graph, sourceId, targetId);
  if (connection.kind === "refused") {
    notify({ message: connection.why, tone: "info" });
    return false;
  }
  if (connection.kind === "mount")
    return mount(connection.service, {
      kind: "volume",
      source: connection.volume,
      target: mountPlace(stack.graph, connection.service),
      readOnly: false,
    });
  if (connection.kind === "link")
    return link(connection.client, connection.server, connection.server, connection.fixes[0] ?? null);
  const done = await send(connection.edit, { label: connection.label });
  if (done) select([connection.edge]);
  return done;
}

/** Link client to server under `alias`; `meeting` brings them onto one network in the same step. */
export async function link(
  client: string,
  server: string,
  alias: string,
  meeting: Meeting | null,
): Promise<boolean> {
  const done = await send(linkEdit(client, server, alias, meeting), {
    label: `Link ${client} to ${server}${alias === server ? "" : ` as ${alias}`}`,
  });
  if (done) select([linkId(client, server, alias)]);
  return done;
}

/** Remove everything selected, as one step. */
export async function removeSelected(): Promise<boolean> {
  const { stack, selection } = editor.get();
  if (!stack || !may("draw") || !selection.length) return false;
  const { edits, label, kept } = removalOf(stack.graph, selection);
  for (const why of kept) notify({ message: why, tone: "info" });
  const [first] = edits;
  if (!first) {
    unpinPlaces(selection);
    return false;
  }
  const done = await send(edits.length === 1 ? first : { kind: "several", edits }, { label });
  if (done) {
    const gone = new Set(selection);
    select(editor.get().selection.filter((id) => !gone.has(id)));
    unpinPlaces(selection);
  }
  return done;
}

/** A place's bar goes when it is removed, even when no service was on it. */
function unpinPlaces(selection: string[]): void {
  for (const key of PLACES) {
    const id = networkId(key);
    const place = editor.get().layout[id];
    if (selection.includes(id) && place?.color != null)
      move({ [id]: { ...place, color: null } }, { label: `Hide ${PLACE_NAMES[key] ?? key}` });
  }
}
