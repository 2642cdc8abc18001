// Every problem of the design: what, where, and what to do; pressing one goes there.

import { Center } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { sortProblems } from "../model/problems";
import { useEditor } from "../model/store";
import { Marked } from "../ui/Marked";
import classes from "./ProblemsPanel.module.css";
import { subjectWords } from "./plan";
import { showProblem } from "./show";

export function ProblemsPanel() {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  if (!problems.length)
    return (
      <Center className={classes.none}>
        <IconCircleCheck size={20} aria-hidden /> The design has no problems.
      </Center>
    );
  return (
    <ul className={classes.list}>
      {sortProblems(problems).map((one) => (
        <li key={`${one.code}${one.subject}${one.path.join(".")}${one.message}`}>
          <button type="button" className={classes.row} onClick={() => showProblem(one)}>
            {one.severity === "error" ? (
              <IconAlertCircle size={17} className={classes.error} aria-label="Error" />
            ) : (
              <IconAlertTriangle size={17} className={classes.warning} aria-label="Warning" />
            )}
            <span className={classes.text}>
              <b>
                <Marked text={one.message} />
              </b>
              {one.fix && <span>{one.fix}</span>}
            </span>
            <span className={classes.where}>
              {one.subject && subjectWords(one.subject)[0]}
              {one.line > 0 && <small>line {one.line}</small>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
