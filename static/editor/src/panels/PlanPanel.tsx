// What Apply would do and why, grouped by what it is about; while a run is under way, how far it is; after it, how it went.
import { Button, Center, Checkbox, Loader } from "@mantine/core";
import { IconCircleCheck, IconClockPause, IconListCheck, IconRefresh, IconRocket } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { create } from "zustand";
import { editor, useEditor, useMay } from "../model/store";
import { agoText, plural } from "../ui/format";
import { ProblemLines } from "../ui/ProblemLines";
import { useNow } from "../ui/useNow";
import type { PlanView, ProblemView } from "../wire.gen";
import {
  blocks,
  isFresh,
  isUnderWay,
  performPlan,
  planNow,
  removeOrphans,
  replan,
  useAgreed,
  useRemovesOrphans,
} from "./apply";
import { DriftSection } from "./DriftSection";
import { Operations } from "./Operations";
import classes from "./PlanPanel.module.css";
import { atRisk, costText, groupBySubject, orphansOf, summaryText } from "./plan";
import { RunProgress } from "./RunProgress";
import { showLine, showProblem } from "./show";

const REPLAN_MS = 700;

/** The ended run that a newer plan has taken the place of. By order of arrival: the clocks of two machines may differ. */
const useReplaced = create<{ runId: string }>()(() => ({ runId: "" }));
editor.subscribe(
  (state) => state.plan,
  (plan) => {
    const { run } = editor.get();
    if (plan && run && !isUnderWay(run)) useReplaced.setState({ runId: run.id });
  },
);

function Problems({ title, problems }: { title: string; problems: ProblemView[] }) {
  const guest = useEditor((state) => state.guest);
  if (!problems.length) return null;
  return (
    <section className={classes.problems}>
      <h3>{title}</h3>
      {problems.map((one) => (
        <div key={`${one.code}${one.subject}${one.message}`} className={classes.noted}>
          <button type="button" className={classes.problem} onClick={() => showProblem(one)}>
            <ProblemLines problems={[one]} />
          </button>
          {one.line > 0 && !guest && (
            <button
              type="button"
              className={classes.at}
              title="Show it in the file"
              onClick={() => showLine(one.line, one.file)}
            >
              {one.file ? `${one.file}, line ${one.line}` : `line ${one.line}`}
            </button>
          )}
        </div>
      ))}
    </section>
  );
}

/** What runs of the stack and the design no longer has: left alone, unless one asks here. */
function Orphans({ found }: { found: ProblemView[] }) {
  const deploys = useMay("deploy");
  const removes = useRemovesOrphans();
  const planning = useEditor((state) => state.planning);
  const [touched, setTouched] = useState(false);
  // unticked, it stays under the keyboard until the plan that names them again is there
  if (!found.length && !removes && !(touched && planning)) return null;
  return (
    <section className={classes.problems} aria-label="No longer in the design">
      <h3>No longer in the design</h3>
      <div className={classes.orphans}>
        {found.length > 0 && (
          <ul>
            {found.map((one) => (
              <li key={one.message}>{one.message}</li>
            ))}
          </ul>
        )}
        {deploys && (
          <Checkbox
            size="sm"
            checked={removes}
            onChange={(event) => {
              setTouched(true);
              void removeOrphans(event.currentTarget.checked);
            }}
            label={
              removes || !found.length
                ? "Remove what the design no longer has"
                : `Remove ${plural(found.length, "container")} with this apply`
            }
            description="Volumes are kept. The plan says what goes before anything does."
          />
        )}
      </div>
    </section>
  );
}

function ApplyButton({ plan }: { plan: PlanView }) {
  const deploys = useMay("deploy");
  const fresh = useEditor((state) => isFresh(plan, state.stack?.version ?? 0));
  const [busy, setBusy] = useState(false);
  const agreed = useAgreed((state) => state.digest === plan.digest);
  const applied = useEditor((state) => state.stack?.applied_version ?? 0);
  const remembered = useEditor((state) => state.stack?.rolls_back ?? false);
  const [rollsBack, setRollsBack] = useState(remembered);
  if (!deploys) return <p className={classes.hint}>Applying needs the deployer's role in this team.</p>;
  const risky = atRisk(plan);
  const grave = risky.length > 0;
  return (
    <>
      {grave && (
        <Checkbox
          className={classes.agree}
          color="red.8"
          checked={agreed}
          disabled={blocks(plan)}
          onChange={(event) => useAgreed.setState({ digest: event.currentTarget.checked ? plan.digest : "" })}
          label="Data may be lost, and nothing brings it back. I want this."
          description={risky.map((one) => one.summary).join("; ")}
        />
      )}
      {applied > 0 && (
        <Checkbox
          size="xs"
          className={classes.agree}
          checked={rollsBack}
          onChange={(event) => setRollsBack(event.currentTarget.checked)}
          label={`Roll back to version ${applied} by itself if it fails`}
        />
      )}
      <Button
        fullWidth
        loading={busy}
        color={grave ? "red.8" : undefined}
        disabled={!fresh || blocks(plan) || (grave && !agreed)}
        leftSection={<IconRocket size={17} />}
        onClick={() => {
          setBusy(true);
          performPlan(plan, { rollsBack: applied > 0 ? rollsBack : undefined }).finally(() => setBusy(false));
        }}
      >
        {grave ? "Apply, with data at risk" : "Apply"}
      </Button>
    </>
  );
}

