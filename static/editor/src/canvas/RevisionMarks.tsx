// What differs in the version that is shown, over its nodes: green for new, amber for changed with the keys, red for taken away.
import { ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { useEditor } from "../model/store";
import classes from "./RevisionMarks.module.css";
import { useCanvas } from "./state";

const WORDS = { added: "added", removed: "removed", changed: "changed" } as const;

export const RevisionMarks = memo(function RevisionMarks() {
  const marks = useEditor((state) => state.preview?.marks);
  const boxes = useCanvas((state) => state.boxes);
  if (!marks) return null;
  return (
    <ViewportPortal>
      {Object.values(marks).map((one) => {
        const box = boxes[one.id];
        if (!box) return null;
        const words = one.fields.length
          ? `${WORDS[one.change]}: ${one.fields.join(", ")}`
          : WORDS[one.change];
        return (
          <div
            key={one.id}
            className={classes.mark}
            data-change={one.change}
            data-node={one.id}
            style={{ transform: `translate(${box.x}px, ${box.y}px)`, width: box.w, height: box.h }}
          >
            <span title={words}>{words}</span>
          </div>
        );
      })}
    </ViewportPortal>
  );
});
