// What may be typed at a place: keys, values and names, with what accepting one writes. Pure; the pane turns it into a list.
import type { ImageView } from "../wire.gen";
import { nameKindAt, namesOf, variablesIn } from "./names";
import { ITEM, type Lines, namesIn, type Place, placeAt, siblingsAt } from "./place";
import { keysOf, type Schema, schemasAt, typesOf, valuesOf } from "./schema";
import { wordsFor } from "./words";

export interface Offer {
  label: string;
  /** What is written; the caret goes to its end. */
  insert: string;
  kind: "key" | "value" | "service" | "network" | "volume" | "name" | "image" | "variable";
  detail: string;
  info: string;
  link: string;
  /** More to choose comes at once (a key with known values). */
  more: boolean;
  /** The higher the nearer to the top. */
  boost: number;
}

export interface Offers {
  /** Characters of the line that accepting one replaces. */
  from: number;
  to: number;
  offers: Offer[];
}

export interface Known {
  schema: Schema;
  images: ImageView[];
  /** Images of the palette. */
  usual: string[];
  /** Variables that an env file of the stack sets, with the file's name. */
  variables: Map<string, string>;
  /** Profiles, services, … of companions are not known here: names come from the text. */
}

const offer = (label: string, over: Partial<Offer>): Offer => ({
  label,
  insert: label,
  kind: "value",
  detail: "",
  info: "",
  link: "",
  more: false,
  boost: 0,
  ...over,
});

const USED_FIRST = [
  "services",
  "networks",
  "volumes",
  "image",
  "ports",
  "environment",
  "depends_on",
  "command",
  "restart",
  "healthcheck",
  "build",
]; // prettier-ignore

const plainName = /^[A-Za-z_][\w./-]*$/;
const quoted = (text: string) => (plainName.test(text) ? text : JSON.stringify(text));
const wordy = {
  array: "list",
  object: "mapping",
  boolean: "true or false",
  integer: "number",
  null: "",
} as Record<string, string>;
export const typeWords = (types: string[]) =>
  [...new Set(types.map((one) => wordy[one] ?? (one === "string" ? "text" : one)).filter(Boolean))].join(
    ", ",
  );

/** `key: `, or `key:` and a deeper line where only a list or a mapping may follow. */
function keyText(
  key: string,
  types: string[],
  { column, rest, flow }: { column: number; rest: string; flow: boolean },
) {
  if (/^\s*:/.test(rest)) return key;
  if (flow || types.length === 0) return `${key}: `;
  const plain = types.some((one) => !["array", "object", "null"].includes(one));
  if (plain) return `${key}: `;
  const deeper = `\n${" ".repeat(column + 2)}`;
  return types.includes("array") ? `${key}:${deeper}- ` : `${key}:${deeper}`;
}

function keyOffers(place: Place, line: number, lines: Lines, { schema }: Known): Offer[] {
  const forms = schemasAt(schema, place.path);
  const beside = place.flow ? new Set<string>() : siblingsAt(lines, line, place.column);
  const rest = lines.at(line).slice(place.to);
  return keysOf(schema, forms)
    .filter((one) => !beside.has(one.key) && !(one.deprecated && !place.word))
    .map((one) => {
      const words = wordsFor([...place.path, one.key]);
      const insert = keyText(one.key, one.types, { column: place.column, rest, flow: place.flow });
      const used = USED_FIRST.indexOf(one.key);
      return offer(one.key, {
        insert,
        kind: "key",
        detail: typeWords(one.types),
        info: words?.text ?? one.description,
        link: words?.link ?? "",
        more: insert !== one.key,
        boost: one.deprecated ? -50 : used >= 0 ? 20 - used : words ? 2 : 0,
      });
    });
}

const KINDS = { services: "service", networks: "network", volumes: "volume" } as Record<
  string,
  Offer["kind"]
>;

function nameOffers(place: Place, line: number, lines: Lines): Offer[] {
  const kind = nameKindAt(place.path, place.kind);
  if (!kind) return [];
  const own = kind === "services" && place.path[1];
  const beside =
    place.kind === "key" && !place.flow ? siblingsAt(lines, line, place.column) : new Set<string>();
  const tail =
    place.path.at(-1) !== ITEM && place.kind === "key" && !/^\s*:/.test(lines.at(line).slice(place.to));
  const mapped = tail && !place.flow && place.path[2] !== "profiles";
  return [...namesOf(lines, kind).keys()]
    .filter((name) => name !== own && !beside.has(name))
    .map((name) => {
      const mount = kind === "volumes" && place.path.at(-1) === ITEM ? ":/" : "";
      const insert = mapped ? `${quoted(name)}:\n${" ".repeat(place.column + 2)}` : `${quoted(name)}${mount}`;
      return offer(name, {
        insert,
        kind: KINDS[kind] ?? "name",
        detail: kind.replace(/s$/, ""),
        boost: 30,
        more: mapped,
      });
    });
}

