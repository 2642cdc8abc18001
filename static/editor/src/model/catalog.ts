// The palette's templates: what a new service of a kind looks like as Compose keys. Pure data and search.
// A template's named volumes are written "data:/path"; `templateEdit` gives each a name of its own and declares it.
import type { Graph } from "../wire.gen";
import type { Edit } from "./edit";

export interface Template {
  /** Also the wanted service name; made unique when it is added. */
  id: string;
  name: string;
  image: string;
  keys: Record<string, unknown>;
}

export interface TemplateGroup {
  title: string;
  templates: (Template & { hint: string })[];
}

const check = (command: string, interval = "10s") => ({
  test: ["CMD-SHELL", command],
  interval,
  timeout: "5s",
  retries: 5,
});

export const GROUPS: TemplateGroup[] = [
  {
    title: "Web",
    templates: [
      {
        id: "web",
        name: "nginx",
        hint: "Web server and proxy",
        image: "nginx:alpine",
        keys: { image: "nginx:alpine", ports: ["8080:80"], restart: "unless-stopped" },
      },
      {
        id: "caddy",
        name: "Caddy",
        hint: "Web server with automatic HTTPS",
        image: "caddy:2",
        keys: {
          image: "caddy:2",
          ports: ["8080:80", "8443:443"],
          volumes: ["data:/data"],
          restart: "unless-stopped",
        },
      },
      {
        id: "traefik",
        name: "Traefik",
        hint: "Edge router",
        image: "traefik:v3.1",
        keys: {
          image: "traefik:v3.1",
          command: ["--entrypoints.web.address=:80", "--ping=true"],
          ports: ["8080:80"],
          restart: "unless-stopped",
        },
      },
    ],
  },
  {
    title: "Data",
    templates: [
      {
        id: "db",
        name: "PostgreSQL",
        hint: "Relational database",
        image: "postgres:16-alpine",
        keys: {
          image: "postgres:16-alpine",
          environment: { POSTGRES_USER: "app", POSTGRES_PASSWORD: "change-me", POSTGRES_DB: "app" },
          volumes: ["data:/var/lib/postgresql/data"],
          restart: "unless-stopped",
          healthcheck: check("pg_isready -U app"),
        },
      },
      {
        id: "mysql",
        name: "MySQL",
        hint: "Relational database",
        image: "mysql:8.4",
        keys: {
          image: "mysql:8.4",
          environment: { MYSQL_DATABASE: "app", MYSQL_ROOT_PASSWORD: "change-me" },
          volumes: ["data:/var/lib/mysql"],
          restart: "unless-stopped",
          healthcheck: check("mysqladmin ping -h 127.0.0.1 --silent"),
        },
      },
      {
        id: "mariadb",
        name: "MariaDB",
        hint: "Relational database",
        image: "mariadb:11",
        keys: {
          image: "mariadb:11",
          environment: { MARIADB_DATABASE: "app", MARIADB_ROOT_PASSWORD: "change-me" },
          volumes: ["data:/var/lib/mysql"],
          restart: "unless-stopped",
          healthcheck: check("healthcheck.sh --connect --innodb_initialized"),
        },
      },
      {
        id: "redis",
        name: "Redis",
        hint: "Cache and queue",
        image: "redis:7-alpine",
        keys: {
          image: "redis:7-alpine",
          volumes: ["data:/data"],
          restart: "unless-stopped",
          healthcheck: check("redis-cli ping"),
        },
      },
      {
        id: "mongo",
        name: "MongoDB",
        hint: "Document database",
        image: "mongo:7",
        keys: {
          image: "mongo:7",
          volumes: ["data:/data/db"],
          restart: "unless-stopped",
          healthcheck: check("mongosh --quiet --eval 'db.runCommand({ping: 1}).ok'"),
        },
      },
      {
        id: "rabbitmq",
        name: "RabbitMQ",
        hint: "Message broker",
        image: "rabbitmq:3-management-alpine",
        keys: {
          image: "rabbitmq:3-management-alpine",
          ports: ["15672:15672"],
          volumes: ["data:/var/lib/rabbitmq"],
          restart: "unless-stopped",
          healthcheck: check("rabbitmq-diagnostics -q ping", "15s"),
        },
      },
    ],
  },
  {
    title: "Languages",
    templates: [
      {
        id: "python",
        name: "Python",
        hint: "Serves a folder over HTTP to begin with",
        image: "python:3.11-slim",
        keys: {
          image: "python:3.11-slim",
          command: ["python", "-m", "http.server", "8000"],
          working_dir: "/srv",
          restart: "unless-stopped",
        },
      },
      {
        id: "node",
        name: "Node.js",
        hint: "Answers over HTTP to begin with",
        image: "node:22-alpine",
        keys: {
          image: "node:22-alpine",
          command: ["node", "-e", "require('http').createServer((q, r) => r.end('hello')).listen(3000)"],
          restart: "unless-stopped",
        },
      },
    ],
  },
  {
    title: "Basics",
    templates: [
      {
        id: "busybox",
        name: "BusyBox",
        hint: "A small shell that stays up",
        image: "busybox:stable",
        keys: { image: "busybox:stable", command: ["sleep", "infinity"], init: true },
      },
      {
        id: "debian",
        name: "Debian",
        hint: "A plain Debian that stays up",
        image: "debian:bookworm-slim",
        keys: { image: "debian:bookworm-slim", command: ["sleep", "infinity"], init: true },
      },
      {
        id: "service",
        name: "Custom image",
        hint: "Any image; name it in the inspector",
        image: "",
        keys: { image: "busybox:stable" },
      },
    ],
  },
];

