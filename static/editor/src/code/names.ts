// Names that may stand at a place: services, networks, volumes and the like, read from the text itself, so that a name counts
// as soon as it is typed. Pure.
import { ITEM, type Lines, namesIn, type Place, type Step } from "./place";

export type NameKind = "services" | "networks" | "volumes" | "configs" | "secrets" | "profiles" | "anchors";

/** What kind of name belongs at a path; "" for none. A list's item and a mapping's key are the same here. */
export function nameKindAt(path: Step[], kind: Place["kind"]): NameKind | "" {
  if (path[0] !== "services" || path.length < 3) return "";
  const [key, ...rest] = path.slice(2);
  const inner = rest.join(".");
  const listed = inner === ITEM || (inner === "" && kind === "key");
  if (key === "depends_on" || key === "links" || key === "volumes_from") return listed ? "services" : "";
  if (key === "networks") return listed ? "networks" : "";
  if (key === "configs" || key === "secrets")
    return listed || (inner === `${ITEM}.source` && kind === "value") ? key : "";
  if (key === "volumes") return listed || (inner === `${ITEM}.source` && kind === "value") ? "volumes" : "";
  if (key === "extends") return inner === "service" || (inner === "" && kind === "value") ? "services" : "";
  if (key === "profiles") return listed ? "profiles" : "";
  return "";
}

export function anchorsIn(lines: Lines): Map<string, number> {
  const found = new Map<string, number>();
  for (let line = 1; line <= lines.count; line++)
    for (const match of lines.at(line).matchAll(/(?:^|[\s[{,:-])&([^\s,[\]{}]+)/g))
      if (!found.has(match[1] as string)) found.set(match[1] as string, line);
  return found;
}

/** Values of `profiles` lists anywhere in the text. */
export function profilesIn(lines: Lines): Set<string> {
  const found = new Set<string>();
  const add = (text: string) => {
    const name = text.trim().replace(/^["']|["']$/g, "");
    if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) found.add(name);
  };
  for (let line = 1; line <= lines.count; line++) {
    const match = /^(\s*)profiles:\s*(\[.*)?$/.exec(lines.at(line));
    if (!match) continue;
    if (match[2]) for (const one of match[2].replace(/[[\]]/g, "").split(",")) add(one);
    for (let at = line + 1; !match[2] && at <= lines.count; at++) {
      const item = /^\s*-\s+(.*)$/.exec(lines.at(at));
      if (!item) break;
      add(item[1] as string);
    }
  }
  return found;
}

/** Variables that the text asks for: `$NAME`, `${NAME…}`. */
export function variablesIn(lines: Lines): Set<string> {
  const found = new Set<string>();
  for (let line = 1; line <= lines.count; line++)
    for (const match of lines.at(line).matchAll(/(?<!\$)(?:\$\$)*\$(?:\{([A-Za-z_]\w*)|([A-Za-z_]\w*))/g))
      found.add((match[1] ?? match[2]) as string);
  return found;
}

/** Variables that an env file sets, and the line of each. */
export function variablesSet(text: string): Map<string, number> {
  const found = new Map<string, number>();
  text.split("\n").forEach((line, index) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=/.exec(line);
    if (match) found.set(match[1] as string, index + 1);
  });
  return found;
}

/** Names of a kind with the line where each is made; profiles have none. */
export function namesOf(lines: Lines, kind: NameKind): Map<string, number> {
  if (kind === "profiles") return new Map([...profilesIn(lines)].sort().map((name) => [name, 0]));
  if (kind === "anchors") return anchorsIn(lines);
  return namesIn(lines, kind);
}
