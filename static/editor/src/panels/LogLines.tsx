// The lines themselves: a window of rows over a long list. With wrapping, heights are measured as rows come into view.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { cutAt, type LogLine } from "../model/logs";
import { clockText } from "../ui/format";
import classes from "./LogsPanel.module.css";

const ROW_PX = 20;
const OVERSCAN = 20;
const AT_END_PX = 12;

interface Props {
  lines: LogLine[];
  query: string;
  /** The index of the hit one stands on; -1 for none. */
  current: number;
  times: boolean;
  wrap: boolean;
  several: boolean;
  follow: boolean;
  hueOf: (service: string) => number;
  onLeaveEnd: () => void;
  onReachEnd: () => void;
}

function Row({ line, props, active }: { line: LogLine; props: Props; active: boolean }) {
  return (
    <div
      className={classes.row}
      data-stream={line.stream}
      data-active={active || undefined}
      data-id={line.id}
    >
      {props.times && <time className={classes.time}>{clockText(line.at)}</time>}
      {props.several && (
        <span className={classes.who} style={{ "--hue": props.hueOf(line.service) } as React.CSSProperties}>
          {line.service}
          {line.number > 1 ? `-${line.number}` : ""}
        </span>
      )}
      <span className={classes.said}>
        {cutAt(line.text, props.query).map(([text, isHit], index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one line have no other name
          isHit ? <mark key={index}>{text}</mark> : text,
        )}
      </span>
    </div>
  );
}

export function LogLines(props: Props) {
  const { lines, wrap, follow, current, onLeaveEnd, onReachEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<number, number>());
  const [view, setView] = useState({ top: 0, height: 400 });
  const [, redraw] = useState(0);
  const heightOf = useCallback(
    (line: LogLine) => (wrap ? (heights.current.get(line.id) ?? ROW_PX) : ROW_PX),
    [wrap],
  );

  let before = 0;
  let first = 0;
  while (first < lines.length && before + heightOf(lines[first] as LogLine) < view.top - OVERSCAN * ROW_PX)
    before += heightOf(lines[first++] as LogLine);
  let last = first;
  let filled = before;
  while (last < lines.length && filled < view.top + view.height + OVERSCAN * ROW_PX)
    filled += heightOf(lines[last++] as LogLine);
  let after = 0;
  for (let index = last; index < lines.length; index++) after += heightOf(lines[index] as LogLine);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      heights.current.clear();
      setView({ top: element.scrollTop, height: element.clientHeight });
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (wrap) {
      let changed = false;
      for (const row of element.querySelectorAll<HTMLElement>("[data-id]")) {
        const id = Number(row.dataset.id);
        if (heights.current.get(id) !== row.offsetHeight) {
          heights.current.set(id, row.offsetHeight);
          changed = true;
        }
      }
      if (changed) redraw((count) => count + 1);
    }
    if (follow) element.scrollTop = element.scrollHeight;
  });

  useEffect(() => {
    const element = box.current;
    if (!element || current < 0) return;
    let top = 0;
    for (let index = 0; index < current && index < lines.length; index++)
      top += heightOf(lines[index] as LogLine);
    element.scrollTop = Math.max(0, top - element.clientHeight / 2);
  }, [current, lines, heightOf]);

  return (
    <div
      ref={box}
      className={classes.lines}
      data-wrap={wrap || undefined}
      role="log"
      aria-label="Log lines"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      onWheel={(event) => event.deltaY < 0 && follow && onLeaveEnd()}
      onScroll={(event) => {
        const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
        setView({ top: scrollTop, height: clientHeight });
        const atEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
        if (!atEnd && follow && scrollTop < view.top - ROW_PX) onLeaveEnd();
        else if (atEnd && !follow && scrollTop > view.top && current < 0) onReachEnd();
      }}
    >
      <div style={{ height: before }} />
      {lines.slice(first, last).map((line, index) => (
        <Row key={line.id} line={line} props={props} active={first + index === current} />
      ))}
      <div style={{ height: after }} />
    </div>
  );
}
