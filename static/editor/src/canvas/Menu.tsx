// A list of commands at a point: arrow keys move, Enter acts.
import type { KeyboardEvent, ReactNode } from "react";
import type { Point } from "../model/geometry";
import { Anchored } from "./Anchored";
import classes from "./Menu.module.css";
import { closePopup } from "./state";

export interface Command {
  label: string;
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  hint?: string;
  act: () => void;
}

/** `groups` are parted by a rule; empty ones are left out. */
export function Menu({
  screen,
  label,
  title,
  groups,
}: {
  screen: Point;
  label: string;
  title?: string;
  groups: Command[][];
}) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("[role=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    items[(at + step + items.length) % items.length]?.focus();
  };
  return (
    <Anchored screen={screen} label={label} role="menu">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the menu items in it have the focus; keys bubble to here */}
      <div className={classes.menu} onKeyDown={onKeyDown}>
        {title && <div className={classes.title}>{title}</div>}
        {groups
          .filter((group) => group.length)
          .map((group) => (
            <div key={group[0]?.label} className={classes.group}>
              {group.map(({ label: words, icon, keys, danger, hint, act }) => (
                <button
                  key={words}
                  type="button"
                  role="menuitem"
                  className={classes.item}
                  data-danger={danger || undefined}
                  title={hint}
                  onClick={() => {
                    closePopup();
                    act();
                  }}
                >
                  <span className={classes.icon}>{icon}</span>
                  <span className={classes.words}>{words}</span>
                  {keys && <kbd className={classes.keys}>{keys}</kbd>}
                </button>
              ))}
            </div>
          ))}
      </div>
    </Anchored>
  );
}
