// The bottom: logs, timeline and problems; as high as one drags it, or shut to a bar of names.
import { Loader } from "@mantine/core";
import { IconChevronDown, IconFileText, IconHistory, IconListDetails } from "@tabler/icons-react";
import { type KeyboardEvent, type PointerEvent, Suspense, useState } from "react";
import { countProblems } from "../model/problems";
import type { BottomPanel as BottomName } from "../model/state";
import { editor, useEditor, useMay } from "../model/store";
import { IconButton } from "../ui/IconButton";
import { lazily } from "../ui/load";
import classes from "./BottomPanel.module.css";
import { ProblemsPanel } from "./ProblemsPanel";
import { TimelinePanel } from "./TimelinePanel";

const LogsPanel = lazily(() => import("./LogsPanel"));
const MIN_PX = 120;

export function useBottoms() {
  const logs = useMay("logs");
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const { errors, warnings } = countProblems(problems);
  return [
    ...(logs ? [{ id: "logs" as const, title: "Logs", icon: IconFileText, count: 0 }] : []),
    { id: "timeline" as const, title: "Timeline", icon: IconHistory, count: 0 },
    { id: "problems" as const, title: "Problems", icon: IconListDetails, count: errors + warnings },
  ];
}

export function BottomContent({ bottom }: { bottom: Exclude<BottomName, null> }) {
  if (bottom === "timeline") return <TimelinePanel />;
  if (bottom === "problems") return <ProblemsPanel />;
  return (
    <Suspense fallback={<Loader size="sm" m="md" aria-label="Loading" />}>
      <LogsPanel />
    </Suspense>
  );
}

function Grip({ height, onHeight }: { height: number; onHeight: (height: number) => void }) {
  const limit = (value: number) => Math.max(MIN_PX, Math.min(window.innerHeight * 0.75, value));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const [startY, startHeight] = [event.clientY, height];
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const onMove = (moved: globalThis.PointerEvent) => onHeight(limit(startHeight + startY - moved.clientY));
    target.addEventListener("pointermove", onMove);
    target.addEventListener("pointerup", () => target.removeEventListener("pointermove", onMove), {
      once: true,
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: 24, ArrowDown: -24 }[event.key];
    if (by) {
      event.preventDefault();
      onHeight(limit(height + by));
    }
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      className={classes.grip}
      role="separator"
      aria-label="Height of the bottom panel"
      aria-orientation="horizontal"
      aria-valuenow={Math.round(height)}
      aria-valuemin={MIN_PX}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

export function BottomPanel() {
  const bottom = useEditor((state) => state.bottom);
  const bottoms = useBottoms();
  const [height, setHeight] = useState(260);
  return (
    <section
      className={classes.panel}
      style={bottom ? { height } : undefined}
      aria-label="Logs, timeline and problems"
    >
      {bottom && <Grip height={height} onHeight={setHeight} />}
      <div className={classes.bar}>
        <div className={classes.tabs} role="tablist" aria-label="Bottom panel">
          {bottoms.map(({ id, title, icon: Icon, count }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`bottom-tab-${id}`}
              aria-selected={bottom === id}
              aria-controls="bottom-panel"
              className={classes.tab}
              onClick={() => editor.set({ bottom: bottom === id ? null : id })}
            >
              <Icon size={15} stroke={1.8} aria-hidden />
              {title}
              {count > 0 && <span className={classes.count}>{count}</span>}
            </button>
          ))}
        </div>
        {bottom && (
          <IconButton size={26} label="Shut the bottom panel" onClick={() => editor.set({ bottom: null })}>
            <IconChevronDown size={16} />
          </IconButton>
        )}
      </div>
      {bottom && (
        <div
          id="bottom-panel"
          role="tabpanel"
          aria-labelledby={`bottom-tab-${bottom}`}
          className={classes.content}
        >
          <BottomContent bottom={bottom} />
        </div>
      )}
    </section>
  );
}
