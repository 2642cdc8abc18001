// CPU and memory over the last two minutes, drawn by uPlot. Loaded when a running container is inspected.
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { pastOf } from "../model/recent";
import { useSamples } from "../model/store";
import classes from "./Sparklines.module.css";

type Row = "cpuPercent" | "memoryBytes";

function Line({ containerId, row, label }: { containerId: string; row: Row; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const stroke =
      row === "cpuPercent"
        ? scheme === "dark"
          ? "#818cf8"
          : "#4f46e5"
        : scheme === "dark"
          ? "#2dd4bf"
          : "#0d9488";
    const data = (): uPlot.AlignedData => {
      const past = pastOf(containerId);
      return past ? [past.at, past[row]] : [[], []];
    };
    const plot = new uPlot(
      {
        width: Math.max(60, element.clientWidth),
        height: 44,
        cursor: { show: false },
        legend: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          y: {
            range: (_plot, _low, high) => [0, Math.max(high || 0, row === "cpuPercent" ? 1 : 1024) * 1.15],
          },
        },
        padding: [2, 0, 0, 0],
        series: [{}, { stroke, width: 1.5, fill: `${stroke}22`, points: { show: false } }],
      },
      data(),
      element,
    );
    const stop = useSamples.subscribe(() => plot.setData(data()));
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(60, element.clientWidth), height: 44 }),
    );
    watch.observe(element);
    return () => {
      stop();
      watch.disconnect();
      plot.destroy();
    };
  }, [containerId, row, scheme]);
  return (
    <figure className={classes.figure}>
      <div ref={box} role="img" aria-label={`${label} over the last two minutes`} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

export default function Sparklines({ containerId }: { containerId: string }) {
  return (
    <div className={classes.pair}>
      <Line containerId={containerId} row="cpuPercent" label="CPU" />
      <Line containerId={containerId} row="memoryBytes" label="Memory" />
    </div>
  );
}
