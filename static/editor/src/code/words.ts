// What the most used keys of a Compose file mean, in short plain words, and where the specification says more. Pure.
// Keys are paths with `*` for a name and without list items: "services.*.ports".
import { ITEM, type Step } from "./place";

const SPEC = "https://github.com/compose-spec/compose-spec/blob/main/";

interface Page {
  page: string;
  keys: Record<string, string>;
}

const PAGES: Record<string, Page> = {
  "": {
    page: "03-compose-file.md",
    keys: {
      services: "The containers of this stack: one entry for each kind, under a name of your choice.",
      networks: "The networks that services can join. Without any, all services share one called `default`.",
      volumes: "Named stores on the engine that keep their data when containers are replaced.",
      configs: "Files, usually of settings, that are put into containers.",
      secrets: "Files that hold passwords or keys. They are mounted, and stay out of the environment.",
      name: "The project's name. It begins the names of containers, networks and volumes.",
      include: "Other Compose files that become part of this one.",
      version: "Was needed by old Compose versions and is ignored now. It can be removed.",
    },
  },
  "services.*": {
    page: "05-services.md",
    keys: {
      image: "The image to run, as `name:tag`. Without a tag it is `latest`, which can change under you.",
      build: "Build the image from a folder with a Dockerfile, or from a git address, instead of pulling it.",
      command: "What to run in place of the image's own command.",
      entrypoint:
        "The program that starts first, in place of the image's own. `command` becomes its arguments.",
      ports:
        'Ports reachable from outside the engine: `"8080:80"` opens 8080 on the host for 80 in the container.',
      expose: "Ports that other services use. It is a note: services on one network reach every port anyway.",
      environment:
        "Variables inside the container. A variable without a value is taken from where Compose runs.",
      env_file: "Files with variables, one `NAME=value` a line. `environment` wins over them.",
      volumes:
        "What is mounted: `name:/path` a volume, `./folder:/path` a folder of the host. `:ro` makes it read-only.",
      networks: "The networks to join. As a mapping, each can have aliases and a fixed address.",
      network_mode:
        "`host` shares the engine's network, `none` has none, `service:NAME` shares another's, `bridge` is docker0.",
      depends_on:
        "Services that start before this one. With a condition it also waits until they are healthy or done.",
      links:
        "Services that this one reaches by name or alias. On a shared network every service has its name already.",
      external_links: "The same for containers that are no part of this stack.",
      restart:
        "When the container starts again: `no`, `always`, `on-failure` (also `:5` tries) or `unless-stopped`.",
      healthcheck: "A command that tells whether the service works, and how often to ask.",
      container_name: "A fixed container name. The service cannot be scaled then, and the name must be free.",
      hostname: "The name that the container has for itself.",
      labels: "Notes on the container, often read by proxies and monitors.",
      deploy: "How many containers, with how much memory and CPU.",
      scale: "How many containers of this service run.",
      profiles: "The service runs only when one of these profiles is asked for.",
      extends: "Begin with the keys of another service, here or in another file, and change some.",
      configs: "Configs that are mounted into the container, each at `/name` unless told otherwise.",
      secrets: "Secrets that are mounted, each at `/run/secrets/name`.",
      user: "The user (and group) the process runs as: `1000:1000` or a name in the image.",
      working_dir: "The folder in which the command starts.",
      extra_hosts: 'More names for addresses, as `"name:10.0.0.5"`. `host-gateway` is the engine\'s host.',
      dns: "Name servers to ask instead of the engine's.",
      cap_add: "Rights of the kernel that the container gets beyond the usual.",
      cap_drop: "Rights of the kernel that are taken away. `ALL` drops each one.",
      privileged:
        "Gives the container nearly all rights on the host. Avoid it where a single capability will do.",
      devices: "Devices of the host that the container may use.",
      init: "Run a small first process that passes on signals and reaps children.",
      read_only: "The container cannot write to its own file system; volumes and tmpfs still can.",
      tmpfs: "Folders kept in memory, gone when the container stops.",
      logging: "Where the output goes, and how much of it is kept.",
      stop_grace_period: "How long a container may take to stop before it is killed. 10 seconds unless said.",
      stop_signal: "The signal that asks the process to stop. SIGTERM unless said.",
      pull_policy:
        "When to pull the image: `always`, `missing`, `never`, `build`, or every so often (`daily`).",
      platform: "The system and processor of the image, such as `linux/arm64`.",
      mem_limit: "The most memory it may use, such as `512m`.",
      cpus: "The most processor time it may use: `0.5` is half of one core.",
      shm_size:
        "How large `/dev/shm` is, such as `256m`. Databases and browsers often want more than the usual 64m.",
      ulimits: "Limits of the process, such as open files (`nofile`).",
      sysctls: "Kernel settings inside the container.",
      security_opt: "Security options, such as `no-new-privileges:true`.",
      tty: "Give the container a terminal.",
      stdin_open: "Keep its input open.",
      gpus: "GPUs that the container may use; `all` gives each one.",
      annotations: "Notes for the container's runtime.",
    },
  },
  "services.*.networks.*": {
    page: "05-services.md",
    keys: {
      aliases: "More names by which others on this network reach the service.",
      ipv4_address: "A fixed address on this network. Its subnet must be set under `ipam`.",
      ipv6_address: "A fixed IPv6 address on this network, within its subnet.",
      mac_address: "A fixed hardware address on this network.",
      priority: "The order in which networks are joined, the highest first.",
    },
  },
  "services.*.depends_on.*": {
    page: "05-services.md",
    keys: {
      condition:
        "`service_started` does not wait, `service_healthy` waits for its health check, `service_completed_successfully` for its end.",
      restart: "Restart this service when the other one is replaced.",
      required: "With `false`, this service starts also where the other one is missing.",
    },
  },
  "services.*.healthcheck": {
    page: "05-services.md",
    keys: {
      test: 'The command: `["CMD", "curl", "-f", "http://localhost"]`, or a line for the shell.',
      interval: "How often it runs, such as `10s`.",
      timeout: "How long one run may take.",
      retries: "How many failures in a row make it unhealthy.",
      start_period: "Failures this soon after the start do not count.",
      disable: "Switch off the image's own check.",
    },
  },
  "services.*.build": {
    page: "build.md",
    keys: {
      context: "The folder, or git address, that is sent to the builder.",
      dockerfile: "The name of the Dockerfile inside the context.",
      args: "Variables for the build only.",
      target: "The stage of the Dockerfile to stop at.",
    },
  },
  "services.*.deploy": {
    page: "deploy.md",
    keys: {
      replicas: "How many containers of this service run.",
      resources: "Memory and CPU: the most it may use (`limits`) and what is kept for it (`reservations`).",
      restart_policy: "When a container starts again; used in place of `restart`.",
    },
  },
  "networks.*": {
    page: "06-networks.md",
    keys: {
      driver:
        "`bridge` on one engine, `overlay` across a swarm, `macvlan` for addresses of your own network.",
      external: "The network exists already and is not made or removed here.",
      internal: "Nothing on this network reaches the outside through it.",
      ipam: "The network's subnets and gateways.",
      name: "The network's exact name on the engine, without the project's name before it.",
      attachable: "Containers outside of the stack may join.",
      enable_ipv6: "Give containers IPv6 addresses too.",
      driver_opts: "Settings for the driver.",
    },
  },
  "volumes.*": {
    page: "07-volumes.md",
    keys: {
      external: "The volume exists already and is not made or removed here.",
      name: "The volume's exact name on the engine.",
      driver: "Where the data lives; `local` unless said.",
      driver_opts: "Settings for the driver, such as an NFS server.",
    },
  },
  "configs.*": {
    page: "08-configs.md",
    keys: {
      file: "The file that holds the config.",
      content: "The config's text, written here.",
      environment: "The variable that holds the config's text.",
      external: "The config exists already.",
    },
  },
  "secrets.*": {
    page: "09-secrets.md",
    keys: {
      file: "The file that holds the secret.",
      environment: "The variable that holds the secret.",
      external: "The secret exists already.",
    },
  },
};

