// Where the others point, with their names.
import { useStore, ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { useEditor } from "../model/store";
import { viewerColor } from "../model/viewers";
import classes from "./Cursors.module.css";

export const Cursors = memo(function Cursors() {
  const cursors = useEditor((state) => state.cursors);
  const viewers = useEditor((state) => state.viewers);
  const client = useEditor((state) => state.client);
  const zoom = useStore((state) => state.transform[2]);
  const others = Object.values(cursors).filter((one) => one.client !== client);
  if (!others.length) return null;
  return (
    <ViewportPortal>
      {others.map((cursor) => {
        const viewer = viewers.find((one) => one.client === cursor.client);
        if (!viewer) return null;
        return (
          <div
            key={cursor.client}
            className={classes.cursor}
            style={
              {
                "--who": viewerColor(viewer.color),
                transform: `translate(${cursor.x}px, ${cursor.y}px) scale(${1 / zoom})`,
              } as React.CSSProperties
            }
          >
            <svg width="16" height="18" viewBox="0 0 16 18" aria-hidden="true">
              <path d="M1 1l14 7-6.2 1.6L5.6 16z" />
            </svg>
            <span>{viewer.username}</span>
          </div>
        );
      })}
    </ViewportPortal>
  );
});
