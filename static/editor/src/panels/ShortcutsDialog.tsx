// The keyboard, all of it.
import { Kbd, Modal } from "@mantine/core";
import { openDialog, useDialog } from "./dialogs";
import classes from "./ShortcutsDialog.module.css";

const GROUPS: [string, [string, string][]][] = [
  [
    "Anywhere",
    [
      ["Ctrl Enter", "Plan, then apply"],
      ["Ctrl Z", "Undo"],
      ["Ctrl Shift Z", "Redo"],
      ["Ctrl S", "Says that it is saved"],
      ["?", "This list"],
    ],
  ],
  [
    "Canvas",
    [
      ["/", "Find or add"],
      ["Delete", "Remove what is selected"],
      ["Ctrl C V D", "Copy, paste, duplicate"],
      ["Ctrl A", "Select all"],
      ["Arrows", "Move by a step"],
      ["Esc", "Select nothing"],
    ],
  ],
  [
    "View",
    [
      ["Wheel", "Pan"],
      ["Ctrl Wheel", "Zoom"],
      ["Space", "Hold to pan"],
      ["Ctrl F", "Search in code and logs"],
    ],
  ],
];

export function ShortcutsDialog() {
  const open = useDialog((state) => state.open === "keys");
  return (
    <Modal
      opened={open}
      onClose={() => openDialog(null)}
      title={<b>Keyboard shortcuts</b>}
      size="lg"
      radius="lg"
      centered
    >
      <div className={classes.groups}>
        {GROUPS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(" ").map((one) => (
                      <Kbd key={one} size="xs">
                        {one}
                      </Kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
