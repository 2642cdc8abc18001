// Who else has this node selected: an outline in their colour with their name.
import { useEditor } from "../model/store";
import { viewerColor } from "../model/viewers";
import classes from "./ViewerOutline.module.css";

export function ViewerOutline({ id }: { id: string }) {
  const text = useEditor((state) => {
    for (const cursor of Object.values(state.cursors)) {
      if (cursor.client === state.client || !cursor.selected.includes(id)) continue;
      const viewer = state.viewers.find((one) => one.client === cursor.client);
      if (viewer) return `${viewer.color}|${viewer.username}`;
    }
    return "";
  });
  if (!text) return null;
  const [color = "0", ...name] = text.split("|");
  return (
    <span className={classes.outline} style={{ "--who": viewerColor(Number(color)) } as React.CSSProperties}>
      <span className={classes.name}>{name.join("|")}</span>
    </span>
  );
}
