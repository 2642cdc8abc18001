// What runs of a service now: each container with its age, addresses and ports, and how busy it is.
import { Suspense } from "react";
import { containerState, containersOf } from "../../model/live";
import { useEditor, useSamples } from "../../model/store";
import { agoText, bytesText, exactTime, percentText, rateText, spanText } from "../../ui/format";
import { lazily } from "../../ui/load";
import { Section } from "../../ui/Section";
import { StateBadge } from "../../ui/StateBadge";
import { useNow } from "../../ui/useNow";
import type { ContainerView, ServiceView } from "../../wire.gen";
import fields from "./fields.module.css";
import classes from "./LiveSection.module.css";

const Sparklines = lazily(() => import("../../ui/Sparklines"));

function Gauges({ container }: { container: ContainerView }) {
  const sample = useSamples((state) => state.byContainer[container.id]);
  if (!sample) return null;
  const received = Object.values(sample.network_rates).reduce((sum, [one]) => sum + one, 0);
  const sent = Object.values(sample.network_rates).reduce((sum, [, one]) => sum + one, 0);
  return (
    <>
      <div className={classes.gauges}>
        <div>
          <span>CPU</span>
          <b>{percentText(sample.cpu_percent)}</b>
        </div>
        <div>
          <span>Memory</span>
          <b>{bytesText(sample.memory_bytes)}</b>
        </div>
        <div>
          <span>In</span>
          <b>{rateText(received)}</b>
        </div>
        <div>
          <span>Out</span>
          <b>{rateText(sent)}</b>
        </div>
      </div>
      <Suspense fallback={<div style={{ height: 56 }} />}>
        <Sparklines containerId={container.id} />
      </Suspense>
    </>
  );
}

function Facts({ container }: { container: ContainerView }) {
  const runs = container.state === "running";
  const now = useNow(runs ? 1000 : 15_000);
  return (
    <dl className={fields.facts}>
      <dt>Container</dt>
      <dd>
        <code title={container.id}>{container.name}</code> <code>{container.id.slice(0, 12)}</code>
      </dd>
      {runs && container.started_at > 0 && (
        <>
          <dt>Up</dt>
          <dd>{spanText(Math.max(0, now - container.started_at))}</dd>
        </>
      )}
      {container.restart_count > 0 && (
        <>
          <dt>Restarts</dt>
          <dd>{container.restart_count}</dd>
        </>
      )}
      {!runs && container.exit_code !== null && container.finished_at > 0 && (
        <>
          <dt>Ended</dt>
          <dd title={exactTime(container.finished_at)}>
            {agoText(container.finished_at, now)}, exit code {container.exit_code}
            {container.oom_killed ? ", out of memory" : ""}
          </dd>
        </>
      )}
      {container.error && (
        <>
          <dt>The engine says</dt>
          <dd>{container.error}</dd>
        </>
      )}
      {(runs ? container.endpoints : []).map((one) => (
        <FactPair
          key={one.network}
          name={one.network_key === "@bridge" ? "docker0" : one.network_key || one.network}
        >
          <code>{[one.ipv4, one.ipv6].filter(Boolean).join(", ") || "no address"}</code>
        </FactPair>
      ))}
      {container.ports.length > 0 && (
        <>
          <dt>Published</dt>
          <dd>
            <code>{container.ports.join(", ")}</code>
          </dd>
        </>
      )}
    </dl>
  );
}

const FactPair = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

export function LiveSection({ service }: { service: ServiceView }) {
  const status = useEditor((state) => state.status);
  const containers = containersOf(status, service.name);
  if (!containers.length) return null;
  return (
    <Section title="Live" open count={containers.length > 1 ? containers.length : ""}>
      {containers.map((one) => (
        <div key={one.id} className={classes.container}>
          {containers.length > 1 && (
            <div>
              <StateBadge state={containerState(one)} />
            </div>
          )}
          {one.state === "running" && <Gauges container={one} />}
          <Facts container={one} />
        </div>
      ))}
    </Section>
  );
}
