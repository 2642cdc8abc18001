// What belongs to a run besides its own steps: what a container printed that did not stay up, the failed run that a rollback
// takes back, the way back after a failure, and the run that waits.
import { Button } from "@mantine/core";
import { IconArrowBackUpDouble, IconClockPause } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useEditor, useMay } from "../model/store";
import { get } from "../sync/api";
import { cancelRun, requestRun } from "../sync/session";
import { clockText } from "../ui/format";
import type { RunView } from "../wire.gen";
import classes from "./HistoryPanel.module.css";
import { HistoryPlan } from "./HistoryPlan";
import { Operations } from "./Operations";
import { groupBySubject, urgentFirst } from "./plan";

/** A run read on its own: with what was printed, where one may read logs. */
function useWholeRun(id: string): RunView | null {
  const [run, setRun] = useState<RunView | null>(null);
  useEffect(() => {
    setRun(null);
    if (!id) return;
    let live = true;
    get<RunView>(`runs/${id}`)
      .then((found) => live && setRun(found))
      .catch(() => undefined); // the run itself is shown; this is beside it
    return () => {
      live = false;
    };
  }, [id]);
  return run;
}

/** Printed lines, the last ones in view; reached and scrolled with the keyboard too. */
function Output({ text }: { text: string }) {
  const ref = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (ref.current && text) ref.current.scrollTop = ref.current.scrollHeight;
  }, [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
    <pre ref={ref} className={classes.output} tabIndex={0}>
      {text}
    </pre>
  );
}

/** The last lines of what did not stay up. */
export function LastLines({ run }: { run: RunView }) {
  const reads = useMay("logs");
  const whole = useWholeRun(reads && run.state === "failed" ? run.id : "");
  if (!whole?.output) return null;
  return (
    <section aria-label="Its last lines" className={classes.lastLines}>
      <h4>What it printed last</h4>
      <Output text={whole.output} />
    </section>
  );
}

/** The run that `run` takes back: why it failed, and its steps. */
export function TakenBack({ run }: { run: RunView }) {
  const failed = useWholeRun(run.rollback_of);
  if (!failed) return null;
  return (
    <details className={classes.before}>
      <summary>
        It takes back the apply of version {failed.version}, which {failed.state}
        {failed.error ? `: ${failed.error}` : ""}
      </summary>
      {failed.output && <Output text={failed.output} />}
      <Operations groups={urgentFirst(groupBySubject(failed.steps))} />
    </details>
  );
}

/** After a failed apply: back to the version that was last applied, its plan first. */
export function WayBack({ run }: { run: RunView }) {
  const deploys = useMay("deploy");
  const applied = useEditor((state) => state.stack?.applied_version ?? 0);
  const [shown, setShown] = useState(false);
  if (!deploys || run.kind !== "apply" || run.state === "done" || !applied || run.rollback) return null;
  if (shown) return <HistoryPlan version={applied} rollback onDone={() => setShown(false)} />;
  return (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconArrowBackUpDouble size={15} />}
      title="The version that was last applied, with the images that ran then; its plan comes first"
      onClick={() => setShown(true)}
    >
      Roll back to version {applied}…
    </Button>
  );
}

/** Who has asked for a run that begins after this one; or the way to ask for one. */
export function Behind({ run }: { run: RunView }) {
  const deploys = useMay("deploy");
  const waiting = useEditor((state) => state.waiting);
  const version = useEditor((state) => state.stack?.version ?? 0);
  if (waiting)
    return (
      <div className={classes.behind} role="status">
        <span>
          <IconClockPause size={15} aria-hidden /> Next: {waiting.by || "someone"}’s {waiting.kind}
          {waiting.kind === "apply" ? ` of version ${waiting.version}` : ""}, asked for at{" "}
          {clockText(waiting.requested_at).slice(0, 8)}. It begins when this is done.
        </span>
        {deploys && (
          <Button size="compact-sm" variant="default" onClick={() => cancelRun(waiting.id)}>
            Cancel the next
          </Button>
        )}
      </div>
    );
  if (!deploys || version <= run.version) return null;
  return (
    <div className={classes.behind}>
      <span>The design is at version {version} by now.</span>
      <Button size="compact-sm" variant="default" onClick={() => requestRun("apply", { queue: true })}>
        Apply it after this
      </Button>
    </div>
  );
}
