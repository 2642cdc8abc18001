// Several things selected: what they are, and what one does with all of them at once.
import { Button, Menu } from "@mantine/core";
import { IconBoxMultiple, IconCopy, IconPlugConnected, IconTrash } from "@tabler/icons-react";
import { duplicateSelected } from "../../model/clipboard";
import { removeSelected } from "../../model/gestures";
import { parseId } from "../../model/ids";
import { editor, select, useEditor, useMay } from "../../model/store";
import { attachEdit, networkWord } from "../../model/wiring";
import { plural } from "../../ui/format";
import { Section } from "../../ui/Section";
import { send, together } from "./changes";
import fields from "./fields.module.css";
import { Head } from "./Head";
import { Tile } from "./Tile";

const nameOf = (id: string) => {
  const one = parseId(id);
  if (one?.kind === "service") return one.name;
  if (one?.kind === "network") return networkWord(one.key);
  if (one?.kind === "volume") return one.key;
  if (one?.kind === "mount") return `${one.volume} in ${one.service}`;
  if (one?.kind === "member") return `${one.service} on ${networkWord(one.network)}`;
  if (one?.kind === "link") return `${one.service} → ${one.alias}`;
  return one?.kind === "depends" ? `${one.service} after ${one.target}` : id;
};

/** "5 services, 3 networks": what is selected, by kind. */
function kindsOf(ids: string[]): string {
  const count = (kinds: string[]) => ids.filter((id) => kinds.includes(parseId(id)?.kind ?? "")).length;
  const parts: [number, string][] = [
    [count(["service"]), "service"],
    [count(["network"]), "network"],
    [count(["volume"]), "volume"],
    [count(["member", "link", "depends", "mount", "port"]), "connection"],
  ];
  return parts.flatMap(([number, word]) => (number ? [plural(number, word)] : [])).join(", ");
}

export function ManyInspector({ ids }: { ids: string[] }) {
  const networks = useEditor((state) => state.stack?.graph.networks) ?? [];
  const draws = useMay("draw");
  const logs = useMay("logs");
  const services = ids.flatMap((id) => {
    const one = parseId(id);
    return one?.kind === "service" ? [one.name] : [];
  });
  const attachAll = (network: string) =>
    send(
      together(services.map((service) => attachEdit(service, network))),
      `Attach ${plural(services.length, "service")} to ${networkWord(network)}`,
    );
  return (
    <div>
      <Head icon={<Tile icon={IconBoxMultiple} />} name={`${ids.length} selected`} kind={kindsOf(ids)} />
      <Section title="All of them" open>
        <div className={fields.row} style={{ flexWrap: "wrap" }}>
          {draws && services.length > 0 && (
            <Menu shadow="md">
              <Menu.Target>
                <Button size="compact-sm" variant="default" leftSection={<IconPlugConnected size={14} />}>
                  Attach to…
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {networks
                  .filter((one) => !one.implicit)
                  .map((one) => (
                    <Menu.Item key={one.key} onClick={() => attachAll(one.key)}>
                      {one.key}
                    </Menu.Item>
                  ))}
                <Menu.Item onClick={() => attachAll("@bridge")}>docker0</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
          {logs && services.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => editor.set({ bottom: "logs", logServices: services })}
            >
              Logs
            </Button>
          )}
          {draws && (
            <>
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconCopy size={14} />}
                onClick={() => duplicateSelected()}
              >
                Duplicate
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                c="red"
                leftSection={<IconTrash size={14} />}
                onClick={() => removeSelected()}
              >
                Remove
              </Button>
            </>
          )}
        </div>
      </Section>
      <Section title="Selected" open count={ids.length}>
        <div className={fields.stack}>
          {ids.map((id) => (
            <Button key={id} size="compact-sm" variant="subtle" justify="start" onClick={() => select([id])}>
              {nameOf(id)}
            </Button>
          ))}
        </div>
      </Section>
    </div>
  );
}
