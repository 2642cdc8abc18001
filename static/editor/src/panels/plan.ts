// A plan in words: groups by subject, counts by impact. Pure.
import type {
  ContainerView,
  CutView,
  DowntimeView,
  OperationView,
  PlanView,
  ProblemView,
  RunView,
  StepView,
} from "../wire.gen";

export type Impact = OperationView["impact"];
export type Row = OperationView | StepView;

export const IMPACTS: Impact[] = ["new", "in place", "restart", "recreate", "stop", "remove", "data at risk"];

/** More objects than one reads at once. */
export const MANY = 12;

const GRAVITY: Impact[] = ["in place", "new", "stop", "restart", "recreate", "remove", "data at risk"];

export interface Group<R extends Row = Row> {
  subject: string;
  rows: R[];
}

/** Operations by subject, in the order in which each subject first appears. */
export function groupBySubject<R extends Row>(rows: R[]): Group<R>[] {
  const groups = new Map<string, R[]>();
  for (const row of rows) groups.set(row.subject, [...(groups.get(row.subject) ?? []), row]);
  return [...groups].map(([subject, found]) => ({ subject, rows: found }));
}

const WORDS: Record<Impact, string> = {
  new: "new",
  "in place": "in place",
  restart: "restart",
  recreate: "recreated",
  stop: "stopped",
  remove: "removed",
  "data at risk": "with data at risk",
};

/** "3 new · 1 in place · nothing is recreated": counts of things, each under the gravest that happens to it. */
export function summaryText(rows: Pick<Row, "impact" | "subject">[]): string {
  const gravest = new Map<string, number>();
  for (const { subject, impact } of rows)
    gravest.set(subject, Math.max(gravest.get(subject) ?? 0, GRAVITY.indexOf(impact)));
  const counts = IMPACTS.flatMap((impact) => {
    const count = [...gravest.values()].filter((one) => GRAVITY[one] === impact).length;
    return count ? [`${count} ${WORDS[impact]}`] : [];
  });
  const grave = rows.some((row) => row.impact === "recreate" || row.impact === "data at risk");
  return [...counts, ...(grave ? [] : ["nothing is recreated"])].join(" · ");
}

/** "service:web" → ["web", "service"] */
export function subjectWords(subject: string): [string, string] {
  const at = subject.indexOf(":");
  if (at < 0) return [subject || "the stack", ""];
  const name = subject.slice(at + 1);
  return [name === "@bridge" ? "docker0" : name, subject.slice(0, at)];
}

/** How much of a run is done, 0 to 1; a running step counts by its own share, or a half. */
export function shareDone(steps: StepView[]): number {
  if (!steps.length) return 0;
  const sum = steps.reduce((total, step) => {
    if (step.state === "done" || step.state === "skipped") return total + 1;
    return step.state === "running" ? total + (step.share ?? 0.5) : total;
  }, 0);
  return sum / steps.length;
}

/** The gravest thing that happens in a group. */
export function gravestOf(rows: Pick<Row, "impact">[]): Impact {
  return rows.reduce<Impact>(
    (worst, { impact }) => (GRAVITY.indexOf(impact) > GRAVITY.indexOf(worst) ? impact : worst),
    "in place",
  );
}

const secondsText = (seconds: number) =>
  seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** "away up to 11 s", "stops and stays so": what a plan means for the users of one service. */
export function awayText({ at_most_s, containers }: Pick<DowntimeView, "at_most_s" | "containers">): string {
  if (at_most_s === null) return "stops and stays so";
  const each = containers > 1 ? ", each by itself" : "";
  return `away up to ${secondsText(at_most_s)}${each}`;
}

const namesOf = (services: string[]) =>
  services.length > 3 ? `${services.length} services` : services.join(", ");

/** What a plan costs the users, in a sentence or two; the services that stay stopped are named first, since that is graver. */
export const costText = ({ downtimes, cuts }: Pick<PlanView, "downtimes" | "cuts">): string =>
  [downtimeText(downtimes), ...cuts.map(cutText)].join(" ");

const cutText = ({ network, services }: CutView) =>
  `Connections of ${namesOf(services)} over ${network} break for a moment.`;

