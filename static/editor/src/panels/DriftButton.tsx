// How much was changed outside; opens the list in the plan's panel. Not there while nothing was.
import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { editor, useEditor } from "../model/store";
import classes from "./Drift.module.css";
import { bySubject } from "./drift";

export function DriftButton() {
  const count = useEditor((state) => bySubject(state.drift).length);
  if (count === 0) return null;
  const words = `${count} changed outside of Netyard`;
  return (
    <Tooltip label={`${words}: keep it, or put it back`} openDelay={350} withArrow>
      <UnstyledButton
        className={classes.count}
        aria-label={words}
        onClick={() => editor.set({ side: "plan" })}
      >
        <IconHandStop size={16} /> {count}
      </UnstyledButton>
    </Tooltip>
  );
}
