// A state in one word with a dot; its shape differs by tone, so that colour is not alone.
import { Tooltip } from "@mantine/core";
import type { LiveState } from "../model/live";
import classes from "./StateBadge.module.css";

export function StateBadge({ state, plain = false }: { state: LiveState; plain?: boolean }) {
  const badge = (
    <span className={classes.badge} data-tone={state.tone} data-plain={plain || undefined}>
      <span className={classes.dot} aria-hidden />
      <span className={classes.word}>{state.word}</span>
    </span>
  );
  return state.detail ? (
    <Tooltip label={state.detail} openDelay={350} withArrow>
      {badge}
    </Tooltip>
  ) : (
    badge
  );
}
