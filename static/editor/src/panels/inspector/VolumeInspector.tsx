// A named volume: who mounts it where, what it is made with, and whether the engine has it.
import { Checkbox, Switch } from "@mantine/core";
import { IconDatabase, IconTrash, IconX } from "@tabler/icons-react";
import { rename } from "../../canvas/RenamePopover";
import { asList, checkMount, checkName, readMount, writeMount } from "../../model/forms";
import { removeSelected } from "../../model/gestures";
import { serviceId, volumeId } from "../../model/ids";
import { problemsBesides } from "../../model/problems";
import { select, useEditor, useMay } from "../../model/store";
import { CommitInput } from "../../ui/CommitInput";
import { IconButton } from "../../ui/IconButton";
import { KeyValueEditor } from "../../ui/KeyValueEditor";
import { Section } from "../../ui/Section";
import type { ServiceView, VolumeView } from "../../wire.gen";
import { replaced, setAt, setKey, without } from "./changes";
import fields from "./fields.module.css";
import { Head } from "./Head";
import { Tile } from "./Tile";
import classes from "./VolumeInspector.module.css";

/** The lines of a service's `volumes` that mount this one, by their place in the list. */
export function mountsOf(service: ServiceView, volume: string) {
  return asList(service.keys.volumes).flatMap((raw, index) => {
    const row = readMount(raw);
    return row.kind === "volume" && row.source === volume ? [{ raw, index, row }] : [];
  });
}

function User({ service, volume, readOnly }: { service: ServiceView; volume: string; readOnly: boolean }) {
  const list = asList(service.keys.volumes);
  const mounts = mountsOf(service, volume);
  return (
    <div className={classes.user}>
      <button type="button" className={classes.name} onClick={() => select([serviceId(service.name)])}>
        {service.name}
      </button>
      {mounts.map(({ raw, index, row }) => (
        <div key={index} className={classes.mount}>
          <CommitInput
            className={`${fields.mono} ${fields.grow}`}
            aria-label={`Place in ${service.name}`}
            value={row.target}
            readOnly={readOnly}
            check={(target) => checkMount({ ...row, target })}
            onCommit={(target) =>
              setKey(
                service.name,
                ["volumes"],
                replaced(list, index, writeMount({ ...row, target }, raw)),
                "Volumes",
              )
            }
          />
          <Switch
            size="xs"
            label="read-only"
            aria-label={`Read-only in ${service.name}`}
            checked={row.readOnly}
            disabled={readOnly}
            onChange={(event) =>
              setKey(
                service.name,
                ["volumes"],
                replaced(list, index, writeMount({ ...row, readOnly: event.currentTarget.checked }, raw)),
                "Volumes",
              )
            }
          />
          {!readOnly && (
            <IconButton
              size={24}
              label={`Unmount from ${service.name}`}
              onClick={() => setKey(service.name, ["volumes"], without(list, index), "Volumes")}
            >
              <IconX size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {!mounts.length && (
        <p className={fields.hint}>
          At{" "}
          {service.mounts
            .filter((one) => one.source === volume)
            .map((one) => one.target)
            .join(", ")}
          , written elsewhere: in what it extends or merges.
        </p>
      )}
    </div>
  );
}

function Settings({ volume, readOnly }: { volume: VolumeView; readOnly: boolean }) {
  const path = ["volumes", volume.key];
  const { keys } = volume;
  const options = Object.entries((keys.driver_opts ?? {}) as Record<string, unknown>).map(
    ([name, value]): [string, string] => [name, String(value ?? "")],
  );
  const write = (entries: [string, string][]) =>
    setAt(
      [...path, "driver_opts"],
      entries.length ? Object.fromEntries(entries) : undefined,
      `Options of ${volume.key}`,
    );
  return (
    <>
      <Section title="Settings" open>
        <Checkbox
          size="xs"
          label="External"
          description="It exists already; Netyard neither makes nor removes it."
          checked={volume.external}
          disabled={readOnly}
          onChange={(event) =>
            setAt([...path, "external"], event.currentTarget.checked || undefined, `External ${volume.key}`)
          }
        />
        <CommitInput
          label="Name on the engine"
          placeholder={volume.external ? volume.key : volume.name}
          value={typeof keys.name === "string" ? keys.name : ""}
          readOnly={readOnly}
          check={(text) => (text ? checkName(text, [], "volume") : null)}
          onCommit={(text) => setAt([...path, "name"], text, `Name of ${volume.key}`)}
        />
        {!volume.external && (
          <CommitInput
            label="Driver"
            placeholder="local"
            value={typeof keys.driver === "string" ? keys.driver : ""}
            readOnly={readOnly}
            check={(text) => (text ? checkName(text, [], "driver") : null)}
            onCommit={(text) => setAt([...path, "driver"], text, `Driver of ${volume.key}`)}
          />
        )}
      </Section>
      {!volume.external && (
        <Section title="Driver options" count={options.length}>
          <KeyValueEditor
            entries={options}
            readOnly={readOnly}
            onSet={(pairs) => write([...new Map([...options, ...pairs])])}
            onRemove={(name) => write(options.filter(([key]) => key !== name))}
            onRename={(from, to) => write(options.map(([key, value]) => [key === from ? to : key, value]))}
          />
        </Section>
      )}
    </>
  );
}

export function VolumeInspector({ volume }: { volume: VolumeView }) {
  const may = useMay("draw");
  const readOnly = !may;
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const services = useEditor((state) => state.stack?.graph.services) ?? [];
  const volumes = useEditor((state) => state.stack?.graph.volumes) ?? [];
  const status = useEditor((state) => state.status);
  const users = services.filter((one) =>
    one.mounts.some((each) => each.kind === "volume" && each.source === volume.key),
  );
  const others = volumes.map((one) => one.key).filter((one) => one !== volume.key);
  const there = status?.volumes.includes(volume.name) ?? false;
  return (
    <div>
      <Head
        icon={<Tile icon={IconDatabase} />}
        name={volume.key}
        kind={volume.external ? "external volume" : "volume"}
        check={(text) => checkName(text, others, "volume")}
        onRename={readOnly ? undefined : (to) => rename(volumeId(volume.key), to)}
        actions={
          may && (
            <IconButton label={`Remove ${volume.key}`} onClick={() => removeSelected()}>
              <IconTrash size={16} stroke={1.8} />
            </IconButton>
          )
        }
      />
      <Section
        title="Mounted by"
        open
        count={users.length}
        problems={problemsBesides(problems, "volumes", volume.key, [])}
      >
        {users.map((one) => (
          <User key={one.name} service={one} volume={volume.key} readOnly={readOnly} />
        ))}
        {!users.length && <p className={fields.hint}>Nobody yet. Draw a line from a service to it.</p>}
        {status && status.at > 0 && (
          <p className={fields.hint}>
            {there ? (
              <>
                On the engine as <code>{volume.name}</code>; it stays when containers are replaced.
              </>
            ) : volume.external ? (
              <>Whether the engine has it is known when it is planned.</>
            ) : (
              <>Not on the engine yet: Apply makes it.</>
            )}
          </p>
        )}
      </Section>
      <Settings volume={volume} readOnly={readOnly} />
    </div>
  );
}
