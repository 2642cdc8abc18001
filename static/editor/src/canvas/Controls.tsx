// At the bottom left: zoom, fit, tidy, the small map, and the legend in which classes of lines are hidden.
import { Tooltip } from "@mantine/core";
import {
  IconFocusCentered,
  IconLayoutGrid,
  IconListDetails,
  IconMap2,
  IconMinus,
  IconPlus,
} from "@tabler/icons-react";
import { useStore } from "@xyflow/react";
import type { ReactNode } from "react";
import { useMay } from "../model/store";
import classes from "./Controls.module.css";
import { fitAll, zoomIn, zoomOut, zoomTo100 } from "./camera";
import { Legend } from "./Legend";
import { tidy } from "./layout";
import { canvas, useCanvas } from "./state";

interface ToolProps {
  label: string;
  keys?: string;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, keys, pressed, onClick, children }: ToolProps) {
  return (
    <Tooltip label={keys ? `${label}  ${keys}` : label} position="top" openDelay={400} withArrow>
      <button
        type="button"
        className={classes.tool}
        aria-label={label}
        aria-pressed={pressed}
        onClick={onClick}
      >
        {children}
      </button>
    </Tooltip>
  );
}

export function Controls() {
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const minimap = useCanvas((state) => state.minimap);
  const legend = useCanvas((state) => state.legend);
  const mayDraw = useMay("draw");
  return (
    <div className={classes.corner}>
      {legend && <Legend />}
      <div className={classes.bar} role="toolbar" aria-label="View">
        <Tool label="Zoom out" keys="Ctrl −" onClick={zoomOut}>
          <IconMinus size={16} />
        </Tool>
        <Tool label={`Zoom ${percent} %, back to 100 %`} keys="Ctrl 0" onClick={zoomTo100}>
          <span className={classes.percent}>{percent}%</span>
        </Tool>
        <Tool label="Zoom in" keys="Ctrl +" onClick={zoomIn}>
          <IconPlus size={16} />
        </Tool>
        <span className={classes.rule} />
        <Tool label="Fit everything" keys="Shift 1" onClick={() => fitAll()}>
          <IconFocusCentered size={16} />
        </Tool>
        {mayDraw && (
          <Tool label="Tidy up" onClick={tidy}>
            <IconLayoutGrid size={16} />
          </Tool>
        )}
        <span className={classes.rule} />
        <Tool label="Small map" pressed={minimap} onClick={() => canvas.set({ minimap: !minimap })}>
          <IconMap2 size={16} />
        </Tool>
        <Tool label="Legend" pressed={legend} onClick={() => canvas.set({ legend: !legend })}>
          <IconListDetails size={16} />
        </Tool>
      </div>
    </div>
  );
}
