// A part of the inspector that opens and closes; closed it still says how much is in it and whether something is wrong.
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import type { ProblemView } from "../wire.gen";
import { ProblemLines } from "./ProblemLines";
import classes from "./Section.module.css";

interface Props {
  title: string;
  count?: number | string;
  problems?: ProblemView[];
  open?: boolean;
  action?: ReactNode;
  children: ReactNode;
}

export function Section({ title, count, problems = [], open = false, action, children }: Props) {
  const [opened, setOpened] = useState(open);
  useEffect(() => {
    if (open) setOpened(true); // something in it began from outside
  }, [open]);
  const shown = opened || problems.length > 0;
  const id = useId();
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.head}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={shown}
          aria-controls={id}
          onClick={() => setOpened(!opened)}
        >
          <IconChevronRight
            size={14}
            className={classes.chevron}
            data-open={shown || undefined}
            aria-hidden
          />
          <span className={classes.title}>{title}</span>
          {count !== undefined && count !== 0 && count !== "" && (
            <span className={classes.count}>{count}</span>
          )}
          {problems.length > 0 && (
            <span className={classes.dot} data-severity={problems[0]?.severity}>
              <span className={classes.hidden}>has problems</span>
            </span>
          )}
        </button>
        {action}
      </div>
      {shown && (
        <div id={id} className={classes.body}>
          {children}
          <ProblemLines problems={problems} />
        </div>
      )}
    </section>
  );
}
