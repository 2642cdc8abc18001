// On a narrow page: a bar of names below, each opening its panel as a sheet from the lower edge.
import { Drawer } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { editsNotApplied } from "../model/live";
import type { SidePanel as SideName } from "../model/state";
import { editor, useEditor, useMay } from "../model/store";
import { planNow } from "./apply";
import { BottomContent, useBottoms } from "./BottomPanel";
import classes from "./NarrowSheets.module.css";
import { Palette } from "./Palette";
import { SIDES, SideContent, useSides } from "./SidePanel";

/** Open a panel; the plan is made at once where there is none to show. */
function openSide(side: SideName): void {
  const { plan, run, planning, stack } = editor.get();
  editor.set({ side, bottom: null });
  if (side !== "plan" || plan || planning || !stack) return;
  // how a run went stands there first, but for one that is done while the design has moved on
  if (!run || (run.state === "done" && editsNotApplied(stack) > 0)) void planNow();
}

export function NarrowSheets() {
  const side = useEditor((state) => state.side);
  const bottom = useEditor((state) => state.bottom);
  const draws = useMay("draw");
  const sides = useSides();
  const bottoms = useBottoms();
  const [adding, setAdding] = useState(false);
  const title = adding
    ? "Add"
    : (SIDES.find((one) => one.id === side)?.title ?? bottoms.find((one) => one.id === bottom)?.title ?? "");
  const close = () => {
    setAdding(false);
    editor.set({ side: null, bottom: null });
  };
  return (
    <>
      <nav className={classes.bar} aria-label="Panels">
        {draws && (
          <button type="button" onClick={() => setAdding(true)}>
            <IconPlus size={19} stroke={1.8} aria-hidden />
            Add
          </button>
        )}
        {sides.map(({ id, title: name, icon: Icon }) => (
          <button key={id} type="button" onClick={() => openSide(id)}>
            <Icon size={19} stroke={1.8} aria-hidden />
            {name}
          </button>
        ))}
        {bottoms
          .filter(({ id }) => id !== "problems")
          .map(({ id, title: name, icon: Icon }) => (
            <button key={id} type="button" onClick={() => editor.set({ bottom: id, side: null })}>
              <Icon size={19} stroke={1.8} aria-hidden />
              {name}
            </button>
          ))}
      </nav>
      <Drawer
        opened={adding || side !== null || bottom !== null}
        onClose={close}
        position="bottom"
        size="72%"
        title={title}
        classNames={{
          content: classes.sheet,
          header: classes.head,
          title: classes.title,
          body: classes.body,
        }}
        closeButtonProps={{ "aria-label": "Close the panel" }}
      >
        {adding && <Palette onAdded={() => setAdding(false)} />}
        {!adding && bottom && <BottomContent bottom={bottom} />}
        {!adding && !bottom && side && <SideContent side={side} />}
      </Drawer>
    </>
  );
}
