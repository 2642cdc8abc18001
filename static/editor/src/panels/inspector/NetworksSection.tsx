// How a service is connected: its networks with what each attachment says, or one of the modes instead of networks.
import { Button, Menu, Select } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { colorsOf } from "../../model/graph";
import { memberId } from "../../model/ids";
import { addressesOf } from "../../model/live";
import { problemsOfKey } from "../../model/problems";
import { select, useEditor } from "../../model/store";
import { Section } from "../../ui/Section";
import { AttachmentFields } from "./AttachmentFields";
import { send } from "./changes";
import fields from "./fields.module.css";
import { NetworkSwatch } from "./NetworkSwatch";
import type { SectionProps } from "./ServiceInspector";

const MODES = [
  { value: "networks", label: "On networks" },
  { value: "bridge", label: "docker0 (the default bridge)" },
  { value: "host", label: "The host's own network" },
  { value: "none", label: "No network at all" },
];

const WORDS: Record<string, string> = {
  bridge: "On docker0 containers have no names: only a link gives one, and only to its client.",
  host: "It uses the host's interfaces and ports directly; publishing ports does nothing.",
  none: "It can reach nothing and nothing can reach it.",
  service: "It shares that service's addresses and ports; each is on localhost for the other.",
  container: "It shares a container's network from outside this stack.",
};

function ModeField({ service, readOnly }: SectionProps) {
  const services = useEditor((state) => state.stack?.graph.services) ?? [];
  const others = services
    .filter((one) => one.name !== service.name)
    .map((one) => ({ value: `service:${one.name}`, label: `Shares ${one.name}'s` }));
  const value = service.mode === "networks" ? "networks" : service.network_mode || service.mode;
  const foreign = value.startsWith("container:") ? [{ value, label: `Shares ${value}` }] : [];
  return (
    <Select
      size="xs"
      aria-label="How it is connected"
      readOnly={readOnly}
      allowDeselect={false}
      data={[...MODES, ...others, ...foreign]}
      value={value}
      description={WORDS[service.mode]}
      inputWrapperOrder={["input", "description"]}
      onChange={(next) =>
        next &&
        next !== value &&
        send(
          { kind: "set_network_mode", service: service.name, mode: next === "networks" ? null : next },
          `Network mode of ${service.name}`,
        )
      }
    />
  );
}

function JoinMenu({ service }: { service: SectionProps["service"] }) {
  const networks = useEditor((state) => state.stack?.graph.networks) ?? [];
  const joined = new Set(service.attachments.map((one) => one.network));
  const free = networks.filter((one) => !joined.has(one.key) && one.key !== "default");
  const join = (network: string) =>
    send({ kind: "attach", service: service.name, network }, `Attach ${service.name} to ${network}`);
  const onDefault = service.attachments.some((one) => one.implicit);
  return (
    <Menu position="bottom-start" shadow="md" width={220}>
      <Menu.Target>
        <Button size="compact-xs" variant="light" leftSection={<IconPlus size={13} />}>
          Join a network
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {free.map((one) => (
          <Menu.Item key={one.key} onClick={() => join(one.key)}>
            {one.key}
          </Menu.Item>
        ))}
        {free.length === 0 && (
          <Menu.Label>{onDefault ? "There is no other network" : "It is on every network"}</Menu.Label>
        )}
        {!joined.has("default") && <Menu.Item onClick={() => join("default")}>default</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

export function NetworksSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const networks = useEditor((state) => state.stack?.graph.networks) ?? [];
  const layout = useEditor((state) => state.layout);
  const status = useEditor((state) => state.status);
  const { name } = service;
  const colors = colorsOf(
    networks.map((one) => one.key),
    layout,
  );
  const found = [
    ...problemsOfKey(problems, name, "networks"),
    ...problemsOfKey(problems, name, "network_mode"),
  ];
  return (
    <Section title="Networks" open count={service.attachments.length} problems={found}>
      <ModeField service={service} readOnly={readOnly} />
      {service.attachments.map((one) => (
        <div key={one.network} className={fields.card}>
          <div className={fields.cardHead}>
            <NetworkSwatch color={colors.get(one.network) ?? 0} />
            <span className={fields.grow}>{one.network}</span>
            <span className={fields.address}>{addressesOf(status, name, one.network).join(", ")}</span>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => select([memberId(name, one.network)])}
              leftSection={<IconPlugConnected size={13} />}
              aria-label={`Show the attachment of ${name} to ${one.network}`}
            >
              Show
            </Button>
          </div>
          <AttachmentFields service={service} attachment={one} readOnly={readOnly} />
        </div>
      ))}
      {service.mode === "bridge" && (
        <p className={fields.hint}>
          Address now: {addressesOf(status, name, "@bridge").join(", ") || "none"}
        </p>
      )}
      {!readOnly && service.mode === "networks" && (
        <div>
          <JoinMenu service={service} />
        </div>
      )}
    </Section>
  );
}
