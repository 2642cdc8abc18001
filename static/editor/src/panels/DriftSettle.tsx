// The differences of one object, with the two ways to settle them. Putting back shows what it does first where that is grave.
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconPencilCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useEditor, useMay } from "../model/store";
import type { DriftView, PlanView } from "../wire.gen";
import { blocks, isUnderWay } from "./apply";
import classes from "./Drift.module.css";
import { cannotKeep, keepInDesign, putBack, waysOf } from "./drift";

export function DriftSettle({ subject, found }: { subject: string; found: DriftView[] }) {
  const draws = useMay("draw");
  const deploys = useMay("deploy");
  const running = useEditor((state) => isUnderWay(state.run));
  const [busy, setBusy] = useState<"keep" | "back" | "">("");
  const [plan, setPlan] = useState<PlanView | null>(null);
  const reason = cannotKeep(found);
  const ways = waysOf(found);

  const back = async () => {
    setBusy("back");
    setPlan(await putBack(subject, plan));
    setBusy("");
  };
  return (
    <>
      <ul className={classes.words}>
        {found.map((one) => (
          <li key={one.id} data-kind={one.kind}>
            {one.words}
          </li>
        ))}
      </ul>
      {plan && (
        <div className={classes.plan} role="note">
          <b>{blocks(plan) ? "This stands in the way:" : ways.backWould}</b>
          <ul>
            {blocks(plan)
              ? plan.problems.map((one) => <li key={one.code + one.message}>{one.message}</li>)
              : plan.operations.map((one) => <li key={one.index}>{one.summary}</li>)}
          </ul>
        </div>
      )}
      <div className={classes.actions}>
        {draws && !plan && (
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<IconPencilCheck size={14} />}
            loading={busy === "keep"}
            disabled={reason !== "" || running}
            title={reason || "The design is edited to say what runs; nothing on the engine changes"}
            onClick={() => {
              setBusy("keep");
              void keepInDesign(subject).finally(() => setBusy(""));
            }}
          >
            {ways.keep}
          </Button>
        )}
        {deploys && (
          <Button
            size="compact-xs"
            variant={plan ? "filled" : "light"}
            color={plan ? "orange.8" : "gray"}
            leftSection={<IconArrowBackUp size={14} />}
            loading={busy === "back"}
            disabled={running || (plan !== null && blocks(plan))}
            onClick={() => void back()}
          >
            {plan ? "Do this" : ways.back}
          </Button>
        )}
        {plan && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setPlan(null)}>
            Cancel
          </Button>
        )}
      </div>
      {reason && draws && !plan && <p className={classes.hint}>{reason}</p>}
    </>
  );
}
