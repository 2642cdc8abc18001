// Live values for one node each, so that a change renders one number and not the graph. Indexes are made once per message.
import { useSyncExternalStore } from "react";
import { useShallow } from "zustand/react/shallow";
import { addressesOf, containerState, serviceState, type Tone } from "../model/live";
import { nodeOfProblem } from "../model/problems";
import { useEditor, useSamples } from "../model/store";
import type {
  ContainerView,
  OperationView,
  PlanView,
  ProblemView,
  RunView,
  SampleView,
  ServiceView,
  StackView,
  StatusView,
  StepView,
} from "../wire.gen";
import { span } from "./text";

/** Remember a function's answer as long as its argument lives. */
function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}

function byKey<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

const containersBy = once((status: StatusView) => byKey(status.containers, (one) => one.service));

/** Every edit brings a whole new graph: keep the object of what is the same as before, so that its node is not rendered. */
function kept<T>(items: (stack: StackView) => T[], key: (item: T) => string) {
  let last = new Map<string, T>();
  return once((stack: StackView) => {
    last = new Map(
      items(stack).map((item) => {
        const before = last.get(key(item));
        return [key(item), before && JSON.stringify(before) === JSON.stringify(item) ? before : item];
      }),
    );
    return last;
  });
}

const servicesBy = kept(
  (stack) => stack.graph.services,
  (one) => one.name,
);
const networksBy = kept(
  (stack) => stack.graph.networks,
  (one) => one.key,
);
const problemsBy = once((stack: StackView) => byKey(stack.problems, nodeOfProblem));
const operationsBy = once((plan: PlanView) => byKey(plan.operations, (one) => one.subject));
const stepsBy = once((run: RunView) => byKey(run.steps, (one) => one.subject));
const samplesBy = once((samples: Record<string, SampleView>) =>
  byKey(Object.values(samples), (one) => one.service),
);

const none: ContainerView[] = [];
const of = (status: StatusView | null, service: string) =>
  (status && containersBy(status).get(service)) ?? none;

/** The same service as long as nothing about it changed, though every edit brings a whole new graph. */
export function useService(name: string): ServiceView | undefined {
  return useEditor((state) => state.stack && servicesBy(state.stack).get(name)) ?? undefined;
}

export function useNetwork(key: string) {
  return useEditor((state) => state.stack && networksBy(state.stack).get(key)) ?? undefined;
}

export interface ServiceLive {
  word: string;
  tone: Tone;
  detail: string;
  running: number;
  containers: number;
  restarts: number;
  startedAt: number;
  /** When the last of its containers ended, where none runs; else 0. */
  endedAt: number;
  id: string;
}

export function serviceLive(service: ServiceView, status: StatusView | null): ServiceLive {
  const containers = of(status, service.name);
  const running = containers.filter((one) => one.state === "running");
  const own = status && { ...status, containers: [...containers] };
  return {
    ...serviceState(service, own),
    running: running.length,
    containers: containers.length,
    restarts: containers.reduce((sum, one) => sum + one.restart_count, 0),
    startedAt: running.length ? Math.min(...running.map((one) => one.started_at)) : 0,
    endedAt: running.length ? 0 : Math.max(0, ...containers.map((one) => one.finished_at)),
    id: containers[0]?.id ?? "",
  };
}

/** What is known of a service now; while the engine is away, what was last seen, said as such. */
export const useServiceLive = (service: ServiceView) =>
  useEditor(
    useShallow((state) => {
      const live = serviceLive(service, state.status);
      if (!state.engine || state.engine.reachable || !live.containers) return live;
      const detail = "Last seen so; the engine does not answer";
      return { ...live, word: `was ${live.word}`, tone: "none" as Tone, detail, startedAt: 0, endedAt: 0 };
    }),
  );

/** The tone alone, for overview and minimap. */
export const toneOf = (service: ServiceView, status: StatusView | null): Tone =>
  serviceLive(service, status).tone;

export interface Rates {
  cpu: number | null;
  memory: number;
  received: number;
  sent: number;
}

/** A service's rates, summed over its containers; null while nothing is measured. */
export function useRates(name: string): Rates | null {
  return useSamples(
    useShallow((state) => {
      const samples = samplesBy(state.byContainer).get(name);
      if (!samples?.length) return null;
      const sum = { cpu: null as number | null, memory: 0, received: 0, sent: 0 };
      for (const one of samples) {
        if (one.cpu_percent !== null) sum.cpu = (sum.cpu ?? 0) + one.cpu_percent;
        sum.memory += one.memory_bytes;
        for (const [received, sent] of Object.values(one.network_rates)) {
          sum.received += received;
          sum.sent += sent;
        }
      }
      return sum;
    }),
  );
}

/** Live addresses of a service on a network, joined by a blank; static ones of the design where nothing runs. */
export const useAddresses = (service: string, network: string) =>
  useEditor((state) => {
    const containers = of(state.status, service);
    if (!state.status || !containers.length) return "";
    return addressesOf({ ...state.status, containers: [...containers] }, service, network).join(" ");
  });

