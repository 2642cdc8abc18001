// Plan for everybody who looks, Apply for who may deploy; while a run is under way its progress stands there.
import { Button, Loader, Tooltip } from "@mantine/core";
import { IconListCheck, IconRocket } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { editsNotApplied } from "../model/live";
import { editor, useEditor, useMay } from "../model/store";
import { applyNow, isUnderWay, planNow } from "./apply";
import classes from "./RunButtons.module.css";

const WORDS = {
  apply: "Applying",
  down: "Taking down",
  stop: "Stopping",
  start: "Starting",
  restart: "Restarting",
};

/** Plan; pressed with the keyboard, go on in the panel where the plan is read. */
function planAndGo(event: MouseEvent): void {
  const byKeyboard = event.detail === 0;
  void planNow().then(() => byKeyboard && document.getElementById("side-panel")?.focus());
}

export function RunButtons({ narrow }: { narrow: boolean }) {
  const guest = useEditor((state) => state.guest);
  const run = useEditor((state) => state.run);
  const planning = useEditor((state) => state.planning);
  const stack = useEditor((state) => state.stack);
  const deploys = useMay("deploy");
  if (guest || !stack) return null;
  if (run && isUnderWay(run)) {
    const done = run.steps.filter((step) => step.state === "done").length;
    return (
      <Button
        size="xs"
        variant="light"
        leftSection={<Loader size={14} />}
        onClick={() => editor.set({ side: "plan" })}
      >
        {WORDS[run.kind]} {done}/{run.steps.length}
      </Button>
    );
  }
  const staged = editsNotApplied(stack);
  return (
    <span className={classes.buttons}>
      {/* on a narrow page the bar below has it too, and here is little room */}
      {!(narrow && deploys) && (
        <Tooltip label="What Apply would do, and why" openDelay={350} withArrow>
          <Button
            size="xs"
            variant="default"
            loading={planning}
            leftSection={narrow ? null : <IconListCheck size={16} />}
            onClick={planAndGo}
          >
            Plan
          </Button>
        </Tooltip>
      )}
      {deploys && (
        <Tooltip
          label={staged ? "Make it real (Ctrl Enter)" : "The design is applied"}
          openDelay={350}
          withArrow
        >
          <Button
            size="xs"
            loading={narrow && planning}
            disabled={planning}
            leftSection={narrow ? null : <IconRocket size={16} />}
            onClick={applyNow}
          >
            Apply
          </Button>
        </Tooltip>
      )}
    </span>
  );
}
