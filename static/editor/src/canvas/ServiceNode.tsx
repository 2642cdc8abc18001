// A service's card: what it is, how it does, and one port for each network it is on.
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { describeService } from "../model/graph";
import { parseId, serviceId } from "../model/ids";
import { useEditor, useMay } from "../model/store";
import type { ServiceView } from "../wire.gen";
import { CardBadges } from "./CardBadges";
import { CardPorts } from "./CardPorts";
import { CardVitals } from "./CardVitals";
import { ConnectHandle } from "./ConnectHandle";
import { useApplied, useMark, useProblems, useProgress, useService, useServiceLive } from "./live";
import classes from "./ServiceNode.module.css";
import { type CanvasState, useCanvas } from "./state";
import { ViewerOutline } from "./ViewerOutline";

export const ServiceNode = memo(function ServiceNode({ id, selected }: NodeProps) {
  const overview = useCanvas((state) => state.overview);
  const parsed = parseId(id);
  const service = useService(parsed?.kind === "service" ? parsed.name : "");
  if (overview || !service) return <Anchors />;
  return <Card service={service} selected={selected} />;
});

/**
 * Where the graph library thinks that edges end; the lines themselves are routed by model/taps. Plain elements of the form that
 * it measures, not its Handle: two of those in each of 1000 nodes would listen to every camera move.
 */
export function Anchors() {
  return (
    <>
      <i className={`source ${classes.anchor}`} data-handlepos="top" />
      <i className={`target ${classes.anchor}`} data-handlepos="top" />
    </>
  );
}

function Card({ service, selected }: { service: ServiceView; selected: boolean }) {
  const id = serviceId(service.name);
  const live = useServiceLive(service);
  const problems = useProblems(id);
  const progress = useProgress(id);
  const mark = useMark(id);
  const applied = useApplied(service.name);
  const mayDraw = useMay("draw");
  const alone = useEditor((state) => state.selection.length < 2);
  const dim = useCanvas((state) => Boolean(state.wire && state.wire.from !== id && state.wire.verdicts[id]));
  const target = useCanvas((state) => state.wire?.target === id || state.ghost?.onto === id);
  const uses = useCanvas((state) => usesHovered(state, service.name));
  const invalid = problems.some((one) => one.severity === "error");
  return (
    <>
      <Anchors />
      <article
        className={classes.card}
        data-selected={selected || undefined}
        data-tone={progress?.state === "failed" ? (live.running > 0 ? "warn" : "bad") : live.tone}
        data-invalid={invalid || undefined}
        data-mark={mark?.impact}
        data-dim={dim || undefined}
        data-target={target || uses || undefined}
        data-running={progress?.state === "running" || undefined}
        aria-label={describeService(service, live.word)}
      >
        <header className={classes.head}>
          <span className={classes.dot} aria-hidden />
          <h3 className={classes.name} title={service.name}>
            {service.name}
          </h3>
          <CardBadges service={service} live={live} problems={problems} applied={applied} mark={mark} />
        </header>
        <p className={classes.image} title={imageText(service)}>
          {imageText(service)}
        </p>
        <CardVitals service={service} live={live} progress={progress} />
        <CardFoot service={service} />
      </article>
      <CardPorts service={service.name} />
      <ViewerOutline id={id} />
      {mayDraw && <ConnectHandle id={id} selected={selected && alone} />}
    </>
  );
}

/** Whether the volume under the pointer is mounted here. */
function usesHovered({ hovered, drawing }: CanvasState, name: string): boolean {
  if (!hovered?.startsWith("volume:")) return false;
  return drawing.stores.get(hovered.slice("volume:".length))?.users.includes(name) ?? false;
}

const imageText = (service: ServiceView) =>
  service.image || (service.build ? "built from source" : "no image yet");

const MODE_WORDS: Record<string, string> = {
  host: "host network",
  none: "no network",
  container: "in a container’s network",
};

function CardFoot({ service }: { service: ServiceView }) {
  const hidden = useEditor((state) => state.hidden.ports);
  const ports = hidden ? [] : service.ports;
  const mode =
    service.mode === "service"
      ? `in ${service.network_mode.slice(8)}’s network`
      : (MODE_WORDS[service.mode] ?? "");
  const shown = ports.slice(0, mode ? 1 : 2);
  return (
    <footer className={classes.foot}>
      {mode && (
        <span className={classes.mode} title={`network_mode: ${service.network_mode || service.mode}`}>
          {mode}
        </span>
      )}
      {shown.map((port) => {
        const text = `${port.published || "auto"} → ${port.target}`;
        const full = `Published: ${port.host_ip || "all addresses"}:${port.published || "a free port"} → ${port.target}/${port.protocol}`;
        return (
          <span
            key={`${port.host_ip}${port.published}${port.target}${port.protocol}`}
            className={classes.port}
            title={full}
          >
            {port.host_ip === "127.0.0.1" ? "local " : ""}
            {text}
            {port.protocol === "tcp" ? "" : `/${port.protocol}`}
          </span>
        );
      })}
      {ports.length > shown.length && (
        <span
          className={classes.more}
          title={ports.map((port) => `${port.published || "auto"} → ${port.target}`).join("\n")}
        >
          +{ports.length - shown.length}
        </span>
      )}
    </footer>
  );
}
