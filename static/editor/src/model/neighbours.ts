// Who is one line away. Pure.
import { type Drawing, endOf } from "./graph";
import { serviceId } from "./ids";

/** The nodes of a selection and all nodes one line away from them. */
export function neighbours(drawing: Drawing, selection: string[]): string[] {
  const found = new Set(selection.filter((id) => /^(service|network|volume):/.test(id)));
  const from = new Set(found);
  for (const wire of drawing.wires) {
    const a = serviceId(wire.service);
    const b = endOf(wire);
    if (from.has(a)) found.add(b);
    if (from.has(b)) found.add(a);
  }
  return [...found];
}