/** A service's bytes a second on one network, both ways; null while nothing is measured. */
export function useWireRate(service: string, network: string): number | null {
  return useSamples((state) => {
    const samples = samplesBy(state.byContainer).get(service);
    let sum: number | null = null;
    for (const one of samples ?? []) {
      const rate = one.network_rates[network];
      if (rate) sum = (sum ?? 0) + rate[0] + rate[1];
    }
    return sum === null ? null : Math.round(sum);
  });
}

const noProblems: ProblemView[] = [];
export const useProblems = (nodeId: string): ProblemView[] =>
  useEditor((state) => (state.stack && problemsBy(state.stack).get(nodeId)) ?? noProblems);

const RANK: OperationView["impact"][] = [
  "in place",
  "new",
  "stop",
  "restart",
  "recreate",
  "remove",
  "data at risk",
];

/** The gravest impact of the open plan on a node, and the operations in words; null where the plan has none for it. */
export function useMark(nodeId: string): { impact: OperationView["impact"]; text: string } | null {
  return useEditor(
    useShallow((state) => {
      const found = state.plan ? operationsBy(state.plan).get(nodeId) : undefined;
      if (!found?.length) return null;
      const rank = (one: OperationView) => RANK.indexOf(one.impact);
      const worst = found.reduce((a, b) => (rank(b) > rank(a) ? b : a));
      return { impact: worst.impact, text: found.map((one) => `${one.summary} (${one.cause})`).join("\n") };
    }),
  );
}

export type Applied = "same" | "edited" | "differs";

/** Whether what runs is what is drawn: the plan knows; without one, what can be seen from here. */
export function appliedState(
  state: {
    stack: StackView | null;
    plan: PlanView | null;
    status: StatusView | null;
  },
  name: string,
): Applied {
  const { stack, plan, status } = state;
  const service = stack && servicesBy(stack).get(name);
  if (!stack || !service || stack.applied_version >= stack.version) return "same";
  if (plan && plan.version === stack.version && !plan.engine_error)
    return operationsBy(plan).has(`service:${name}`) ? "differs" : "same";
  // with nothing ever applied to the end, the banner says it for all of them
  if (!stack.applied_version || !stack.staged.includes(`service:${name}`)) return "same";
  const containers = of(status, name);
  if (!containers.length) return "same"; // its state already reads "not applied"
  if (!status?.at || containers.length !== service.scale) return "differs";
  const wanted = service.mode === "bridge" ? ["@bridge"] : service.attachments.map((one) => one.network);
  const joined = new Set(containers.flatMap((one) => one.endpoints.map((each) => each.network_key)));
  const runs = containers.some((one) => one.state === "running");
  if (runs && (wanted.length !== joined.size || wanted.some((key) => !joined.has(key)))) return "differs";
  return "edited";
}

export const useApplied = (name: string) => useEditor((state) => appliedState(state, name));

export interface Progress {
  state: StepView["state"];
  text: string;
  share: number | null;
}

/** Whether what ran before a step that failed runs again: the run has put it back. */
function isBack(steps: readonly StepView[], failed: StepView): boolean {
  const last = steps.findLast((one) => one.kind === "start" && one.index > failed.index);
  return last?.state === "done";
}

/** What a run does to a node right now, or why it failed there: until the design, now of version `drawn`, is edited. */
export function progressOf(run: RunView | null, nodeId: string, drawn = 0): Progress | null {
  const steps = run ? stepsBy(run).get(nodeId) : undefined;
  if (!run || !steps?.length) return null;
  const failed = steps.find((one) => one.state === "failed");
  if (failed && !isBack(steps, failed) && (run.state === "running" || drawn <= run.version)) {
    const text = [failed.summary, failed.error, failed.fix].filter(Boolean).join("\n");
    return { state: "failed" as const, text, share: null };
  }
  if (run.state !== "running" && run.state !== "queued") return null;
  const now = steps.find((one) => one.state === "running");
  if (now) return { state: "running" as const, text: now.progress || now.summary, share: now.share };
  const waits = steps.find((one) => one.state === "pending");
  return waits ? { state: "pending" as const, text: `Waits: ${waits.summary}`, share: null } : null;
}

export const useProgress = (nodeId: string): Progress | null =>
  useEditor(useShallow((state) => progressOf(state.run, nodeId, state.stack?.version)));

/** Problems of one link: those of its service at `links` that speak of its target or alias. */
export function useLinkProblem(service: string, target: string, alias: string): string {
  return useEditor((state) => {
    const found = state.stack && problemsBy(state.stack).get(`service:${service}`);
    const one = found?.find(
      (each) =>
        (each.path[2] === "links" || each.code.startsWith("link")) &&
        (each.message.includes(target) || each.message.includes(alias)),
    );
    return one ? `${one.message} ${one.fix}`.trim() : "";
  });
}

// one clock for all ages: a timer runs only while something shows one, and renders only those whose words change
const CLOCK_MS = 1000;
const waiting = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  waiting.add(listener);
  timer ??= setInterval(() => {
    for (const one of waiting) one();
  }, CLOCK_MS);
  return () => {
    waiting.delete(listener);
    if (!waiting.size) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** How long ago `since` (seconds since the epoch) is, in words that tick: each second below a minute, then by the minute. */
export const useAge = (since: number): string =>
  useSyncExternalStore(subscribe, () => span(Date.now() / 1000 - since));

export { containerState };
