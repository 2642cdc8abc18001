// What the Plan and Apply buttons do. A plan that only adds or changes in place runs at once; a graver one is shown first.
import { create } from "zustand";
import { editor, useEditor } from "../model/store";
import { requestPlan, requestRun } from "../sync/session";
import type { PlanView, RunView } from "../wire.gen";
import { atRisk } from "./plan";

/** The digest of the plan whose data at risk was agreed to. */
export const useAgreed = create<{ digest: string }>()(() => ({ digest: "" }));

/** Whether containers of services that the design no longer has are to go with the next apply of this stack. */
const useOrphans = create<{ stackId: string; remove: boolean }>()(() => ({ stackId: "", remove: false }));

export const useRemovesOrphans = (): boolean => {
  const { stackId, remove } = useOrphans();
  return useEditor((state) => state.stackId) === stackId && remove;
};

const removesOrphans = () => {
  const { stackId, remove } = useOrphans.getState();
  return remove && stackId === editor.get().stackId;
};

/** The plan again, with what was asked for. */
export const replan = (): Promise<PlanView | null> => requestPlan({ removeOrphans: removesOrphans() });

/** Let orphans go or stay, and plan that. */
export function removeOrphans(remove: boolean): Promise<PlanView | null> {
  useOrphans.setState({ stackId: editor.get().stackId, remove });
  return replan();
}

/** Whether a plan still waits for someone to agree that data may be lost. */
export const needsAgreement = (plan: PlanView) =>
  atRisk(plan).length > 0 && useAgreed.getState().digest !== plan.digest;

const HARMLESS = new Set(["new", "in place"]);

export const isUnderWay = (run: RunView | null) => run?.state === "queued" || run?.state === "running";

export const isFresh = (plan: PlanView | null, version: number) => plan !== null && plan.version === version;

export const blocks = (plan: PlanView) =>
  plan.engine_error !== "" || plan.problems.some((one) => one.severity === "error");

export async function planNow(): Promise<PlanView | null> {
  editor.set({ side: "plan" });
  return replan();
}

/** Perform the plan that is shown. */
export async function performPlan(
  plan: PlanView,
  { rollsBack }: { rollsBack?: boolean } = {},
): Promise<boolean> {
  editor.set({ side: "plan" });
  const remove = removesOrphans();
  const asked = await requestRun("apply", {
    digest: plan.digest,
    rolls_back: rollsBack ?? null,
    ...(remove ? { remove_orphans: true } : {}),
  });
  if (asked) useOrphans.setState({ remove: false });
  return asked;
}

export async function applyNow(): Promise<void> {
  const { plan: shown, stack, side } = editor.get();
  if (shown && side === "plan" && stack && isFresh(shown, stack.version) && shown.operations.length > 0) {
    if (!blocks(shown) && !needsAgreement(shown)) await performPlan(shown);
    return;
  }
  const plan = await planNow();
  if (!plan || blocks(plan) || plan.operations.length === 0) return;
  if (plan.operations.every((one) => HARMLESS.has(one.impact))) await performPlan(plan);
}
