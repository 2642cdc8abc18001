// Everything that was changed outside, object by object, above a plan; also of what the design does not have.
import { IconHandStop } from "@tabler/icons-react";
import { useEditor } from "../model/store";
import classes from "./Drift.module.css";
import { DriftSettle } from "./DriftSettle";
import { bySubject } from "./drift";
import { subjectWords } from "./plan";
import { showOnCanvas } from "./show";

export function DriftSection() {
  const drift = useEditor((state) => state.drift);
  if (drift.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Changed outside of Netyard">
      <h3>
        <IconHandStop size={15} aria-hidden /> Changed outside of Netyard
      </h3>
      <p className={classes.lead}>
        Somebody did this with another tool. Nothing of it is undone unless you say so here or apply.
      </p>
      {bySubject(drift).map(([subject, found]) => {
        const [name, kind] = subjectWords(subject);
        return (
          <div key={subject} className={classes.object}>
            <button type="button" className={classes.name} onClick={() => showOnCanvas(subject)}>
              {name} <span>{kind}</span>
            </button>
            <DriftSettle subject={subject} found={found} />
          </div>
        );
      })}
    </section>
  );
}