export function downtimeText(downtimes: DowntimeView[]): string {
  if (!downtimes.length) return "Nothing that runs is stopped.";
  const names = (found: DowntimeView[]) => namesOf(found.map((one) => one.service));
  const [gone, back] = [
    downtimes.filter((one) => one.at_most_s === null),
    downtimes.filter((one) => one.at_most_s !== null),
  ];
  const longest = Math.max(0, ...back.map((one) => one.at_most_s ?? 0));
  const parts = [
    ...(gone.length ? [`${names(gone)} ${gone.length > 1 ? "stop and stay" : "stops and stays"} so`] : []),
    ...(back.length ? [`${names(back)} away up to ${secondsText(longest)}`] : []),
  ];
  return `${parts.join("; ")}.`;
}

export interface Layer {
  id: string;
  doing: string;
  /** 0 to 1; null while the engine does not say how large it is. */
  share: number | null;
  amount: string;
}

/** The layers that a pull's line names ("1 of 3 layers; a1b2 downloading 1.5 of 4.0 MB"), and the line without them. */
export function layersOf(progress: string): { line: string; layers: Layer[] } {
  const [line = "", ...parts] = progress.split("; ");
  if (!/^\d+ of \d+ layers$/.test(line)) return { line: progress, layers: [] };
  const layers = parts.flatMap((part) => {
    const found = /^(\S+) (downloading|unpacking)(?: ([\d.]+) of ([\d.]+) MB)?$/.exec(part);
    if (!found) return []; // cut off at the line's end
    const [, id = "", doing = "", now, all] = found;
    const share = all && Number(all) > 0 ? Math.min(1, Number(now) / Number(all)) : null;
    return [{ id, doing, share, amount: all ? `${now} of ${all} MB` : "" }];
  });
  return { line, layers };
}

/** The operations after which data may be gone. */
export const atRisk = (plan: Pick<PlanView, "operations">) =>
  plan.operations.filter((one) => one.impact === "data at risk");

const ORPHAN = "orphan";

/** The notes about containers that the design no longer has, and the other notes. */
export function orphansOf(notes: ProblemView[]): [ProblemView[], ProblemView[]] {
  return [notes.filter((one) => one.code === ORPHAN), notes.filter((one) => one.code !== ORPHAN)];
}

/** The one impact of a group whose rows all have the same, "" otherwise. */
export function impactOfAll(rows: Pick<Row, "impact">[]): Impact | "" {
  const [first] = rows;
  return first && rows.every((one) => one.impact === first.impact) ? first.impact : "";
}

/** Whether a row says why for the first time among those before it. */
export const saysWhy = (rows: Pick<Row, "cause">[], at: number): boolean =>
  rows[at]?.cause !== "" && rows[at]?.cause !== rows[at - 1]?.cause;

/** The groups with a failed step first, then those at work, what is done last; each in its order. */
export function urgentFirst(groups: Group<StepView>[]): Group<StepView>[] {
  const rank = ({ rows }: Group<StepView>) => {
    if (rows.some((row) => row.state === "failed")) return 0;
    if (rows.some((row) => row.state === "running")) return 1;
    return rows.every((row) => row.state === "done") ? 3 : 2;
  };
  return [...groups].sort((a, b) => rank(a) - rank(b));
}

type Standing = Pick<ContainerView, "service" | "state" | "exit_code">;

/**
 * The services that a run did not finish with and of which nothing runs now. One that ended well has done its work; one that
 * never was there is not missed.
 */
export function notRunning(run: Pick<RunView, "kind" | "steps">, containers: Standing[]): string[] {
  if (run.kind === "down" || run.kind === "stop") return [];
  const left = groupBySubject(run.steps).filter(
    ({ subject, rows }) =>
      subject.startsWith("service:") &&
      rows.some((row) => row.state !== "done") &&
      rows.some((row) => row.state === "failed" || row.impact !== "new"),
  );
  const names = left.map(({ subject }) => subjectWords(subject)[0]);
  const stands = (one: Standing) =>
    one.state === "running" || (one.state === "exited" && one.exit_code === 0);
  return names.filter((name) => !containers.some((one) => one.service === name && stands(one)));
}
