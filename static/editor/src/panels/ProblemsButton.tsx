// How many problems the design has; opens their list.
import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { countProblems, countText } from "../model/problems";
import { editor, useEditor } from "../model/store";
import classes from "./ProblemsButton.module.css";

export function ProblemsButton() {
  const problems = useEditor((state) => state.stack?.problems);
  const count = countProblems(problems ?? []);
  const words = countText(count);
  return (
    <Tooltip label={count.errors ? `${words}: Apply waits for them` : words} openDelay={350} withArrow>
      <UnstyledButton
        className={classes.button}
        aria-label={`Problems: ${words}`}
        onClick={() => editor.set((state) => ({ bottom: state.bottom === "problems" ? null : "problems" }))}
      >
        {!count.errors && !count.warnings && <IconCircleCheck size={17} className={classes.good} />}
        {count.errors > 0 && (
          <span className={classes.errors}>
            <IconAlertCircle size={16} /> {count.errors}
          </span>
        )}
        {count.warnings > 0 && (
          <span className={classes.warnings}>
            <IconAlertTriangle size={16} /> {count.warnings}
          </span>
        )}
      </UnstyledButton>
    </Tooltip>
  );
}
