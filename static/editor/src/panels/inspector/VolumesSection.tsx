// What is mounted: named volumes, folders of the host, memory.
import { Button, Menu, Switch } from "@mantine/core";
import { IconDatabase, IconFolder, IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { uniqueName } from "../../model/catalog";
import type { Edit } from "../../model/edit";
import { asList, checkMount, type MountRow, readMount, writeMount } from "../../model/forms";
import { problemsOfKey } from "../../model/problems";
import { useEditor } from "../../model/store";
import { CommitInput } from "../../ui/CommitInput";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Section";
import { replaced, send, setKey, together, without } from "./changes";
import fields from "./fields.module.css";
import type { SectionProps } from "./ServiceInspector";

const KINDS = { volume: "Volume", bind: "Host folder", tmpfs: "In memory" };

interface RowProps {
  row: MountRow;
  readOnly: boolean;
  onChange: (row: MountRow) => Promise<boolean>;
  onRemove: () => void;
}

function MountCard({ row, readOnly, onChange, onRemove }: RowProps) {
  const allowed = useEditor((state) => state.engine?.policy.bind_mounts ?? false);
  const check = (part: Partial<MountRow>) => {
    const next = { ...row, ...part };
    return next.target || "target" in part ? checkMount(next) : null;
  };
  return (
    <div className={fields.card}>
      <div className={fields.cardHead}>
        {row.kind === "bind" ? <IconFolder size={15} aria-hidden /> : <IconDatabase size={15} aria-hidden />}
        <span className={fields.grow}>
          {row.kind === "volume" && !row.source ? "Unnamed volume" : KINDS[row.kind]}
        </span>
        {row.kind !== "tmpfs" && (
          <Switch
            size="xs"
            label="read-only"
            checked={row.readOnly}
            disabled={readOnly}
            onChange={(event) => onChange({ ...row, readOnly: event.currentTarget.checked })}
          />
        )}
        {!readOnly && (
          <IconButton size={24} label={`Remove the mount ${row.target}`} onClick={onRemove}>
            <IconX size={14} />
          </IconButton>
        )}
      </div>
      <div className={fields.grid}>
        {row.kind !== "tmpfs" && (
          <CommitInput
            className={fields.mono}
            aria-label={row.kind === "bind" ? "Folder of the host" : "Volume"}
            placeholder={row.kind === "bind" ? "./data" : "name"}
            value={row.source}
            readOnly={readOnly}
            check={(source) => check({ source })}
            onCommit={(source) => onChange({ ...row, source })}
          />
        )}
        <CommitInput
          className={fields.mono}
          aria-label="Place in the container"
          placeholder="/data"
          value={row.target}
          readOnly={readOnly}
          check={(target) => check({ target })}
          onCommit={(target) => onChange({ ...row, target })}
        />
      </div>
      {row.kind === "bind" && !allowed && (
        <p className={fields.hint}>
          This engine refuses host folders until an administrator allows them: Apply will stop here.
        </p>
      )}
    </div>
  );
}

export function VolumesSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const volumes = useEditor((state) => state.stack?.graph.volumes) ?? [];
  const [draft, setDraft] = useState<MountRow | null>(null);
  const raw = asList(service.keys.volumes);
  const known = volumes.map((one) => one.key);

  /** Write the list; a named volume that is not declared yet is declared in the same step. */
  const put = (list: unknown[], row?: MountRow) => {
    const path = ["services", service.name, "volumes"];
    if (row?.kind !== "volume" || !row.source || known.includes(row.source))
      return setKey(service.name, ["volumes"], list, "Volumes");
    const edits: Edit[] = [
      { kind: "add_volume", name: row.source, keys: {} },
      { kind: "set_value", path, value: list },
    ];
    return send(together(edits), `Mount ${row.source} in ${service.name}`);
  };
  const begin = (kind: MountRow["kind"]) =>
    setDraft({
      kind,
      source: kind === "volume" ? uniqueName(`${service.name}-data`, known) : "",
      target: "",
      readOnly: false,
    });
  const menu = !readOnly && (
    <Menu position="bottom-end" shadow="md" width={230}>
      <Menu.Target>
        <IconButton size={26} label="Mount something">
          <IconPlus size={15} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => begin("volume")}>New volume</Menu.Item>
        {known.map((key) => (
          <Menu.Item
            key={key}
            onClick={() => setDraft({ kind: "volume", source: key, target: "", readOnly: false })}
          >
            Volume {key}
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => begin("bind")}>Folder of the host</Menu.Item>
        <Menu.Item onClick={() => begin("tmpfs")}>Memory (tmpfs)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
  return (
    <Section
      title="Volumes"
      count={raw.length}
      problems={problemsOfKey(problems, service.name, "volumes")}
      action={menu}
      open={draft !== null}
    >
      {raw.map((one, index) => (
        <MountCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a mount's row is its place in the list
          key={index}
          row={readMount(one)}
          readOnly={readOnly}
          onChange={(row) => put(replaced(raw, index, writeMount(row, one)), row)}
          onRemove={() => put(without(raw, index))}
        />
      ))}
      {draft && (
        <MountCard
          row={draft}
          readOnly={false}
          onRemove={() => setDraft(null)}
          onChange={async (row) => {
            setDraft(row);
            if (checkMount(row)) return true;
            const done = await put([...raw, writeMount(row)], row);
            if (done) setDraft(null);
            return done;
          }}
        />
      )}
      {!raw.length && !draft && (
        <p className={fields.hint}>What it writes is lost when its container is replaced.</p>
      )}
      {!readOnly && !draft && (
        <div>
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<IconPlus size={13} />}
            onClick={() => begin("volume")}
          >
            New volume
          </Button>
        </div>
      )}
    </Section>
  );
}
