// The Host and no network: places that a service is put on by its network_mode.
import { IconPlugOff, IconServer2 } from "@tabler/icons-react";
import { HOST, isPlace, MODES, serviceId } from "../../model/ids";
import { select, useEditor } from "../../model/store";
import { Section } from "../../ui/Section";
import type { ServiceView } from "../../wire.gen";
import fields from "./fields.module.css";
import { Head } from "./Head";
import classes from "./NetworkInspector.module.css";
import { Tile } from "./Tile";

/** Every published port of the stack, by number, then by service. */
export function publishedPorts(services: ServiceView[]) {
  return services
    .filter((one) => one.mode !== "host")
    .flatMap((one) => one.ports.map((port) => ({ service: one.name, ...port })))
    .sort(
      (a, b) =>
        (Number.parseInt(a.published, 10) || 1e6) - (Number.parseInt(b.published, 10) || 1e6) ||
        a.service.localeCompare(b.service),
    );
}

function Rows({ names, empty }: { names: string[]; empty: string }) {
  return (
    <Section title="On it" open count={names.length}>
      {names.map((name) => (
        <button key={name} type="button" className={classes.member} onClick={() => select([serviceId(name)])}>
          <span>{name}</span>
        </button>
      ))}
      {!names.length && <p className={fields.hint}>{empty}</p>}
    </Section>
  );
}

function Published({ services }: { services: ServiceView[] }) {
  const ports = publishedPorts(services);
  return (
    <Section title="Published ports" open count={ports.length}>
      {ports.map((one) => (
        <button
          key={`${one.service}${one.host_ip}${one.published}${one.target}${one.protocol}`}
          type="button"
          className={classes.member}
          onClick={() => select([serviceId(one.service)])}
        >
          <span>{one.published || "a free port"}</span>
          <small>{one.host_ip || "all addresses"}</small>
          <code>
            {one.service}:{one.target}
            {one.protocol === "tcp" ? "" : `/${one.protocol}`}
          </code>
        </button>
      ))}
      {!ports.length && <p className={fields.hint}>No service publishes a port.</p>}
    </Section>
  );
}

export function PlaceInspector({ place }: { place: string }) {
  const services = useEditor((state) => state.stack?.graph.services) ?? [];
  const engine = useEditor((state) => state.engine);
  const names = services.filter((one) => isPlace(place) && one.mode === MODES[place]).map((one) => one.name);
  if (place === HOST)
    return (
      <div>
        <Head icon={<Tile icon={IconServer2} />} name="Host" kind={engine?.name || "where the engine runs"} />
        <Published services={services} />
        <Rows names={names} empty="Nobody shares the host's network." />
        <Section title="What it is" open>
          <p className={fields.hint}>
            The machine that the engine runs on. A published port is passed on from here to a container. A
            service put on it has the host's own network: its ports are the host's, and it has no name or
            address of its own.
            {engine && !engine.policy.host_namespaces && (
              <> This engine refuses that until an administrator allows host namespaces.</>
            )}
          </p>
        </Section>
      </div>
    );
  return (
    <div>
      <Head icon={<Tile icon={IconPlugOff} />} name="No network" kind="network_mode: none" />
      <Rows names={names} empty="Nobody yet. Drag a card here to cut a service off." />
      <Section title="What it is" open>
        <p className={fields.hint}>
          Services here have only their own loopback: they reach nothing, and nothing reaches them.
        </p>
      </Section>
    </div>
  );
}
