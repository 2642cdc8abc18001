// Compose's short and long forms of ports, mounts and depends_on as rows of a form, and back. Pure.
// A row that came from a long form goes back into it, so that keys the form does not show are kept.

export type Problem = string | null;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const asList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value == null ? [] : [value];

/** Split at colons, but not inside "${NAME:-default}" nor "[::1]". */
export function splitColons(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const sign of text) {
    if (sign === "{" || sign === "[") depth++;
    if (sign === "}" || sign === "]") depth--;
    if (sign === ":" && depth <= 0) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

export interface PortRow {
  hostIp: string;
  published: string;
  target: string;
  protocol: string;
}

export function readPort(value: unknown): PortRow {
  if (isMap(value)) {
    const text = (key: string) => (value[key] == null ? "" : String(value[key]));
    return {
      hostIp: text("host_ip"),
      published: text("published"),
      target: text("target"),
      protocol: text("protocol") || "tcp",
    };
  }
  const [address = "", protocol = "tcp"] = String(value ?? "").split(/\/(?=[a-z]+$)/);
  const parts = splitColons(address);
  const target = parts.at(-1) ?? "";
  const published = parts.at(-2) ?? "";
  const hostIp = parts
    .slice(0, -2)
    .join(":")
    .replace(/^\[|\]$/g, "");
  return { hostIp, published, target, protocol };
}

/** The row in the form that `was` had: a long form keeps its other keys. */
export function writePort(row: PortRow, was?: unknown): unknown {
  if (isMap(was)) {
    const next: Record<string, unknown> = { ...was, target: Number(row.target) || row.target };
    const put = (key: string, value: string, standard = "") => {
      if (value && value !== standard) next[key] = value;
      else if (key in next && value === standard && standard) next[key] = value;
      else delete next[key];
    };
    put("published", row.published);
    put("host_ip", row.hostIp);
    put("protocol", row.protocol, "tcp");
    return next;
  }
  const host = row.hostIp.includes(":") ? `[${row.hostIp}]` : row.hostIp;
  const left = host ? `${host}:${row.published}:` : row.published ? `${row.published}:` : "";
  return `${left}${row.target}${row.protocol && row.protocol !== "tcp" ? `/${row.protocol}` : ""}`;
}

const PORT = /^\d{1,5}(-\d{1,5})?$/;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function portProblem(text: string, what: string): Problem {
  if (text.includes("${")) return null;
  if (!PORT.test(text)) return `${what} is a number such as 8080, or a range such as 8000-8010.`;
  const [from = 0, to = from] = text.split("-").map(Number);
  if (from < 1 || to > 65535) return `${what} lies between 1 and 65535.`;
  return to < from ? `${what}: the range runs backwards.` : null;
}

export function checkPort(row: PortRow): Problem {
  if (!row.target) return "Say which port of the container it is.";
  const problem =
    portProblem(row.target, "The container's port") ??
    (row.published ? portProblem(row.published, "The host's port") : null);
  if (problem) return problem;
  if (row.hostIp && !isAddress(row.hostIp)) return "The host address is an IP such as 127.0.0.1.";
  return null;
}

export function isIpv4(text: string): boolean {
  const match = IPV4.exec(text);
  return !!match && match.slice(1).every((part) => Number(part) <= 255);
}

export const isIpv6 = (text: string) =>
  text.includes(":") && /^[0-9a-f:.]+$/i.test(text) && (text.match(/::/g)?.length ?? 0) <= 1;

export const isAddress = (text: string) => isIpv4(text) || isIpv6(text) || text.includes("${");

export function isCidr(text: string): boolean {
  const [address = "", bits = ""] = text.split("/");
  if (!/^\d{1,3}$/.test(bits)) return false;
  return isIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

export interface MountRow {
  kind: "volume" | "bind" | "tmpfs";
  source: string;
  target: string;
  readOnly: boolean;
}

export const isHostPath = (source: string) => /^[./~]/.test(source) || /^\$\{?PWD/.test(source);

export function readMount(value: unknown): MountRow {
  if (isMap(value)) {
    const kind = value.type === "bind" || value.type === "tmpfs" ? value.type : "volume";
    return {
      kind,
      source: value.source == null ? "" : String(value.source),
      target: String(value.target ?? ""),
      readOnly: value.read_only === true,
    };
  }
  const parts = splitColons(String(value ?? ""));
  if (parts.length === 1) return { kind: "volume", source: "", target: parts[0] ?? "", readOnly: false };
  const [source = "", target = "", mode = ""] = parts;
  const readOnly = mode.split(",").includes("ro");
  return { kind: isHostPath(source) ? "bind" : "volume", source, target, readOnly };
}

export function writeMount(row: MountRow, was?: unknown): unknown {
  if (isMap(was) && was.type === row.kind) {
    const next: Record<string, unknown> = { ...was, target: row.target };
    if (row.source) next.source = row.source;
    else delete next.source;
    if (row.readOnly) next.read_only = true;
    else if (next.read_only !== false) delete next.read_only;
    return next;
  }
  if (row.kind === "tmpfs") return { type: "tmpfs", target: row.target };
  if (!row.source) return row.target;
  const modes = typeof was === "string" ? (splitColons(was)[2] ?? "").split(",") : [];
  const kept = modes.filter((mode) => mode && mode !== "ro" && mode !== "rw");
  const mode = [...(row.readOnly ? ["ro"] : []), ...kept].join(",");
  return `${row.source}:${row.target}${mode ? `:${mode}` : ""}`;
}

export function checkMount(row: MountRow): Problem {
  if (!row.target) return "Say where in the container it appears.";
  if (!row.target.startsWith("/") && !row.target.includes("${"))
    return "The place in the container starts with a slash.";
  if (row.kind === "bind" && !isHostPath(row.source)) return "A host path starts with / or ./";
  if (row.kind === "volume" && row.source && !/^[a-zA-Z0-9][\w.-]*$/.test(row.source))
    return "A volume's name has letters, digits, dot, dash and underscore.";
  return null;
}

export interface DependsRow {
  service: string;
  condition: string;
}

export function readDepends(value: unknown): DependsRow[] {
  if (isMap(value))
    return Object.entries(value).map(([service, one]) => ({
      service,
      condition: (isMap(one) && typeof one.condition === "string" && one.condition) || "service_started",
    }));
  return asList(value).map((one) => ({ service: String(one), condition: "service_started" }));
}

/** A list stays a list while every condition is the standard one; else it becomes a map that keeps what was there. */
export function writeDepends(rows: DependsRow[], was: unknown): unknown {
  const plain = rows.every((row) => row.condition === "service_started");
  if (plain && !isMap(was)) return rows.map((row) => row.service);
  const before = isMap(was) ? was : {};
  return Object.fromEntries(
    rows.map((row) => {
      const kept = before[row.service];
      return [row.service, { ...(isMap(kept) ? kept : {}), condition: row.condition }];
    }),
  );
}

/** Compose's durations ("1m30s", "500ms") from seconds. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return "";
  if (seconds !== 0 && seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round((seconds - minutes * 60) * 1000) / 1000;
  if (!minutes) return `${rest}s`;
  return rest ? `${minutes}m${rest}s` : `${minutes}m`;
}

export const isDuration = (text: string) => /^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(text) || text.includes("${");

const IMAGE =
  /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/i;

export function checkImage(text: string): Problem {
  if (!text) return "Name an image, such as nginx:alpine.";
  if (text.includes("${") || IMAGE.test(text)) return null;
  return "An image reads [registry/]name[:tag], such as nginx:alpine.";
}

export function checkName(text: string, taken: string[], what: string): Problem {
  if (!text) return `Give the ${what} a name.`;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/.test(text))
    return "Letters, digits, dot, dash and underscore; it starts with a letter or digit.";
  return taken.includes(text) ? `There is a ${what} called ${text} already.` : null;
}
