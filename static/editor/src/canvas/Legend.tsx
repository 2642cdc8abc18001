// What the lines mean; each class can be hidden here.
import { Switch } from "@mantine/core";
import type { ReactNode } from "react";
import type { EdgeClass } from "../model/state";
import { editor, useEditor } from "../model/store";
import classes from "./Legend.module.css";

const line = (props: object, head = false) => (
  <svg width="34" height="12" viewBox="0 0 34 12" aria-hidden="true">
    <path d={head ? "M1 6H26" : "M1 6H33"} {...props} />
    {head && <path d="M26 2l7 4-7 4z" className={classes.head} />}
  </svg>
);

const ROWS: { key: EdgeClass; name: string; hint: string; sample: ReactNode }[] = [
  {
    key: "membership",
    name: "Memberships",
    hint: "A service is on a network",
    sample: line({ className: classes.member }),
  },
  {
    key: "link",
    name: "Links",
    hint: "Client → server, by alias",
    sample: line({ className: classes.link }, true),
  },
  {
    key: "depends",
    name: "Start order",
    hint: "Starts after, by condition",
    sample: line({ className: classes.depends }, true),
  },
  {
    key: "ports",
    name: "Published ports",
    hint: "Host port → container port",
    sample: <span className={classes.port}>80</span>,
  },
  {
    key: "volumes",
    name: "Volumes",
    hint: "Data that outlives containers",
    sample: (
      <svg width="34" height="18" viewBox="0 0 34 18" aria-hidden="true">
        <path d="M6 4v10c0 1.7 5 3 11 3s11-1.3 11-3V4" className={classes.volume} />
        <ellipse cx="17" cy="4" rx="11" ry="3" className={classes.volume} />
      </svg>
    ),
  },
];

export function Legend() {
  const hidden = useEditor((state) => state.hidden);
  return (
    <section className={classes.legend} aria-label="Legend">
      {ROWS.map(({ key, name, hint, sample }) => (
        <label key={key} className={classes.row} htmlFor={`legend-${key}`}>
          <span className={classes.sample}>{sample}</span>
          <span className={classes.words}>
            <span className={classes.name}>{name}</span>
            <span className={classes.hint}>{hint}</span>
          </span>
          <Switch
            size="xs"
            id={`legend-${key}`}
            checked={!hidden[key]}
            aria-label={`Show ${name.toLowerCase()}`}
            onChange={(event) => {
              const shown = event.currentTarget.checked;
              editor.set((state) => ({ hidden: { ...state.hidden, [key]: !shown } }));
            }}
          />
        </label>
      ))}
      <ul className={classes.signs}>
        <li>
          <i className={classes.differs} /> not applied
        </li>
        <li>
          <i className={classes.edited} /> edited since, not planned
        </li>
      </ul>
    </section>
  );
}