const USUAL: Record<string, string[]> = {
  restart: ["unless-stopped", "always", "on-failure", '"no"'],
  network_mode: ["bridge", "host", "none", "service:"],
  pull_policy: ["always", "missing", "never", "build", "daily", "weekly"],
  stop_signal: ["SIGTERM", "SIGINT", "SIGQUIT", "SIGUSR1"],
  driver: ["bridge", "overlay", "macvlan", "ipvlan", "host", "none"],
  platform: ["linux/amd64", "linux/arm64"],
  ipc: ["host", "private", "shareable", "none", "service:"],
  pid: ["host", "service:"],
  interval: ["10s", "30s", "1m"],
  timeout: ["5s", "10s", "30s"],
  start_period: ["10s", "30s", "1m"],
  stop_grace_period: ["10s", "30s", "1m"],
};

const CAPABILITIES = [
  "ALL",
  "CHOWN",
  "DAC_OVERRIDE",
  "IPC_LOCK",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SYS_ADMIN",
  "SYS_NICE",
  "SYS_PTRACE",
  "SYS_TIME",
]; // prettier-ignore

function imageOffers({ images, usual }: Known): Offer[] {
  const here = new Set(images.map((one) => one.tag));
  return [
    ...images.map((one) => offer(one.tag, { kind: "image", detail: "on the engine", boost: 10 })),
    ...usual
      .filter((tag) => !here.has(tag))
      .map((tag) => offer(tag, { kind: "image", detail: "will be pulled" })),
  ];
}

function serviceModes(place: Place, lines: Lines): Offer[] {
  const key = place.path.at(-1) ?? "";
  if (!["network_mode", "ipc", "pid"].includes(key)) return [];
  return [...namesIn(lines, "services").keys()]
    .filter((name) => name !== place.path[1])
    .map((name) => offer(`service:${name}`, { kind: "service", detail: "shares its own", boost: 5 }));
}

function valueOffers(place: Place, lines: Lines, known: Known): Offer[] {
  const key = place.path.findLast((step) => step !== ITEM) ?? "";
  if (key === "image" && place.path[0] === "services") return imageOffers(known);
  if (key === "cap_add" || key === "cap_drop") return CAPABILITIES.map((one) => offer(one, {}));
  const forms = schemasAt(known.schema, place.path);
  const under = key !== "driver" || place.path[0] === "networks";
  const values = [...(under ? (USUAL[key] ?? []) : []), ...valuesOf(forms)];
  return [
    ...serviceModes(place, lines),
    ...[...new Set(values)].map((value, index) =>
      offer(value, { boost: 9 - index, more: value.endsWith(":") }),
    ),
  ];
}

/** After `${`: variables that the stack's env files set, and those that the text asks for elsewhere. */
function variableOffers(lines: Lines, line: number, column: number, known: Known): Offers | null {
  const before = lines.at(line).slice(0, column);
  const match = /(?<!\$)(?:\$\$)*\$\{(\w*)$/.exec(before);
  if (!match) return null;
  const typed = match[1] as string;
  const rest = lines.at(line).slice(column);
  const tail = /^\w*/.exec(rest)?.[0].length ?? 0;
  const close = /^\w*(\}|:|-|\?|\+)/.test(rest) ? "" : "}";
  const asked = [...variablesIn(lines)].filter((name) => name !== typed && !known.variables.has(name));
  const offers = [
    ...[...known.variables].map(([name, file]) => offer(name, { detail: file, boost: 5 })),
    ...asked.sort().map((name) => offer(name, { detail: "in this file" })),
  ].map((one) => ({ ...one, insert: one.label + close, kind: "variable" as const }));
  return { from: column - typed.length, to: column + tail, offers };
}

function aliasOffers(lines: Lines, line: number, column: number): Offers | null {
  const match = /(?:^|[\s[{,:-])\*([^\s,[\]{}]*)$/.exec(lines.at(line).slice(0, column));
  if (!match) return null;
  const names = [...namesOf(lines, "anchors").keys()].sort();
  return {
    from: column - (match[1] as string).length,
    to: column,
    offers: names.map((name) => offer(name, { kind: "name", detail: "anchor" })),
  };
}

/** Everything that may be typed at a caret (line from 1, column from 0); null where nothing is known. */
export function offersAt(lines: Lines, line: number, column: number, known: Known): Offers | null {
  const special = variableOffers(lines, line, column, known) ?? aliasOffers(lines, line, column);
  if (special) return special;
  const place = placeAt(lines, line, column);
  if (place.kind === "none") return null;
  const item = place.path.at(-1) === ITEM;
  const offers =
    place.kind === "value"
      ? [...nameOffers(place, line, lines), ...valueOffers(place, lines, known)]
      : [
          ...nameOffers(place, line, lines),
          ...(item ? valueOffers(place, lines, known) : []),
          ...keyOffers(place, line, lines, known),
        ];
  const seen = new Set<string>();
  const unique = offers.filter((one) => !seen.has(one.label) && seen.add(one.label));
  return unique.length ? { from: place.from, to: place.to, offers: unique } : null;
}

/** What is known of the key or value at a caret: for the hover. */
export function explain(path: string[], { schema }: Pick<Known, "schema">) {
  const forms = schemasAt(schema, path);
  const words = wordsFor(path);
  const description = forms.find((one) => one.description)?.description ?? "";
  if (!words && !description && !forms.length) return null;
  return {
    text: words?.text ?? description,
    link: words?.link ?? "",
    types: typeWords(typesOf(forms)),
    values: valuesOf(forms).filter((one) => one !== "true" && one !== "false"),
    deprecated: forms.some((one) => one.deprecated),
  };
}
