// The graph as a list: every service with its networks, links and state; every network with who is on it.
// Each name opens it in the inspector, where every edit can be made without the canvas.
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { barsOf } from "../model/graph";
import { BRIDGE, linkId, memberId, networkId, serviceId } from "../model/ids";
import { addressesOf, serviceState } from "../model/live";
import { select, useEditor, useMay } from "../model/store";
import { networkWord } from "../model/wiring";
import { plural } from "../ui/format";
import { ServiceIcon } from "../ui/ServiceIcon";
import { StateBadge } from "../ui/StateBadge";
import type { ServiceView } from "../wire.gen";
import { addToMiddle } from "./adding";
import classes from "./ListPanel.module.css";
import { showOnCanvas } from "./show";

function Pill({ id, children }: { id: string; children: React.ReactNode }) {
  const selected = useEditor((state) => state.selection.includes(id));
  return (
    <button
      type="button"
      className={classes.pill}
      aria-pressed={selected}
      onClick={() => showOnCanvas(id, { inspect: true })}
    >
      {children}
    </button>
  );
}

function ServiceItem({ service }: { service: ServiceView }) {
  const status = useEditor((state) => state.status);
  const selected = useEditor((state) => state.selection.includes(serviceId(service.name)));
  const { name } = service;
  return (
    <li className={classes.item} data-selected={selected || undefined}>
      <div className={classes.head}>
        <ServiceIcon image={service.image} size={28} />
        <button
          type="button"
          className={classes.name}
          onClick={() => showOnCanvas(serviceId(name), { inspect: true })}
          onFocus={() => select([serviceId(name)])}
        >
          {name}
          <small>{service.image || (service.build ? "built from a Dockerfile" : "no image")}</small>
        </button>
        <StateBadge state={serviceState(service, status)} />
      </div>
      <div className={classes.pills}>
        {barsOf(service).map((network) => (
          <Pill key={network} id={memberId(name, network)}>
            {networkWord(network)} <code>{addressesOf(status, name, network).join(", ")}</code>
          </Pill>
        ))}
        {service.mode !== "networks" && service.mode !== "bridge" && (
          <span className={classes.still}>network: {service.network_mode || service.mode}</span>
        )}
        {service.links.map((one) => (
          <Pill key={`${one.target}:${one.alias}`} id={linkId(name, one.target, one.alias)}>
            → {one.target} as {one.alias}
          </Pill>
        ))}
        {service.ports.map((one) => (
          <span key={`${one.host_ip}${one.published}${one.target}${one.protocol}`} className={classes.still}>
            {one.published || "any"} → {one.target}
            {one.protocol === "tcp" ? "" : `/${one.protocol}`}
          </span>
        ))}
        {service.depends_on
          .filter((one) => !one.implied)
          .map((one) => (
            <span key={one.service} className={classes.still}>
              after {one.service}
            </span>
          ))}
      </div>
    </li>
  );
}

export function ListPanel() {
  const graph = useEditor((state) => state.stack?.graph);
  const draws = useMay("draw");
  if (!graph) return null;
  const members = (key: string) =>
    graph.services.filter((one) => barsOf(one).includes(key)).map((one) => one.name);
  const bridged = members(BRIDGE);
  return (
    <div className={classes.panel}>
      <h2>{plural(graph.services.length, "service")}</h2>
      <ul>
        {graph.services.map((one) => (
          <ServiceItem key={one.name} service={one} />
        ))}
      </ul>
      <h2>
        {plural(graph.networks.length + (bridged.length ? 1 : 0), "network")}
        {draws && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={13} />}
            onClick={() => addToMiddle({ kind: "network" })}
          >
            Network
          </Button>
        )}
      </h2>
      <ul>
        {[...graph.networks.map((one) => one.key), ...(bridged.length ? [BRIDGE] : [])].map((key) => (
          <li key={key} className={classes.item}>
            <div className={classes.head}>
              <button
                type="button"
                className={classes.name}
                onClick={() => showOnCanvas(networkId(key), { inspect: true })}
              >
                {networkWord(key)}
                <small>{members(key).join(", ") || "nobody on it"}</small>
              </button>
            </div>
          </li>
        ))}
      </ul>
      {graph.volumes.length > 0 && <h2>{plural(graph.volumes.length, "volume")}</h2>}
      <ul>
        {graph.volumes.map((one) => (
          <li key={one.key} className={classes.item}>
            <div className={classes.head}>
              <span className={classes.name}>
                {one.key}
                <small>
                  {graph.services
                    .filter((service) => service.mounts.some((mount) => mount.source === one.key))
                    .map((service) => service.name)
                    .join(", ") || "mounted nowhere"}
                </small>
              </span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
