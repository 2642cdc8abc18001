// The knob from which lines are drawn. It shows on hover, focus and selection; Enter begins a connection from the keyboard.
import { IconPlus } from "@tabler/icons-react";
import { center } from "../model/geometry";
import { parseId } from "../model/ids";
import { networkWord } from "../model/wiring";
import classes from "./ConnectHandle.module.css";
import { screenPoint } from "./camera";
import { canvas } from "./state";
import { beginWire } from "./wire";

export function ConnectHandle({ id, selected, bar }: { id: string; selected: boolean; bar?: "h" | "v" }) {
  const parsed = parseId(id);
  const name =
    parsed?.kind === "service"
      ? parsed.name
      : parsed?.kind === "network"
        ? networkWord(parsed.key)
        : parsed?.kind === "volume"
          ? parsed.key
          : "";
  return (
    <button
      type="button"
      className={`${classes.handle} nodrag nopan`}
      data-selected={selected || undefined}
      data-bar={bar}
      title="Drag to a network or a service to connect"
      aria-label={`Connect ${name} to…`}
      onPointerDown={(event) => beginWire(id, event)}
      onClick={(event) => {
        event.stopPropagation();
        // a click without a drag, or Enter: choose the other end from a list
        const box = canvas.get().boxes[id];
        if (event.detail === 0 && box)
          canvas.set({
            popup: {
              kind: "drop",
              wireFrom: id,
              at: { x: box.x + box.w + 60, y: box.y },
              screen: screenPoint(center(box)),
            },
          });
      }}
    >
      <IconPlus size={13} stroke={2.6} />
    </button>
  );
}
