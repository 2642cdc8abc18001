// A small panel at a point of the screen, kept inside the window; Escape or a press outside closes it, focus stays in it.
import { useClickOutside, useFocusTrap, useMergedRef } from "@mantine/hooks";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { clamp, type Point } from "../model/geometry";
import classes from "./Anchored.module.css";
import { closePopup } from "./state";

interface Props {
  screen: Point;
  label: string;
  role?: "dialog" | "menu";
  width?: number;
  children: ReactNode;
}

const EDGE = 8;

export function Anchored({ screen, label, role = "dialog", width, children }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(panel, useClickOutside<HTMLDivElement>(closePopup), useFocusTrap(true));
  const [at, setAt] = useState<Point | null>(null);
  useLayoutEffect(() => {
    const rect = panel.current?.getBoundingClientRect();
    if (!rect) return;
    setAt({
      x: clamp(screen.x, EDGE, window.innerWidth - rect.width - EDGE),
      y: clamp(screen.y, EDGE, window.innerHeight - rect.height - EDGE),
    });
  }, [screen]);
  return createPortal(
    <div className="ny-canvas">
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is a dialog's or a menu's, both have a label */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above; Escape closes both */}
      <div
        ref={ref}
        role={role}
        aria-label={label}
        className={classes.panel}
        style={{
          left: at?.x ?? screen.x,
          top: at?.y ?? screen.y,
          width,
          opacity: at ? 1 : 0,
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          closePopup();
        }}
      >
        {children}
      </div>
    </div>,
    document.body,
  );
}
