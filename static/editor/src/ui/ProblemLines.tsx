// Problems beside the field they are about: what is wrong, and what to do.
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import type { ProblemView } from "../wire.gen";
import { Marked } from "./Marked";
import classes from "./ProblemLines.module.css";

export function ProblemLines({ problems }: { problems: ProblemView[] }) {
  if (!problems.length) return null;
  return (
    <ul className={classes.list}>
      {problems.map((one) => (
        <li key={`${one.code}${one.path.join(".")}${one.message}`} data-severity={one.severity}>
          {one.severity === "error" ? (
            <IconAlertCircle size={15} aria-label="Error" />
          ) : (
            <IconAlertTriangle size={15} aria-label="Warning" />
          )}
          <span>
            <Marked text={one.message} />{" "}
            {one.fix && (
              <span className={classes.fix}>
                <Marked text={one.fix} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
