// A named volume: a small cylinder, one for all services that mount it. Under the pointer it lights up its users.
import { IconWorld } from "@tabler/icons-react";
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { describeVolume, type Store } from "../model/graph";
import { parseId } from "../model/ids";
import { useEditor, useMay } from "../model/store";
import { ConnectHandle } from "./ConnectHandle";
import { useMark, useProblems, useProgress } from "./live";
import { Anchors } from "./ServiceNode";
import { canvas, useCanvas } from "./state";
import { ViewerOutline } from "./ViewerOutline";
import classes from "./VolumeNode.module.css";

export const VolumeNode = memo(function VolumeNode({ id, selected }: NodeProps) {
  const overview = useCanvas((state) => state.overview);
  const parsed = parseId(id);
  const store = useCanvas((state) =>
    parsed?.kind === "volume" ? state.drawing.stores.get(parsed.key) : undefined,
  );
  if (overview || !store) return <Anchors />;
  return <Cylinder store={store} selected={selected} />;
});

function hintOf({ users, volume }: Store): string {
  const driver = typeof volume.keys.driver === "string" ? volume.keys.driver : "";
  const by = users.length === 0 ? "not mounted" : users.length === 1 ? "" : `${users.length} services`;
  return [driver && driver !== "local" ? driver : "", by].filter(Boolean).join(" · ") || "volume";
}

function Cylinder({ store, selected }: { store: Store; selected: boolean }) {
  const { id, key, users, volume } = store;
  const mayDraw = useMay("draw");
  const alone = useEditor((state) => state.selection.length < 2);
  const problems = useProblems(id);
  const progress = useProgress(id);
  const mark = useMark(id);
  const dim = useCanvas((state) => Boolean(state.wire && state.wire.from !== id && state.wire.verdicts[id]));
  const target = useCanvas((state) => state.wire?.target === id);
  const lit = useCanvas((state) => state.hovered === id);
  const words = problems.map((one) => `${one.message} ${one.fix}`.trim()).join("\n");
  return (
    <>
      <Anchors />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the node around it is what has the focus; this only lights up */}
      <div
        className={classes.volume}
        data-selected={selected || undefined}
        data-lit={lit || undefined}
        data-dim={dim || undefined}
        data-target={target || undefined}
        data-unused={users.length === 0 || undefined}
        data-invalid={problems.some((one) => one.severity === "error") || undefined}
        title={words || progress?.text || mark?.text || describeVolume(store)}
        onPointerEnter={() => canvas.set({ hovered: id })}
        onPointerLeave={() => canvas.get().hovered === id && canvas.set({ hovered: null })}
      >
        <svg className={classes.shape} viewBox="0 0 160 48" preserveAspectRatio="none" aria-hidden="true">
          <path d="M1 9v30c0 4.4 35.4 8 79 8s79-3.6 79-8V9" />
          <ellipse cx="80" cy="9" rx="79" ry="8" />
        </svg>
        <span className={classes.words}>
          <strong className={classes.name}>{key}</strong>
          <span className={classes.hint}>
            {volume.external && <IconWorld size={11} stroke={2.2} aria-label="external" />}
            {hintOf(store)}
          </span>
        </span>
        {mark && (
          <span className={classes.mark} data-impact={mark.impact}>
            {mark.impact}
          </span>
        )}
      </div>
      <ViewerOutline id={id} />
      {mayDraw && <ConnectHandle id={id} selected={selected && alone} />}
    </>
  );
}
