// How a service does: its state in words, a run's progress, and live rates. Each number renders alone.
import { IconAlertCircle, IconLoader2 } from "@tabler/icons-react";
import { memo } from "react";
import type { ServiceView } from "../wire.gen";
import classes from "./CardVitals.module.css";
import { type Progress, type ServiceLive, useAge, useRates } from "./live";
import { bytes, percent, rate } from "./text";

interface Props {
  service: ServiceView;
  live: ServiceLive;
  progress: Progress | null;
}

export function CardVitals({ service, live, progress }: Props) {
  const failed = progress?.state === "failed";
  const running = live.running > 0;
  return (
    <div className={classes.vitals} data-vitals>
      {(!progress || (failed && running)) && <StateLine live={live} />}
      {progress && <ProgressLine progress={progress} short={failed && running} />}
      {running && !failed && <Rates name={service.name} />}
    </div>
  );
}

/** `short`: in one line, below the state of what runs all the same. */
function ProgressLine({ progress, short }: { progress: Progress; short: boolean }) {
  const failed = progress.state === "failed";
  const Icon = failed ? IconAlertCircle : IconLoader2;
  const [first = ""] = progress.text.split("\n");
  // the last line of a failure says what to do in plain words; the engine's own are in the tooltip and beside the plan
  const words = failed ? (progress.text.split("\n").at(-1) ?? first) : first;
  return (
    <>
      <p
        className={classes.line}
        data-step={progress.state}
        data-short={short || undefined}
        title={progress.text}
        role={failed ? "alert" : undefined}
      >
        {progress.state !== "pending" && (
          <Icon size={14} className={failed ? undefined : classes.spin} aria-hidden />
        )}
        <span className={classes.words}>{words}</span>
      </p>
      {progress.share !== null && (
        <span className={classes.share} aria-hidden>
          <span style={{ width: `${Math.round(progress.share * 100)}%` }} />
        </span>
      )}
    </>
  );
}

function StateLine({ live }: { live: ServiceLive }) {
  return (
    <p className={classes.line} data-tone={live.tone} title={live.detail}>
      <span className={classes.word}>{live.word}</span>
      {live.startedAt > 0 && <Age since={live.startedAt} title="Up" />}
      {live.endedAt > 0 && <Age since={live.endedAt} title="Ended" suffix=" ago" />}
      {live.restarts > 0 && (
        <span className={classes.aside}>
          {live.restarts} restart{live.restarts > 1 ? "s" : ""}
        </span>
      )}
    </p>
  );
}

function Age({ since, title, suffix = "" }: { since: number; title: string; suffix?: string }) {
  const age = useAge(since);
  return (
    <span className={classes.aside} title={`${title} ${new Date(since * 1000).toLocaleString()}`}>
      {age}
      {suffix}
    </span>
  );
}

const Rates = memo(function Rates({ name }: { name: string }) {
  const rates = useRates(name);
  if (!rates) return null;
  return (
    <p className={classes.rates}>
      {rates.cpu !== null && <span title="CPU, 100 % is one core">{percent(rates.cpu)}</span>}
      <span title="Memory in use">{bytes(rates.memory)}</span>
      <span title="Received and sent, over all networks">
        ↓ {rate(rates.received)} ↑ {rate(rates.sent)}
      </span>
    </p>
  );
});
