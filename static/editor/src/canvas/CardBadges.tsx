// The small signs at the right of a card's name: what a plan would do to it, how many run, not applied, invalid.
import { IconAlertTriangleFilled } from "@tabler/icons-react";
import { DriftBadge } from "../panels/DriftBadge";
import type { ProblemView, ServiceView } from "../wire.gen";
import classes from "./CardBadges.module.css";
import type { Applied, ServiceLive, useMark } from "./live";

interface Props {
  service: ServiceView;
  live: ServiceLive;
  problems: ProblemView[];
  applied: Applied;
  mark: ReturnType<typeof useMark>;
}

const APPLIED_TEXT = {
  edited: "Edited since the last apply; Plan tells whether this service changes",
  differs: "Not applied: what runs differs from what is drawn",
};

export function CardBadges({ service, live, problems, applied, mark }: Props) {
  const errors = problems.filter((one) => one.severity === "error").length;
  const words = problems.map((one) => `${one.message} ${one.fix}`.trim()).join("\n");
  return (
    <span className={classes.badges}>
      {mark && (
        <span className={classes.mark} data-impact={mark.impact} title={mark.text}>
          {mark.impact}
        </span>
      )}
      {(service.scale > 1 || live.containers > 1) && (
        <span
          className={classes.scale}
          title={`${live.running} of ${service.scale} containers run`}
          data-short={(live.containers > 0 && live.running < service.scale) || undefined}
        >
          {live.running}/{service.scale}
        </span>
      )}
      <DriftBadge subject={`service:${service.name}`} />
      {problems.length > 0 && (
        <span
          className={classes.problem}
          data-severity={errors ? "error" : "warning"}
          title={words}
          role="img"
          aria-label={`${problems.length} ${problems.length > 1 ? "problems" : "problem"}: ${words}`}
        >
          <IconAlertTriangleFilled size={14} />
          {problems.length > 1 && problems.length}
        </span>
      )}
      {applied !== "same" && !mark && (
        <span
          className={classes.applied}
          data-applied={applied}
          role="img"
          title={APPLIED_TEXT[applied]}
          aria-label={APPLIED_TEXT[applied]}
        />
      )}
    </span>
  );
}
