// Questions to the Compose Specification's JSON schema: what may stand at a path, as keys, as values, and what it means. Pure.
import { ITEM, type Step } from "./place";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  deprecated?: boolean;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  required?: string[];
  default?: unknown;
  $defs?: Record<string, Schema>;
}

export interface KeyWord {
  key: string;
  description: string;
  types: string[];
  deprecated: boolean;
  required: boolean;
}

const MOST_FORMS = 60;

/** A schema with its references and alternatives laid side by side. */
export function formsOf(root: Schema, schema: Schema): Schema[] {
  const forms: Schema[] = [];
  const visit = (one: Schema | undefined, depth: number) => {
    if (!one || depth > 12 || forms.length > MOST_FORMS) return;
    forms.push(one);
    if (one.$ref) visit(root.$defs?.[one.$ref.slice(one.$ref.lastIndexOf("/") + 1)], depth + 1);
    for (const part of [...(one.allOf ?? []), ...(one.oneOf ?? []), ...(one.anyOf ?? [])])
      visit(part, depth + 1);
  };
  visit(schema, 0);
  return forms;
}

function below(form: Schema, step: Step): Schema[] {
  if (step === ITEM) return form.items ? [form.items] : [];
  const own = form.properties?.[step];
  if (own) return [own];
  const patterns = Object.entries(form.patternProperties ?? {}).filter(([pattern]) =>
    new RegExp(pattern).test(step),
  );
  if (patterns.length) return patterns.map(([, schema]) => schema);
  return typeof form.additionalProperties === "object" ? [form.additionalProperties] : [];
}

/** Every form that may stand at a path; none where the specification knows nothing. */
export function schemasAt(root: Schema, path: Step[]): Schema[] {
  let forms = formsOf(root, root);
  for (const step of path) {
    if (step.startsWith("x-") && forms.every((one) => !one.properties?.[step])) return [];
    forms = forms.flatMap((form) => below(form, step)).flatMap((one) => formsOf(root, one));
  }
  return forms;
}

export function typesOf(forms: Schema[]): string[] {
  const types = forms.flatMap(
    (form) => form.type ?? (form.enum ? ["string"] : form.properties ? ["object"] : []),
  );
  return [...new Set(types)];
}

export const descriptionOf = (forms: Schema[]) => forms.find((form) => form.description)?.description ?? "";

/** The keys that may stand in a mapping, in the order of their names. */
export function keysOf(root: Schema, forms: Schema[]): KeyWord[] {
  const keys = new Map<string, KeyWord>();
  for (const form of forms)
    for (const [key, schema] of Object.entries(form.properties ?? {})) {
      if (keys.has(key)) continue;
      const inner = formsOf(root, schema);
      keys.set(key, {
        key,
        description: descriptionOf(inner),
        types: typesOf(inner),
        deprecated: inner.some((one) => one.deprecated),
        required: form.required?.includes(key) ?? false,
      });
    }
  return [...keys.values()].sort((a, b) => a.key.localeCompare(b.key));
}

/** The values that a place is limited to, as they are written. */
export function valuesOf(forms: Schema[]): string[] {
  const values = forms
    .flatMap((form) => [...(form.enum ?? []), ...("const" in form ? [form.const] : [])])
    .map(String);
  const types = typesOf(forms);
  if (types.includes("boolean")) values.push("true", "false");
  return [...new Set(values)];
}
