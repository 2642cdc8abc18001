// A run: how far it is, each operation as it goes, and afterwards how it went and the way on.
import { Button, Progress } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconClockPause, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import { useMay } from "../model/store";
import { cancelRun, requestRun } from "../sync/session";
import { agoText, exactTime, spanText } from "../ui/format";
import { useNow } from "../ui/useNow";
import type { RunView } from "../wire.gen";
import { isUnderWay, planNow } from "./apply";
import { Behind, LastLines, TakenBack, WayBack } from "./HistoryAfter";
import { Operations } from "./Operations";
import { groupBySubject, shareDone } from "./plan";
import classes from "./RunProgress.module.css";

const DOING = {
  apply: "Applying",
  down: "Taking down",
  stop: "Stopping",
  start: "Starting",
  restart: "Restarting",
};
const DONE = {
  apply: "Applied",
  down: "Taken down",
  stop: "Stopped",
  start: "Started",
  restart: "Restarted",
};
const ENDS = {
  failed: "stopped at an error",
  cancelled: "was cancelled",
  interrupted: "was interrupted",
};

const doingWord = (run: RunView) => (run.rollback_of ? "Rolling back" : DOING[run.kind]);
const doneWord = (run: RunView) =>
  run.rollback_of ? `Rolled back to version ${run.version}` : DONE[run.kind];

function UnderWay({ run }: { run: RunView }) {
  const deploys = useMay("deploy");
  const [asked, setAsked] = useState(false);
  const now = useNow(500);
  const done = run.steps.filter((step) => step.state === "done").length;
  return (
    <div className={classes.head} role="status">
      <div className={classes.title}>
        <b>
          {run.state === "queued"
            ? "Waiting for a worker…"
            : `${doingWord(run)}, ${done} of ${run.steps.length} done`}
        </b>
        <span>{spanText(Math.max(0, now - (run.started_at || run.requested_at)))}</span>
      </div>
      <Progress
        value={shareDone(run.steps) * 100}
        size="sm"
        radius="xl"
        animated={run.state === "running"}
        aria-label="Progress of the run"
      />
      <div className={classes.row}>
        <span>
          Version {run.version}, asked by {run.by || "someone"}
        </span>
        {deploys && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={asked}
            leftSection={<IconPlayerStop size={13} />}
            onClick={() => {
              setAsked(true);
              cancelRun();
            }}
          >
            {asked ? "Cancelling…" : "Cancel"}
          </Button>
        )}
      </div>
    </div>
  );
}

function Ended({ run }: { run: RunView }) {
  const deploys = useMay("deploy");
  const now = useNow(15_000);
  const good = run.state === "done";
  const span = spanText(Math.max(0, run.ended_at - (run.started_at || run.requested_at)));
  const Icon = good ? IconCircleCheck : run.state === "failed" ? IconCircleX : IconClockPause;
  const state = run.state as keyof typeof ENDS;
  const again = () => (run.kind === "apply" ? planNow() : requestRun(run.kind));
  return (
    <div className={classes.head}>
      <div className={classes.result} data-good={good || undefined} role={good ? "status" : "alert"}>
        <Icon size={20} aria-hidden />
        <div>
          <b>{good ? `${doneWord(run)} in ${span}` : `${doingWord(run)} ${ENDS[state] ?? run.state}`}</b>
          <span title={exactTime(run.ended_at)}>
            {agoText(run.ended_at, now)}
            {run.by ? ` by ${run.by}` : ""}
            {good ? "" : `, after ${span}`}
          </span>
          {run.fix && <p>{run.fix}</p>}
          {run.error && <code>{run.error}</code>}
          {!good && <LastLines run={run} />}
          {!good && <p>What was done so far stays. A new plan starts from there; nothing is done twice.</p>}
        </div>
      </div>
      {deploys && !good && (
        <div className={classes.row}>
          <Button size="compact-sm" onClick={again}>
            {run.kind === "apply" ? "Plan the rest" : "Try again"}
          </Button>
          <WayBack run={run} />
        </div>
      )}
      {good && run.kind === "apply" && (
        <div className={classes.row}>
          <Button size="compact-sm" variant="default" onClick={planNow}>
            Plan again
          </Button>
        </div>
      )}
    </div>
  );
}

export function RunProgress({ run }: { run: RunView }) {
  return (
    <div>
      {isUnderWay(run) ? <UnderWay run={run} /> : <Ended run={run} />}
      {isUnderWay(run) && <Behind run={run} />}
      {run.rollback_of && <TakenBack run={run} />}
      <Operations groups={groupBySubject(run.steps)} />
    </div>
  );
}
