// The inspector's edits: each field one edit with a label for undo.
import type { Edit, Path } from "../../model/edit";
import { edit } from "../../sync/session";

export const send = (change: Edit, label: string) => edit(change, { label });

/** Set a service's key, or remove it when the value says nothing (undefined, "", or an empty list). */
export function setKey(service: string, path: Path, value: unknown, what: string): Promise<boolean> {
  return setAt(["services", service, ...path], value, `${what} of ${service}`);
}

export function setAt(path: Path, value: unknown, label: string): Promise<boolean> {
  const nothing = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  return send(nothing ? { kind: "remove_value", path } : { kind: "set_value", path, value }, label);
}

/** One edit of several, or the one alone. */
export const together = (edits: Edit[]): Edit =>
  edits.length === 1 && edits[0] ? edits[0] : { kind: "several", edits };

export const replaced = <T>(list: T[], index: number, item: T) =>
  list.map((one, at) => (at === index ? item : one));
export const without = <T>(list: T[], index: number) => list.filter((_, at) => at !== index);
