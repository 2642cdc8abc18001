// What completion knows beyond the text: the schema, the engine's images, the variables of the stack's env files.
import type { Text } from "@codemirror/state";
import { GROUPS } from "../model/catalog";
import { editor } from "../model/store";
import { get } from "../sync/api";
import type { ImageView } from "../wire.gen";
import { variablesSet } from "./names";
import type { Known } from "./offers";
import type { Lines } from "./place";
import type { Schema } from "./schema";

const IMAGES_KEPT_MS = 60_000;
const usual = [...new Set(GROUPS.flatMap((group) => group.templates.map((one) => one.image)))]
  .filter(Boolean)
  .sort();

let schema: Promise<Schema> | null = null;
let images: { of: string; at: number; found: Promise<ImageView[]> } | null = null;

function schemaOnce(): Promise<Schema> {
  schema ??= get<Schema>("compose/schema").catch((error) => {
    schema = null; // asked again with the next key
    throw error;
  });
  return schema;
}

/** Images of the stack's engine; none where it does not answer. */
function engineImages(): Promise<ImageView[]> {
  const { engine, guest } = editor.get();
  if (!engine?.reachable || guest) return Promise.resolve([]);
  if (images?.of !== engine.id || Date.now() - images.at > IMAGES_KEPT_MS)
    images = {
      of: engine.id,
      at: Date.now(),
      found: get<ImageView[]>(`engines/${engine.id}/images`).catch(() => []),
    };
  return images.found;
}

/** Variables that the stack's env files set, with the file of each. */
export function knownVariables(): Map<string, string> {
  const variables = new Map<string, string>();
  for (const file of editor.get().stack?.files ?? [])
    if (file.role === "env" && file.text !== null)
      for (const name of variablesSet(file.text).keys())
        if (!variables.has(name)) variables.set(name, file.path);
  return variables;
}

/** Null where the schema cannot be had now: then nothing is offered. */
export async function known({ withImages }: { withImages: boolean }): Promise<Known | null> {
  try {
    const [found, tags] = await Promise.all([schemaOnce(), withImages ? engineImages() : []]);
    return { schema: found, images: tags, usual, variables: knownVariables() };
  } catch {
    return null;
  }
}

export const linesOf = (doc: Text): Lines => ({ count: doc.lines, at: (line) => doc.line(line).text });
