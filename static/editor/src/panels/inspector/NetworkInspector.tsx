// A network: its name and kind, its addresses, its colour, and who is on it. And docker0, which is the engine's own.
import { Checkbox, Select } from "@mantine/core";
import { IconServer, IconTopologyBus, IconTrash } from "@tabler/icons-react";
import { checkName, isAddress, isCidr } from "../../model/forms";
import { removeSelected } from "../../model/gestures";
import { BRIDGE, memberId, networkId } from "../../model/ids";
import { addressesOf } from "../../model/live";
import { problemsBesides } from "../../model/problems";
import { editor, select, useEditor, useMay } from "../../model/store";
import { edit } from "../../sync/session";
import { CommitInput } from "../../ui/CommitInput";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Section";
import type { NetworkView } from "../../wire.gen";
import { ColorSwatches } from "./ColorSwatches";
import { setAt } from "./changes";
import fields from "./fields.module.css";
import { Head } from "./Head";
import classes from "./NetworkInspector.module.css";
import { Tile } from "./Tile";

async function rename(from: string, to: string): Promise<boolean> {
  const place = editor.get().layout[networkId(from)];
  const done = await edit(
    { kind: "rename_network", name: from, to },
    { label: `Rename ${from} to ${to}`, places: place && { [networkId(to)]: place } },
  );
  if (done) select([networkId(to)]);
  return done;
}

function Members({ network }: { network: string }) {
  const services = useEditor((state) => state.stack?.graph.services) ?? [];
  const status = useEditor((state) => state.status);
  const members = services.filter((one) =>
    network === BRIDGE ? one.mode === "bridge" : one.attachments.some((each) => each.network === network),
  );
  return (
    <Section title="On it" open count={members.length}>
      {members.map((one) => {
        const aliases = one.attachments.find((each) => each.network === network)?.aliases ?? [];
        return (
          <button
            key={one.name}
            type="button"
            className={classes.member}
            onClick={() => select([memberId(one.name, network)])}
          >
            <span>{one.name}</span>
            {aliases.length > 0 && <small>also {aliases.join(", ")}</small>}
            <code>{addressesOf(status, one.name, network).join(", ")}</code>
          </button>
        );
      })}
      {!members.length && <p className={fields.hint}>Nobody yet. Draw a line from a service to it.</p>}
    </Section>
  );
}

function Addresses({ network, readOnly }: { network: NetworkView; readOnly: boolean }) {
  const live = useEditor((state) => state.status?.networks.find((one) => one.key === network.key));
  const path = ["networks", network.key];
  const ipam = network.keys.ipam as { config?: { subnet?: string; gateway?: string }[] } | undefined;
  const first = ipam?.config?.[0] ?? {};
  const set = (key: "subnet" | "gateway", text: string) => {
    const next = { ...first, [key]: text };
    if (!text) delete next[key];
    const config = [next, ...(ipam?.config?.slice(1) ?? [])].filter((one) => Object.keys(one).length);
    return setAt(
      config.length ? [...path, "ipam", "config"] : [...path, "ipam"],
      config,
      `${key} of ${network.key}`,
    );
  };
  return (
    <Section title="Addresses" open>
      <div className={fields.grid}>
        <CommitInput
          className={fields.mono}
          label="Subnet"
          placeholder={live?.subnets[0] ?? "chosen by the engine"}
          value={first.subnet ?? ""}
          readOnly={readOnly}
          check={(text) =>
            !text || isCidr(text) || text.includes("${") ? null : "A subnet such as 10.5.0.0/24."
          }
          onCommit={(text) => set("subnet", text)}
        />
        <CommitInput
          className={fields.mono}
          label="Gateway"
          placeholder={live?.gateways[0] ?? "chosen"}
          value={first.gateway ?? ""}
          readOnly={readOnly}
          check={(text) => (!text || isAddress(text) ? null : "An address such as 10.5.0.1.")}
          onCommit={(text) => set("gateway", text)}
        />
      </div>
      {live && (
        <p className={fields.hint}>
          Live: <code>{live.subnets.join(", ") || "no subnet"}</code> as {live.name}
        </p>
      )}
    </Section>
  );
}

const DRIVERS = ["bridge", "overlay", "macvlan", "ipvlan"];

function Settings({ network, readOnly }: { network: NetworkView; readOnly: boolean }) {
  const path = ["networks", network.key];
  const flag = (key: string, label: string, hint: string, on: boolean) => (
    <Checkbox
      size="xs"
      label={label}
      description={hint}
      checked={on}
      disabled={readOnly}
      onChange={(event) =>
        setAt([...path, key], event.currentTarget.checked || undefined, `${label} ${network.key}`)
      }
    />
  );
  return (
    <Section title="Settings" open>
      {!network.external && (
        <Select
          size="xs"
          label="Driver"
          readOnly={readOnly}
          allowDeselect={false}
          data={[...new Set([...DRIVERS, network.driver || "bridge"])]}
          value={network.driver || "bridge"}
          onChange={(driver) => driver && setAt([...path, "driver"], driver, `Driver of ${network.key}`)}
        />
      )}
      {flag(
        "external",
        "External",
        "It exists already; Netyard neither makes nor removes it.",
        network.external,
      )}
      <CommitInput
        label="Name on the engine"
        placeholder={network.external ? network.key : "the stack's name in front"}
        value={typeof network.keys.name === "string" ? network.keys.name : ""}
        readOnly={readOnly}
        check={(text) => (text ? checkName(text, [], "network") : null)}
        onCommit={(text) => setAt([...path, "name"], text, `Name of ${network.key}`)}
      />
      {!network.external && (
        <>
          {flag("internal", "Internal", "No way out: its members reach only each other.", network.internal)}
          {flag("attachable", "Attachable", "Containers from outside may join it.", network.attachable)}
          {flag("enable_ipv6", "IPv6", "Members get IPv6 addresses too.", network.enable_ipv6)}
        </>
      )}
    </Section>
  );
}

export function NetworkInspector({ network }: { network: NetworkView }) {
  const may = useMay("draw");
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const networks = useEditor((state) => state.stack?.graph.networks) ?? [];
  const readOnly = !may;
  const others = networks.map((one) => one.key).filter((one) => one !== network.key);
  return (
    <div>
      <Head
        icon={<Tile icon={IconTopologyBus} />}
        name={network.key}
        kind={
          network.implicit ? "network, made by itself" : network.external ? "external network" : "network"
        }
        check={(text) => checkName(text, others, "network")}
        onRename={readOnly || network.implicit ? undefined : (to) => rename(network.key, to)}
        actions={
          may &&
          !network.implicit && (
            <IconButton label={`Remove ${network.key}`} onClick={() => removeSelected()}>
              <IconTrash size={16} stroke={1.8} />
            </IconButton>
          )
        }
      />
      <Members network={network.key} />
      <Addresses network={network} readOnly={readOnly} />
      <Settings network={network} readOnly={readOnly} />
      <Section title="Look" open problems={problemsBesides(problems, "networks", network.key, [])}>
        <ColorSwatches network={network.key} readOnly={readOnly} />
      </Section>
    </div>
  );
}

export function BridgeInspector() {
  return (
    <div>
      <Head icon={<Tile icon={IconServer} />} name="docker0" kind="the engine's default bridge" />
      <Members network={BRIDGE} />
      <Section title="What it is" open>
        <p className={fields.hint}>
          Every container of the engine that names no network is here. Members reach each other by address
          only; a link gives one client a name for one server. For names in both directions, use a network.
        </p>
      </Section>
    </div>
  );
}