const NAMED = new Set(["services", "networks", "volumes", "configs", "secrets"]);

/** A path with names as `*` and without list items: what the words are kept under. */
export function patternOf(path: Step[]): string[] {
  return path
    .filter((step) => step !== ITEM)
    .map((step, index, steps) => {
      const before = steps[index - 1] ?? "";
      const named = index === 1 && NAMED.has(before);
      const inside = index === 3 && steps[0] === "services" && ["networks", "depends_on"].includes(before);
      return named || inside ? "*" : step;
    });
}

export interface Words {
  text: string;
  link: string;
}

/** Our words for a key, and the section of the specification; null where there are none. */
export function wordsFor(path: Step[]): Words | null {
  const steps = patternOf(path);
  const key = steps.at(-1) ?? "";
  const page = PAGES[steps.slice(0, -1).join(".")];
  const text = page?.keys[key];
  if (!page || !text) return null;
  const top: Record<string, string> = {
    services: "05-services.md",
    networks: "06-networks.md",
    volumes: "07-volumes.md",
    configs: "08-configs.md",
    secrets: "09-secrets.md",
    include: "14-include.md",
    name: "04-version-and-name.md#name-top-level-element",
    version: "04-version-and-name.md#version-top-level-element-obsolete",
  };
  if (steps.length === 1) return { text, link: `${SPEC}${top[key] ?? page.page}` };
  return { text, link: `${SPEC}${page.page}#${key.toLowerCase()}` };
}

export const wordsCount = () =>
  Object.values(PAGES).reduce((sum, page) => sum + Object.keys(page.keys).length, 0);
