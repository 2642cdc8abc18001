// What runs, in words: pure functions from the status to a state that a badge can show.
import type {
  ContainerView,
  EndpointView,
  EngineView,
  Graph,
  ServiceView,
  StackView,
  StatusView,
} from "../wire.gen";

export type Tone = "none" | "good" | "busy" | "warn" | "bad" | "idle";

export interface LiveState {
  word: string;
  tone: Tone;
  /** A sentence's worth more, for tooltips and screen readers. */
  detail: string;
}

export function containersOf(status: StatusView | null, service: string): ContainerView[] {
  const found = status?.containers.filter((one) => one.service === service) ?? [];
  return found.sort((a, b) => a.number - b.number);
}

/** One container's state. Source of the words: the engine's own ("running", "exited", …) and its health. */
export function containerState(container: ContainerView): LiveState {
  const { state, health, exit_code: code, error, word } = container;
  if (state === "running") {
    if (health === "unhealthy") return { word: "unhealthy", tone: "bad", detail: "Its healthcheck fails" };
    if (health === "starting")
      return { word: "starting", tone: "busy", detail: "Its healthcheck has not passed yet" };
    return {
      word: health === "healthy" ? "healthy" : "running",
      tone: "good",
      detail: health === "healthy" ? "Running, its healthcheck passes" : "Running",
    };
  }
  if (state === "restarting")
    return { word: "restarting", tone: "warn", detail: `Restarted ${container.restart_count} times` };
  if (state === "paused") return { word: "paused", tone: "warn", detail: "Paused on the engine" };
  if (state === "exited" || state === "dead") {
    if (container.oom_killed)
      return {
        word: `out of memory (${code ?? "?"})`,
        tone: "bad",
        detail: "The kernel ended it for memory",
      };
    // the server knows whether a stop was asked for: then no exit code is a failure
    const asked = word === "stopped" || word === "completed";
    if (code && !asked) return { word, tone: "bad", detail: error || `Ended with exit code ${code}` };
    const how = code ? `Stopped when asked to, exit code ${code}` : "Ended with exit code 0";
    return { word, tone: "idle", detail: error || how };
  }
  if (state === "created")
    return {
      word: error ? "failed" : "created",
      tone: error ? "bad" : "idle",
      detail: error || "Made, not started",
    };
  return { word: state || "unknown", tone: "idle", detail: "" };
}

const RANK: Tone[] = ["bad", "warn", "busy", "idle", "good", "none"];

/** A service's state over its containers: the worst one speaks; several replicas say how many run. */
export function serviceState(
  service: Pick<ServiceView, "name" | "scale">,
  status: StatusView | null,
): LiveState {
  if (!status || status.at === 0)
    return { word: "not applied", tone: "none", detail: "Nothing of it runs yet" };
  const containers = containersOf(status, service.name);
  if (containers.length === 0) {
    return service.scale === 0
      ? { word: "scaled to 0", tone: "idle", detail: "No container is wanted" }
      : { word: "not applied", tone: "none", detail: "No container of it exists" };
  }
  const states = containers.map(containerState);
  const worst = states.reduce((a, b) => (RANK.indexOf(b.tone) < RANK.indexOf(a.tone) ? b : a));
  const running = containers.filter((one) => one.state === "running").length;
  if (service.scale > 1 || containers.length > 1) {
    const word =
      worst.tone === "good"
        ? `${running}/${service.scale} running`
        : `${worst.word} · ${running}/${service.scale}`;
    return { ...worst, word };
  }
  return worst;
}

/** A service's endpoints on one network (its key, or "@bridge"), one per container that has one. */
export function endpointsOf(status: StatusView | null, service: string, network: string): EndpointView[] {
  return containersOf(status, service).flatMap((one) =>
    one.endpoints.filter((endpoint) => endpoint.network_key === network),
  );
}

/** The addresses a service has on a network now, without the prefix length. */
export function addressesOf(status: StatusView | null, service: string, network: string): string[] {
  return endpointsOf(status, service, network)
    .flatMap((one) => [one.ipv4, one.ipv6])
    .filter(Boolean)
    .map((address) => address.replace(/\/\d+$/, ""));
}

export interface StackCount {
  running: number;
  wanted: number;
  failing: number;
}

export function countStack(graph: Graph, status: StatusView | null): StackCount {
  const wanted = graph.services.reduce((sum, one) => sum + one.scale, 0);
  const containers = status?.containers ?? [];
  const failing = containers.filter((one) => containerState(one).tone === "bad").length;
  // one that the design does not have runs too, but in nobody's stead
  const running = graph.services.reduce((sum, { name, scale }) => {
    const own = containers.filter((one) => one.service === name && one.state === "running").length;
    return sum + Math.min(own, scale);
  }, 0);
  return { running, wanted, failing };
}

export function stackState(
  stack: StackView,
  status: StatusView | null,
  engine: EngineView | null,
): LiveState {
  const { running, wanted, failing } = countStack(stack.graph, status);
  if (engine && !engine.reachable)
    return { word: "engine away", tone: "warn", detail: engine.error || "The engine does not answer" };
  if (failing) return { word: `${failing} failing`, tone: "bad", detail: `${running} of ${wanted} run` };
  if (!status?.containers.length)
    return stack.applied_version
      ? { word: "down", tone: "idle", detail: "No container exists" }
      : { word: "never applied", tone: "none", detail: "The design is saved; nothing runs yet" };
  if (running === 0) return { word: "stopped", tone: "idle", detail: `0 of ${wanted} run` };
  if (running < wanted) return { word: `${running}/${wanted} running`, tone: "warn", detail: "Not all run" };
  return { word: "running", tone: "good", detail: `${running} of ${wanted} run` };
}

/** How many edits of the design are not on the engine; 0 when the applied version is the newest. */
export const editsNotApplied = (stack: Pick<StackView, "version" | "applied_version">) =>
  Math.max(0, stack.version - stack.applied_version);
