// A run: how far it is, each operation as it goes, and afterwards how it went and the way on.
import { Button, Progress } from "@mantine/core";
import {
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleX,
  IconClockPause,
  IconPlayerStop,
} from "@tabler/icons-react";
import { useState } from "react";
import { useEditor, useMay } from "../model/store";
import { cancelRun, requestRun, restoreVersion } from "../sync/session";
import { agoText, clockText, exactTime, spanText } from "../ui/format";
import { useNow } from "../ui/useNow";
import type { ContainerView, RunView } from "../wire.gen";
import { isUnderWay, planNow } from "./apply";
import { Behind, LastLines, TakenBack, WayBack } from "./HistoryAfter";
import { Operations } from "./Operations";
import { groupBySubject, MANY, notRunning, shareDone, urgentFirst } from "./plan";
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

const NONE: ContainerView[] = [];

const doingWord = (run: RunView) => (run.rollback ? "Rolling back" : DOING[run.kind]);
const doneWord = (run: RunView) => (run.rollback ? `Rolled back to version ${run.version}` : DONE[run.kind]);

function UnderWay({ run }: { run: RunView }) {
  const deploys = useMay("deploy");
  const [asked, setAsked] = useState(false);
  const now = useNow(500);
  const done = run.steps.filter((step) => step.state === "done").length;
  return (
    <div className={classes.head} data-sticks role="status">
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
          {asked
            ? "It ends with the call in hand."
            : `Version ${run.version}, asked by ${run.by || "someone"} at ${clockText(run.requested_at).slice(0, 8)}`}
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

/** What a run that broke off leaves: said at once, since it is what one fears. */
function LeftBehind({ run }: { run: RunView }) {
  const containers = useEditor((state) => state.status?.containers) ?? NONE;
  const down = notRunning(run, containers);
  return (
    <p>
      {down.length > 0 && (
        <b>Not running now: {down.length > 5 ? `${down.length} services` : down.join(", ")}. </b>
      )}
      All else that was done stays. A new plan starts from there; nothing is done twice.
    </p>
  );
}

/** After a rollback: the design is ahead of what runs, and the next apply would try it again. */
function StillDesigned({ run }: { run: RunView }) {
  const draws = useMay("draw");
  const version = useEditor((state) => state.stack?.version ?? 0);
  if (!run.rollback || version <= run.version) return null;
  return (
    <div className={classes.note}>
      <p>
        The design is still version {version}: the next Apply tries it again. Mend it first, or restore
        version {run.version}.
      </p>
      {draws && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowBackUp size={15} />}
          onClick={() => void restoreVersion(run.version)}
        >
          Restore version {run.version}
        </Button>
      )}
    </div>
  );
}

const TONES = { done: "good", failed: "bad", cancelled: "warn", interrupted: "warn" } as const;
const ICONS = { good: IconCircleCheck, bad: IconCircleX, warn: IconClockPause };

function Ended({ run }: { run: RunView }) {
  const deploys = useMay("deploy");
  const now = useNow(15_000);
  const good = run.state === "done";
  const span = spanText(Math.max(0, run.ended_at - (run.started_at || run.requested_at)));
  const state = run.state as keyof typeof ENDS;
  const tone = TONES[run.state as keyof typeof TONES] ?? "warn";
  const Icon = ICONS[tone];
  const again = () => (run.kind === "apply" ? planNow() : requestRun(run.kind));
  return (
    <div className={classes.head}>
      <div className={classes.result} data-tone={tone} role={good ? "status" : "alert"}>
        <Icon size={20} aria-hidden />
        <div>
          <b>{good ? `${doneWord(run)} in ${span}` : `${doingWord(run)} ${ENDS[state] ?? run.state}`}</b>
          <span title={exactTime(run.ended_at)}>
            {agoText(run.ended_at, now)}
            {run.automatic ? " by itself" : run.by ? ` by ${run.by}` : ""}
            {good ? "" : `, after ${span}`}
          </span>
          {run.error && run.state !== "cancelled" && <p className={classes.why}>{run.error}</p>}
          {run.fix && run.state !== "cancelled" && <p>{run.fix}</p>}
          {!good && <LastLines run={run} />}
          {!good && <LeftBehind run={run} />}
        </div>
      </div>
      {deploys && (!good || run.kind === "apply") && (
        <div className={classes.ways}>
          <Button size="sm" variant={good ? "default" : "filled"} onClick={again}>
            {good ? "Plan again" : run.kind === "apply" ? "Plan the rest" : "Try again"}
          </Button>
          {!good && <WayBack run={run} />}
        </div>
      )}
      {good && <StillDesigned run={run} />}
    </div>
  );
}

export function RunProgress({ run }: { run: RunView }) {
  const groups = groupBySubject(run.steps);
  if (isUnderWay(run))
    return (
      <div key={run.id}>
        <UnderWay run={run} />
        <Behind run={run} />
        {run.rollback_of && <TakenBack run={run} />}
        <Operations groups={groups.length > MANY ? urgentFirst(groups) : groups} />
      </div>
    );
  return (
    <div key={run.id}>
      <Ended run={run} />
      {run.rollback_of && <TakenBack run={run} />}
      <Operations groups={urgentFirst(groups)} />
    </div>
  );
}
