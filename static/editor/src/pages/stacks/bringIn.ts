// What an import brings: the main text, the companions that it names, and the choices that a person makes about the others.
import { post } from "../../sync/api";
import type { Checked, FileNeed } from "../../wire.gen";
import { baseName, beside, decode, MOST_BYTES, OVERRIDE, type Picked, YAML } from "./picked";

/** What becomes of a file: merged over the main one, kept beside it, or left out. */
export type Choice = "merge" | "keep" | "leave";

export interface Brought {
  text: string;
  fileName: string;
  files: Record<string, string>;
  overrides: string[] | null;
}

/** A file of a selection: why it is needed ("" where nothing names it), and what becomes of it. */
export interface Row {
  path: string;
  size: number;
  role: FileNeed["role"] | "";
  choice: Choice;
  isText: boolean;
}

export interface Gathered {
  brought: Brought;
  rows: Row[];
  missing: FileNeed[];
  checked: Checked;
}

const ROUNDS = 8;
const MOST_CONTEXT_FILES = 80;

export const nothing: Brought = { text: "", fileName: "", files: {}, overrides: null };

export function check(brought: Brought): Promise<Checked> {
  return post<Checked>("compose/check", {
    text: brought.text,
    name: "import",
    files: brought.files,
    overrides: brought.overrides,
    file_name: brought.fileName,
  });
}

const inContext = (needs: FileNeed[], path: string) =>
  needs.some((need) => need.role === "context" && (need.path === "." || path.startsWith(`${need.path}/`)));

/**
 * Take what the texts name out of a selection, look at what those name in turn, and so on until nothing is new. `asked` is what the
 * person chose by hand. Only files that come along are read and sent.
 */
export async function gather(
  main: string,
  picked: Picked[],
  asked: Record<string, Choice>,
): Promise<Gathered | null> {
  const source = picked.find((one) => one.path === main);
  const text = source && source.size <= 2 * MOST_BYTES ? decode(await source.bytes()) : null;
  if (text === null) return null;
  const others = beside(main, picked);
  const brought: Brought = { text, fileName: baseName(main), files: {}, overrides: [] };
  const unreadable = new Set<string>();
  const take = async (path: string) => {
    const one = others.get(path);
    if (!one || path in brought.files || unreadable.has(path)) return false;
    const content = one.size <= MOST_BYTES ? decode(await one.bytes()) : null;
    if (content === null) unreadable.add(path);
    else brought.files[path] = content;
    return content !== null;
  };
  const merged = [...others.keys()].filter(
    (path) => (asked[path] ?? (OVERRIDE.test(path) && !path.includes("/") ? "merge" : "")) === "merge",
  );
  for (const path of [".env", ...merged]) if (asked[path] !== "leave") await take(path);
  for (const [path, choice] of Object.entries(asked)) if (choice === "keep") await take(path);
  brought.overrides = merged.filter((path) => path in brought.files);
  let checked = await check(brought);
  for (let round = 0; round < ROUNDS; round++) {
    let isNew = false;
    const context = [...others.keys()].filter((path) => inContext(checked.needs, path));
    const wanted = checked.needs.map((need) => need.path);
    if (context.length <= MOST_CONTEXT_FILES) wanted.push(...context);
    for (const path of wanted) if (asked[path] !== "leave" && (await take(path))) isNew = true;
    if (!isNew) break;
    checked = await check(brought);
  }
  return { brought, checked, ...rowsOf(others, brought, checked, unreadable) };
}

function rowsOf(
  others: Map<string, Picked>,
  brought: Brought,
  checked: Checked,
  unreadable: Set<string>,
): { rows: Row[]; missing: FileNeed[] } {
  const roles = new Map(checked.needs.map((need) => [need.path, need.role]));
  const rows = [...others].map(([path, one]): Row => {
    const role = roles.get(path) ?? (inContext(checked.needs, path) ? "context" : "");
    const choice: Choice = brought.overrides?.includes(path)
      ? "merge"
      : path in brought.files
        ? "keep"
        : "leave";
    return { path, size: one.size, role, choice, isText: !unreadable.has(path) };
  });
  const missing = checked.needs.filter((need) => need.required && !need.found);
  return { rows: rows.sort((a, b) => Number(a.choice === "leave") - Number(b.choice === "leave")), missing };
}

export const mayMerge = (row: Row) => YAML.test(row.path);

/** Pasted `docker run …` lines rather than a Compose file. */
export const isRunLines = (text: string) =>
  /^[\s$#]*(sudo\s+)?(docker|podman)\s+(container\s+)?(run|create|network\s+create|volume\s+create)\b/m.test(
    text,
  ) && !/^services\s*:/m.test(text);
