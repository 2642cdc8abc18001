// One thing to add: a button that can also be dragged onto the canvas.
import { UnstyledButton } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { DRAG_TYPE, type Dropped } from "./adding";
import classes from "./Palette.module.css";

interface Props {
  name: string;
  hint: string;
  icon: ReactNode;
  what: Dropped;
  mark?: string;
  onAdd: (what: Dropped) => void;
}

export function PaletteItem({ name, hint, icon, what, mark, onAdd }: Props) {
  return (
    <UnstyledButton
      className={classes.item}
      draggable
      title={`${name}: drag it, or press to add it in the middle`}
      onClick={() => onAdd(what)}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAG_TYPE, JSON.stringify(what));
        event.dataTransfer.effectAllowed = "copy";
      }}
    >
      <span className={classes.icon}>{icon}</span>
      <span className={classes.text}>
        <span className={classes.name}>{name}</span>
        <span className={classes.hint}>{hint}</span>
      </span>
      {mark && <IconCircleCheckFilled size={13} className={classes.mark} aria-label={mark} />}
    </UnstyledButton>
  );
}
