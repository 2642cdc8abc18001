// What it would take to make an older version real, before it is done: its plan, and the button.
import { Button, Checkbox, Loader } from "@mantine/core";
import { IconArrowBackUpDouble, IconClockPause, IconRocket } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useEditor } from "../model/store";
import { ApiError, get } from "../sync/api";
import { requestRun } from "../sync/session";
import { ProblemLines } from "../ui/ProblemLines";
import type { PlanView } from "../wire.gen";
import { blocks, isUnderWay } from "./apply";
import classes from "./HistoryPanel.module.css";
import { leavePreview } from "./historyPreview";
import { Operations } from "./Operations";
import { atRisk, costText, groupBySubject, orphansOf, summaryText } from "./plan";

interface Props {
  version: number;
  /** With the images that ran then. */
  rollback: boolean;
  onDone: () => void;
}

function usePlanOf(version: number, rollback: boolean) {
  const stackId = useEditor((state) => state.stackId);
  const [plan, setPlan] = useState<PlanView | null>(null);
  const [error, setError] = useState("");
  const load = useCallback(() => {
    setPlan(null);
    setError("");
    get<PlanView>(`stacks/${stackId}/plan?kind=apply&version=${version}&rollback=${rollback}`)
      .then(setPlan)
      .catch((failure) => setError(failure instanceof ApiError ? failure.message : String(failure)));
  }, [stackId, version, rollback]);
  useEffect(load, [load]);
  return { plan, error, load };
}

export function HistoryPlan({ version, rollback, onDone }: Props) {
  const { plan, error, load } = usePlanOf(version, rollback);
  const [busy, setBusy] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const underWay = useEditor((state) => isUnderWay(state.run));
  if (error) return <p className={classes.error}>{error}</p>;
  if (!plan) return <Loader size="sm" aria-label="Planning" />;
  const errors = plan.problems.filter((one) => one.severity === "error");
  const [orphans, others] = orphansOf(plan.notes);
  const notes = [
    ...plan.problems.filter((one) => one.severity !== "error"),
    ...orphans.map((one) => ({ ...one, fix: "" })), // there is no asking for it here
    ...others,
  ];
  const risky = atRisk(plan);
  const perform = async () => {
    setBusy(true);
    leavePreview();
    const asked = await requestRun("apply", { digest: plan.digest, version, rollback });
    setBusy(false);
    if (asked) onDone();
    else {
      setAgreed(false);
      load();
    }
  };
  return (
    <section
      className={classes.plan}
      aria-label={`Plan of ${rollback ? "the rollback to" : ""} version ${version}`}
    >
      <b>{plan.operations.length ? summaryText(plan.operations) : "What runs is this version already"}</b>
      {plan.operations.length > 0 && (
        <p className={classes.away} data-stops={plan.downtimes.length + plan.cuts.length > 0 || undefined}>
          <IconClockPause size={14} aria-hidden />
          {costText(plan)}
        </p>
      )}
      {plan.engine_error && <p className={classes.error}>{plan.engine_error}</p>}
      {errors.length > 0 && <ProblemLines problems={errors} />}
      <Operations groups={groupBySubject(plan.operations)} downtimes={plan.downtimes} />
      {notes.length > 0 && <ProblemLines problems={notes} />}
      {risky.length > 0 && (
        <Checkbox
          color="red.8"
          checked={agreed}
          disabled={blocks(plan)}
          onChange={(event) => setAgreed(event.currentTarget.checked)}
          label="Data may be lost, and nothing brings it back. I want this."
          description={risky.map((one) => one.summary).join("; ")}
        />
      )}
      <span className={classes.buttons}>
        <Button
          size="sm"
          loading={busy}
          color={risky.length > 0 ? "red.8" : undefined}
          disabled={blocks(plan) || underWay || (risky.length > 0 && !agreed)}
          leftSection={rollback ? <IconArrowBackUpDouble size={15} /> : <IconRocket size={15} />}
          onClick={perform}
        >
          {rollback ? `Roll back to version ${version}` : `Apply version ${version}`}
        </Button>
        <Button size="sm" variant="default" onClick={onDone}>
          Not now
        </Button>
      </span>
    </section>
  );
}
