// Operations by what they are about; pressing one shows its subject on the canvas. In a run each says how it stands.
import { Loader, Tooltip } from "@mantine/core";
import {
  IconBox,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconCircleXFilled,
  IconClockPause,
  IconDatabase,
  IconTopologyBus,
} from "@tabler/icons-react";
import { useEditor } from "../model/store";
import { spanText } from "../ui/format";
import { ServiceIcon } from "../ui/ServiceIcon";
import { useNow } from "../ui/useNow";
import type { DowntimeView, StepView } from "../wire.gen";
import classes from "./Operations.module.css";
import { awayText, type Group, gravestOf, type Impact, type Row, subjectWords } from "./plan";
import { StepProgress } from "./StepProgress";
import { showOnCanvas } from "./show";

export function ImpactChip({ impact }: { impact: Impact }) {
  return (
    <span className={classes.chip} data-impact={impact.replaceAll(" ", "-")}>
      {impact}
    </span>
  );
}

const isStep = (row: Row): row is StepView => "state" in row;

function StepMark({ state }: { state: StepView["state"] }) {
  if (state === "running") return <Loader size={14} aria-label="Running" />;
  if (state === "done") return <IconCircleCheckFilled size={16} className={classes.done} aria-label="Done" />;
  if (state === "failed")
    return <IconCircleXFilled size={16} className={classes.failed} aria-label="Failed" />;
  if (state === "skipped")
    return <IconCircleMinus size={16} className={classes.waiting} aria-label="Skipped" />;
  return <IconCircle size={16} className={classes.waiting} aria-label="Waiting" />;
}

function Elapsed({ step }: { step: StepView }) {
  const running = step.state === "running";
  const now = useNow(200, running);
  if (!step.started_at) return null;
  const seconds = (step.ended_at || now) - step.started_at;
  return <span className={classes.elapsed}>{spanText(Math.max(0, seconds))}</span>;
}

function OperationRow({ row }: { row: Row }) {
  return (
    <li className={classes.operation} data-failed={(isStep(row) && row.state === "failed") || undefined}>
      <div className={classes.line}>
        {isStep(row) && <StepMark state={row.state} />}
        <span className={classes.what}>{row.summary}</span>
        {isStep(row) && <Elapsed step={row} />}
        {(!isStep(row) || row.state === "pending") && <ImpactChip impact={row.impact} />}
      </div>
      {row.cause && !(isStep(row) && row.state === "done") && (
        <div className={classes.cause}>{row.cause}</div>
      )}
      {isStep(row) && row.state === "running" && row.progress && <StepProgress step={row} />}
      {isStep(row) && row.error && (
        <div className={classes.error} role="alert">
          <code>{row.error}</code>
          {row.fix && <div>{row.fix}</div>}
        </div>
      )}
    </li>
  );
}

function SubjectIcon({ subject, kind }: { subject: string; kind: string }) {
  const image = useEditor((state) =>
    kind === "service" ? (state.stack?.graph.services.find((one) => one.name === subject)?.image ?? "") : "",
  );
  if (kind === "service") return <ServiceIcon image={image} size={24} />;
  const Icon = kind === "network" ? IconTopologyBus : kind === "volume" ? IconDatabase : IconBox;
  return (
    <span className={classes.icon}>
      <Icon size={15} aria-hidden />
    </span>
  );
}

const NONE: DowntimeView[] = [];

export function Operations({ groups, downtimes = NONE }: { groups: Group[]; downtimes?: DowntimeView[] }) {
  return (
    <div className={classes.groups}>
      {groups.map((group) => {
        const [name, kind] = subjectWords(group.subject);
        const shows = kind === "service" || kind === "network" || kind === "volume";
        const away = kind === "service" ? downtimes.find((one) => one.service === name) : undefined;
        return (
          <section
            key={group.subject}
            className={classes.group}
            data-impact={gravestOf(group.rows).replaceAll(" ", "-")}
            aria-label={`${kind} ${name}`}
          >
            <Tooltip label="Show on the canvas" disabled={!shows} openDelay={500}>
              <button
                type="button"
                className={classes.subject}
                disabled={!shows}
                onClick={() => showOnCanvas(group.subject)}
              >
                <SubjectIcon subject={name} kind={kind} />
                <b>{name}</b>
                <span className={classes.kind}>{kind}</span>
                {away && (
                  <span className={classes.away} data-gone={away.at_most_s === null || undefined}>
                    <IconClockPause size={13} aria-hidden />
                    {awayText(away)}
                  </span>
                )}
              </button>
            </Tooltip>
            <ol>
              {group.rows.map((row) => (
                <OperationRow key={row.index} row={row} />
              ))}
            </ol>
          </section>
        );
      })}
    </div>
  );
}
