// The inspector's icon for things that are not services.
import type { IconBox } from "@tabler/icons-react";
import classes from "./Tile.module.css";

export function Tile({ icon: Icon, color }: { icon: typeof IconBox; color?: string }) {
  return (
    <span className={classes.tile} style={color ? { color } : undefined} aria-hidden>
      <Icon size={22} stroke={1.7} />
    </span>
  );
}
