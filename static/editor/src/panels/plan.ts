// A plan in words: groups by subject, counts by impact. Pure.
import type { OperationView, StepView } from "../wire.gen";

export type Impact = OperationView["impact"];
export type Row = OperationView | StepView;

export const IMPACTS: Impact[] = ["new", "in place", "restart", "recreate", "stop", "remove", "data at risk"];

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
