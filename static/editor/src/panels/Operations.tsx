// Operations by what they are about; pressing one shows its subject on the canvas. In a run each says how it stands.
import { Loader, Tooltip } from "@mantine/core";
import {
  IconBox,
  IconChevronDown,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconCircleXFilled,
  IconClockPause,
  IconDatabase,
  IconTopologyBus,
} from "@tabler/icons-react";
import { useState } from "react";
import { useEditor } from "../model/store";
import { plural, spanText } from "../ui/format";
import { ServiceIcon } from "../ui/ServiceIcon";
import { useNow } from "../ui/useNow";
import type { DowntimeView, StepView } from "../wire.gen";
import classes from "./Operations.module.css";
import {
  awayText,
  type Group,
  gravestOf,
  type Impact,
  impactOfAll,
  MANY,
  type Row,
  saysWhy,
  subjectWords,
} from "./plan";
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

interface RowProps {
  row: Row;
  /** Its cause is not the one of the row above. */
  why: boolean;
  /** The group's head does not say its impact. */
  chip: boolean;
}

function OperationRow({ row, why, chip }: RowProps) {
  return (
    <li className={classes.operation} data-step={isStep(row) || undefined}>
      <div className={classes.line}>
        {isStep(row) && <StepMark state={row.state} />}
        <span className={classes.what}>{row.summary}</span>
        {isStep(row) && <Elapsed step={row} />}
        {chip && (!isStep(row) || row.state === "pending") && <ImpactChip impact={row.impact} />}
      </div>
      {why && <div className={classes.cause}>{row.cause}</div>}
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

/** Of more objects than one reads at once, those that only begin or change in place are folded. */
const FOLDED = new Set<Impact>(["new", "in place"]);

/** Whether a group is shut until one opens it: nothing in it is grave, at work or failed. */
const isFolded = ({ rows }: Group) =>
  FOLDED.has(gravestOf(rows)) &&
  !rows.some((row) => isStep(row) && (row.state === "running" || row.state === "failed"));

function stateOfAll(rows: Row[]): StepView["state"] | "" {
  const states = rows.map((row) => (isStep(row) ? row.state : ""));
  const [first = ""] = states;
  return states.every((one) => one === first) ? first : states.includes("running") ? "running" : "";
}

interface GroupProps {
  group: Group;
  away?: DowntimeView;
  many: boolean;
}

function GroupHead({ group, away, onFold, open }: GroupProps & { onFold?: () => void; open: boolean }) {
  const [name, kind] = subjectWords(group.subject);
  const shows = kind === "service" || kind === "network" || kind === "volume";
  const impact = impactOfAll(group.rows);
  const state = stateOfAll(group.rows);
  return (
    <div className={classes.head}>
      <Tooltip label="Show on the canvas" disabled={!shows} openDelay={500}>
        <button
          type="button"
          className={classes.subject}
          disabled={!shows}
          onClick={() => showOnCanvas(group.subject)}
        >
          <SubjectIcon subject={name} kind={kind} />
          <span className={classes.name}>
            <b>{name}</b> <span className={classes.kind}>{kind}</span>
            {away && (
              <span className={classes.away} data-gone={away.at_most_s === null || undefined}>
                <IconClockPause size={13} aria-hidden />
                {awayText(away)}
              </span>
            )}
          </span>
        </button>
      </Tooltip>
      {!open && state && <StepMark state={state} />}
      {impact && !["done", "failed", "skipped"].includes(state) && <ImpactChip impact={impact} />}
      {onFold && (
        <button
          type="button"
          className={classes.fold}
          aria-expanded={open}
          aria-label={`Steps of ${name}`}
          title={open ? "Fold" : plural(group.rows.length, "step")}
          onClick={onFold}
        >
          <IconChevronDown size={16} aria-hidden />
        </button>
      )}
    </div>
  );
}

function GroupCard(props: GroupProps) {
  const { group, many } = props;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const folds = many && isFolded(group);
  const open = chosen ?? !folds;
  const [name, kind] = subjectWords(group.subject);
  return (
    <section
      className={classes.group}
      data-impact={gravestOf(group.rows).replaceAll(" ", "-")}
      aria-label={`${kind} ${name}`}
    >
      <GroupHead {...props} open={open} onFold={many ? () => setChosen(!open) : undefined} />
      {open && (
        <ol>
          {group.rows.map((row, at) => (
            <OperationRow
              key={row.index}
              row={row}
              why={saysWhy(group.rows, at)}
              chip={impactOfAll(group.rows) === ""}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

const NONE: DowntimeView[] = [];

export function Operations({ groups, downtimes = NONE }: { groups: Group[]; downtimes?: DowntimeView[] }) {
  const awayOf = (subject: string) => downtimes.find((one) => `service:${one.service}` === subject);
  return (
    <div className={classes.groups}>
      {groups.map((group) => (
        <GroupCard
          key={group.subject}
          group={group}
          away={awayOf(group.subject)}
          many={groups.length > MANY}
        />
      ))}
    </div>
  );
}
