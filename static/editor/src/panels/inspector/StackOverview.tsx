// Nothing selected: the stack as a whole, and the next thing to do.
import { Button } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { countStack, editsNotApplied, serviceState, stackState } from "../../model/live";
import { countProblems, countText } from "../../model/problems";
import { editor, select, useEditor, useMay } from "../../model/store";
import { agoText, bytesText, exactTime, plural } from "../../ui/format";
import { Section } from "../../ui/Section";
import { ServiceIcon } from "../../ui/ServiceIcon";
import { StateBadge } from "../../ui/StateBadge";
import { useNow } from "../../ui/useNow";
import type { StackView, StatusView } from "../../wire.gen";
import { planNow } from "../apply";
import fields from "./fields.module.css";
import { Head } from "./Head";
import classes from "./StackOverview.module.css";
import { Tile } from "./Tile";

/** One sentence: what to do next. Pure. */
export function nextStep(
  stack: StackView,
  status: StatusView | null,
  reachable: boolean,
  drifted = false,
): string {
  const { services } = stack.graph;
  const { errors } = countProblems(stack.problems);
  if (!services.length) return "Drag a service from the left onto the canvas, or press one to add it.";
  if (!stack.valid)
    return "The text cannot be read as it is; the canvas shows the last good design. Mend it in Code.";
  if (errors) return "Mend the errors first; Apply waits for them.";
  if (!reachable) return "Go on drawing: Apply works once the engine answers.";
  if (!stack.applied_version) return "Press Plan to see what Apply would make.";
  if (editsNotApplied(stack))
    return "Your changes are saved but not on the engine. Plan shows the difference.";
  const { failing, running, wanted } = countStack(stack.graph, status);
  if (failing) return "Something fails: select it, and read its logs.";
  if (drifted)
    return "Something was changed outside of Netyard: keep it or put it back, at the hand in the bar above.";
  if (running < wanted) return "Not everything runs: Start all, or Apply again.";
  return "All of it runs. Select something to change it; changes on networks need no restart.";
}

function ServiceRows({ stack }: { stack: StackView }) {
  const status = useEditor((state) => state.status);
  return (
    <Section title="Services" open count={stack.graph.services.length}>
      <div className={classes.rows}>
        {stack.graph.services.map((one) => (
          <button
            key={one.name}
            type="button"
            className={classes.row}
            onClick={() => select([`service:${one.name}`])}
          >
            <ServiceIcon image={one.image} size={26} />
            <span>{one.name}</span>
            <StateBadge state={serviceState(one, status)} plain />
          </button>
        ))}
      </div>
    </Section>
  );
}

export function StackOverview() {
  const stack = useEditor((state) => state.stack);
  const status = useEditor((state) => state.status);
  const engine = useEditor((state) => state.engine);
  const guest = useEditor((state) => state.guest);
  const drifted = useEditor((state) => state.drift.length > 0);
  const draws = useMay("draw");
  const now = useNow(30_000);
  if (!stack) return null;
  const { running, wanted } = countStack(stack.graph, status);
  const staged = editsNotApplied(stack);
  const { errors } = countProblems(stack.problems);
  const next = draws ? nextStep(stack, status, engine?.reachable ?? true, drifted) : "";
  return (
    <div>
      <Head
        icon={<Tile icon={IconStack2} />}
        name={stack.name}
        kind="stack"
        badge={<StateBadge state={stackState(stack, status, engine)} />}
      />
      {next && (
        <div className={classes.next}>
          <p>{next}</p>
          {!guest && !errors && staged > 0 && stack.graph.services.length > 0 && (
            <Button size="compact-sm" variant="light" onClick={planNow}>
              Show the plan
            </Button>
          )}
          {errors > 0 && (
            <Button size="compact-sm" variant="light" onClick={() => editor.set({ bottom: "problems" })}>
              Show the problems
            </Button>
          )}
        </div>
      )}
      <Section title="At a glance" open>
        <dl className={fields.facts}>
          <dt>Design</dt>
          <dd>
            {plural(stack.graph.services.length, "service")}, {plural(stack.graph.networks.length, "network")}
            , {plural(stack.graph.volumes.length, "volume")}
          </dd>
          <dt>Running</dt>
          <dd>
            {running} of {plural(wanted, "container")}
          </dd>
          <dt>Version</dt>
          <dd>
            {stack.version}
            {stack.applied_version ? `, applied: ${stack.applied_version}` : ", never applied"}
          </dd>
          <dt>Problems</dt>
          <dd>{countText(countProblems(stack.problems))}</dd>
          {stack.updated_at > 0 && (
            <>
              <dt>Changed</dt>
              <dd title={exactTime(stack.updated_at)}>
                {agoText(stack.updated_at, now)}
                {stack.updated_by ? ` by ${stack.updated_by}` : ""}
              </dd>
            </>
          )}
          {engine && (
            <>
              <dt>Engine</dt>
              <dd>
                {engine.name}{" "}
                {engine.reachable
                  ? `${engine.version} · ${plural(engine.cpus, "CPU")} · ${bytesText(engine.memory_bytes)}`
                  : "(away)"}
              </dd>
            </>
          )}
        </dl>
      </Section>
      {stack.graph.services.length > 0 && <ServiceRows stack={stack} />}
    </div>
  );
}
