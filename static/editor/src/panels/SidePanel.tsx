// The right side: inspector, plan, code or list, one at a time.
import { Center, Loader } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconCode,
  IconHistory,
  IconLayoutSidebarRightCollapse,
  IconListCheck,
  IconListTree,
} from "@tabler/icons-react";
import { Suspense } from "react";
import type { SidePanel as SideName } from "../model/state";
import { editor, useEditor, useMay } from "../model/store";
import { IconButton } from "../ui/IconButton";
import { lazily } from "../ui/load";
import { HistoryPanel } from "./HistoryPanel";
import { Inspector } from "./inspector/Inspector";
import { ListPanel } from "./ListPanel";
import { PlanPanel } from "./PlanPanel";
import classes from "./SidePanel.module.css";

const CodePanel = lazily(() => import("./CodePanel"));

export const SIDES: { id: Exclude<SideName, null>; title: string; icon: typeof IconCode }[] = [
  { id: "inspector", title: "Inspector", icon: IconAdjustmentsHorizontal },
  { id: "plan", title: "Plan", icon: IconListCheck },
  { id: "code", title: "Code", icon: IconCode },
  { id: "list", title: "List", icon: IconListTree },
  { id: "history", title: "History", icon: IconHistory },
];

export function SideContent({ side }: { side: Exclude<SideName, null> }) {
  if (side === "inspector") return <Inspector />;
  if (side === "plan") return <PlanPanel />;
  if (side === "list") return <ListPanel />;
  if (side === "history") return <HistoryPanel />;
  return (
    <Suspense
      fallback={
        <Center h={200}>
          <Loader size="sm" aria-label="Loading" />
        </Center>
      }
    >
      <CodePanel />
    </Suspense>
  );
}

export function SideTabs({ sides }: { sides: typeof SIDES }) {
  const side = useEditor((state) => state.side);
  return (
    <div className={classes.tabs} role="tablist" aria-label="Side panel">
      {sides.map(({ id, title, icon: Icon }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`side-tab-${id}`}
          aria-selected={side === id}
          aria-controls="side-panel"
          className={classes.tab}
          onClick={() => editor.set({ side: id })}
        >
          <Icon size={16} stroke={1.8} aria-hidden />
          {title}
        </button>
      ))}
    </div>
  );
}

export function useSides() {
  const guest = useEditor((state) => state.guest);
  return guest ? SIDES.filter(({ id }) => id === "inspector" || id === "list") : SIDES;
}

export function SidePanel() {
  const side = useEditor((state) => state.side);
  const sides = useSides();
  const draws = useMay("draw");
  if (!side)
    return (
      <div
        className={classes.rail}
        role="toolbar"
        aria-label="Open the side panel"
        aria-orientation="vertical"
      >
        {sides.map(({ id, title, icon: Icon }) => (
          <IconButton key={id} label={title} onClick={() => editor.set({ side: id })}>
            <Icon size={18} stroke={1.8} />
          </IconButton>
        ))}
      </div>
    );
  return (
    <aside className={classes.panel} data-side={side} aria-label="Side panel">
      <div className={classes.head}>
        <SideTabs sides={sides} />
        <IconButton label="Close the side panel" onClick={() => editor.set({ side: null })}>
          <IconLayoutSidebarRightCollapse size={17} stroke={1.8} />
        </IconButton>
      </div>
      <div
        id="side-panel"
        role="tabpanel"
        tabIndex={-1}
        aria-labelledby={`side-tab-${side}`}
        className={classes.content}
        data-readonly={!draws || undefined}
      >
        <SideContent side={side} />
      </div>
    </aside>
  );
}
