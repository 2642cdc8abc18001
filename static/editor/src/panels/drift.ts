// What was changed outside of Netyard: kept in the design, or put back as it was applied, one object at a time.
import { useShallow } from "zustand/react/shallow";
import { editor, notify, useEditor } from "../model/store";
import { ApiError, get, post } from "../sync/api";
import { startRun } from "../sync/session";
import type { DriftView, Kept, PlanView } from "../wire.gen";
import { blocks } from "./apply";
import { subjectWords } from "./plan";

const MOST_CHANGES = 5;
const HARMLESS = new Set(["new", "in place"]);

/** The differences of one object on the canvas. */
export const useDrift = (subject: string): DriftView[] =>
  useEditor(useShallow((state) => state.drift.filter((one) => one.subject === subject)));

/** The differences by object, in the server's order. */
export function bySubject(drift: DriftView[]): [string, DriftView[]][] {
  const groups = new Map<string, DriftView[]>();
  for (const one of drift) groups.set(one.subject, [...(groups.get(one.subject) ?? []), one]);
  return [...groups];
}

/** Objects with differences that are nowhere in the design: they have no card to bear a badge. */
export function homeless(drift: DriftView[], known: Set<string>): DriftView[] {
  return drift.filter((one) => !known.has(one.subject));
}

/** Why nothing of an object can be kept; "" where something can. */
export const cannotKeep = (found: DriftView[]): string =>
  found.some((one) => !one.keep) ? "" : (found[0]?.keep ?? "");

interface Ways {
  keep: string;
  back: string;
  backWould: string;
}

const PUT_BACK: Ways = {
  keep: "Keep it in the design",
  back: "Put it back",
  backWould: "Putting it back would:",
};
const WAYS: Record<DriftView["kind"], Ways> = {
  changed: PUT_BACK,
  extra: { keep: "Add it to the design", back: "Remove it", backWould: "Removing it would:" },
  missing: { ...PUT_BACK, back: "Make it again", backWould: "Making it again would:" },
  stopped: { ...PUT_BACK, back: "Start it again", backWould: "Starting it again would:" },
};

/** What the two ways are called for one object: by what happened to it, where that is one kind of thing. */
export function waysOf(found: Pick<DriftView, "kind">[]): Ways {
  const [first] = found;
  return first && found.every((one) => one.kind === first.kind) ? WAYS[first.kind] : PUT_BACK;
}

function tell(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  notify({ message: error.message, fix: error.fix, problems: error.problems });
}

/** Edit the design to say what runs. */
export async function keepInDesign(subject: string): Promise<void> {
  const [name] = subjectWords(subject);
  try {
    const kept = await post<Kept>(`stacks/${editor.get().stackId}/drift/keep`, { subject });
    const message =
      kept.state === "done"
        ? `The design says now what runs of ${name}.`
        : `${name} is looked at more closely; the design follows.`;
    notify({ tone: "good", message, fix: kept.notes.join(" ") });
  } catch (error) {
    tell(error);
  }
}

const options = (subject: string) => ({
  version: editor.get().stack?.applied_version ?? 0,
  only: [subject],
  remove_orphans: true,
});

/** What putting one object back would do. */
async function planBack(subject: string): Promise<PlanView | null> {
  const { stackId, stack } = editor.get();
  const query = new URLSearchParams({
    kind: "apply",
    version: String(stack?.applied_version ?? 0),
    only: subject,
    remove_orphans: "true",
  });
  try {
    return await get<PlanView>(`stacks/${stackId}/plan?${query}`);
  } catch (error) {
    tell(error);
    return null;
  }
}

/**
 * Put one object back as it was applied: at once where that is harmless, as it was `seen` where it was looked at. Gives a plan
 * that is to be looked at first. What was done by hand may still go on: then it is planned anew.
 */
export async function putBack(subject: string, seen: PlanView | null): Promise<PlanView | null> {
  let plan = seen ?? (await planBack(subject));
  for (let changes = 0; plan && (plan === seen || isHarmless(plan)); changes++) {
    try {
      await startRun("apply", { ...options(subject), digest: plan.digest });
      return null;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "plan-changed" || changes === MOST_CHANGES) {
        tell(error);
        return null;
      }
    }
    plan = await planBack(subject);
  }
  return plan;
}

/** Whether a plan may be performed at once: what runs goes on running. */
export const isHarmless = (plan: PlanView): boolean =>
  !blocks(plan) && plan.operations.every((one) => HARMLESS.has(one.impact));