function titleOf(plan: PlanView): string {
  if (plan.operations.length) return summaryText(plan.operations);
  return blocks(plan) ? "Not ready to apply" : "Nothing to do";
}

/** Nothing to do: because all is as drawn, because nothing is drawn, or but for what is left alone. */
function Settled({ orphans }: { orphans: number }) {
  const drawn = useEditor((state) => (state.stack?.graph.services.length ?? 0) > 0);
  const words = drawn
    ? "What runs is what is drawn, to the last address. An apply would touch nothing."
    : "Nothing is drawn yet. Add a service, and the plan says how it comes to run.";
  return (
    <Center className={classes.empty}>
      <IconCircleCheck size={34} stroke={1.4} />
      <p>{orphans > 0 ? "All that is drawn runs as drawn. An apply would touch nothing of it." : words}</p>
    </Center>
  );
}

function PlanBody({ plan }: { plan: PlanView }) {
  const now = useNow(15_000);
  const [orphans, notes] = orphansOf(plan.notes);
  const groups = groupBySubject(plan.operations);
  const nothing = plan.operations.length === 0 && !blocks(plan);
  return (
    <>
      <div className={classes.summary}>
        <b>{titleOf(plan)}</b>
        {plan.operations.length > 0 && (
          <span
            className={classes.away}
            data-stops={plan.downtimes.length + plan.cuts.length > 0 || undefined}
          >
            <IconClockPause size={14} aria-hidden />
            {costText(plan)}
          </span>
        )}
        <span>
          {plan.observed_at
            ? `The engine was looked at ${agoText(plan.observed_at, now)}`
            : "The engine was not seen"}
        </span>
      </div>
      {plan.engine_error && (
        <div className={classes.inset}>
          <p className={classes.error}>{plan.engine_error}</p>
        </div>
      )}
      <Problems
        title="In the way of Apply"
        problems={plan.problems.filter((one) => one.severity === "error")}
      />
      {nothing && <Settled orphans={orphans.length} />}
      <Operations groups={groups} downtimes={plan.downtimes} />
      <Orphans found={orphans} />
      <Problems
        title="Worth knowing"
        problems={[...plan.problems.filter((one) => one.severity === "warning"), ...notes]}
      />
      {!nothing && (
        <div className={classes.foot}>
          <ApplyButton plan={plan} />
        </div>
      )}
    </>
  );
}

export function PlanPanel() {
  const plan = useEditor((state) => state.plan);
  const planning = useEditor((state) => state.planning);
  const run = useEditor((state) => state.run);
  const version = useEditor((state) => state.stack?.version ?? 0);
  const underWay = isUnderWay(run);
  // made before the engine was seen, which has been seen since
  const blind = useEditor(
    ({ status }) => plan !== null && plan.engine_error !== "" && (status?.at ?? 0) > plan.observed_at,
  );
  const stale = plan !== null && (blind || !isFresh(plan, version)) && !underWay;

  // A plan of an older design is made again once the drawing rests, so that what is shown is what would be done.
  useEffect(() => {
    if (!stale || planning) return;
    const timer = setTimeout(() => void replan(), REPLAN_MS);
    return () => clearTimeout(timer);
  }, [stale, planning]);

  const replaced = useReplaced((state) => state.runId);
  const ended = run && !underWay && run.id !== replaced ? run : null;
  if (run && underWay) return <RunProgress run={run} />;
  return (
    <div className={classes.panel}>
      <DriftSection />
      {ended && <RunProgress run={ended} />}
      {!ended && plan && (
        <>
          <div className={classes.bar} data-stale={stale || undefined}>
            <span>{stale ? "The design changed; planning again…" : `Plan of version ${plan.version}`}</span>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              loading={planning}
              leftSection={<IconRefresh size={13} />}
              onClick={() => void replan()}
            >
              Again
            </Button>
          </div>
          <PlanBody plan={plan} />
        </>
      )}
      {!ended && !plan && (
        <Center className={classes.empty}>
          {planning ? (
            <Loader size="sm" aria-label="Planning" />
          ) : (
            <>
              <IconListCheck size={34} stroke={1.4} />
              <p>
                A plan compares the design with what runs, and says what Apply would do and why. It changes
                nothing.
              </p>
              <Button size="xs" variant="light" onClick={planNow}>
                Make a plan
              </Button>
            </>
          )}
        </Center>
      )}
    </div>
  );
}