/** The groups with the templates whose name, image or hint holds every word of `query`; empty groups are left out. */
export function searchTemplates(query: string): TemplateGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one: Template & { hint: string }, title: string) => {
    const text = `${one.id} ${one.name} ${one.image} ${one.hint} ${title}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return GROUPS.map((group) => ({
    ...group,
    templates: group.templates.filter((one) => fits(one, group.title)),
  })).filter((group) => group.templates.length > 0);
}

/** A service name made of an image reference: "registry:5000/team/my_app:1.2@sha256:…" gives "my_app". */
export function nameOfImage(image: string): string {
  const last = (image.split("@")[0] ?? "").split("/").at(-1) ?? "";
  const name = (last.split(":")[0] ?? "").toLowerCase().replace(/[^a-z0-9_.-]+/g, "-");
  return name.replace(/^[^a-z0-9]+/, "") || "service";
}

/** A template for an image that the engine has; one that is known by its repository keeps that template's keys. */
export function templateOfImage(tag: string): Template {
  const repository = tag.replace(/[:@].*$/, "");
  for (const group of GROUPS) {
    const known = group.templates.find((one) => one.image && one.image.replace(/[:@].*$/, "") === repository);
    if (known) return { id: known.id, name: tag, image: tag, keys: { ...known.keys, image: tag } };
  }
  return { id: nameOfImage(tag), name: tag, image: tag, keys: { image: tag } };
}

/** `wanted`, or the first of wanted-2, wanted-3, … that is not taken. */
export function uniqueName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  if (!names.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const name = `${wanted}-${number}`;
    if (!names.has(name)) return name;
  }
}

/** One edit that adds the template's service as `name` and declares a volume `name-data` for each named volume it mounts. */
export function templateEdit(template: Template, name: string, graph: Pick<Graph, "volumes">): Edit {
  const taken = graph.volumes.map((volume) => volume.key);
  const added: Edit[] = [];
  const volumes = ((template.keys.volumes as unknown[]) ?? []).map((mount) => {
    const match = typeof mount === "string" ? /^([a-z][\w.-]*):(.+)$/i.exec(mount) : null;
    if (!match) return mount;
    const key = uniqueName(`${name}-${match[1]}`, taken);
    taken.push(key);
    added.push({ kind: "add_volume", name: key, keys: {} });
    return `${key}:${match[2]}`;
  });
  const keys = volumes.length ? { ...template.keys, volumes } : template.keys;
  const service: Edit = { kind: "add_service", name, keys };
  return added.length ? { kind: "several", edits: [...added, service] } : service;
}

/** Where an image keeps its data, by the templates' own mounts; "" for an image that none of them knows. */
function dataPathOf(image: string): string {
  const repository = image.replace(/[:@].*$/, "");
  for (const group of GROUPS)
    for (const { image: known, keys } of group.templates) {
      const mounted = (keys.volumes as unknown[] | undefined)?.find((one) => typeof one === "string");
      if (known && known.replace(/[:@].*$/, "") === repository && typeof mounted === "string")
        return mounted.split(":")[1] ?? "";
    }
  return "";
}

/** Where in a service's containers a new mount would best appear: where its image keeps data, else /data, when free. */
export function mountPlace(graph: Pick<Graph, "services">, name: string): string {
  const service = graph.services.find((one) => one.name === name);
  const taken = new Set(service?.mounts.map((one) => one.target));
  const wished = [dataPathOf(service?.image ?? ""), "/data"].filter((path) => path && !taken.has(path));
  if (wished[0]) return wished[0];
  for (let number = 2; ; number++) if (!taken.has(`/data${number}`)) return `/data${number}`;
}
