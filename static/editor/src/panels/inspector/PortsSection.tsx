// Published ports: a row each; the form it was written in stays.
import { Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { asList, checkPort, type PortRow, readPort, writePort } from "../../model/forms";
import { problemsOfKey } from "../../model/problems";
import { useEditor } from "../../model/store";
import { CommitInput } from "../../ui/CommitInput";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Section";
import { replaced, setKey, without } from "./changes";
import fields from "./fields.module.css";
import type { SectionProps } from "./ServiceInspector";

interface RowProps {
  row: PortRow;
  label: string;
  readOnly: boolean;
  /** Gives the row on: a promise of whether it was taken, or a sentence why it cannot be. */
  onChange: (row: PortRow) => Promise<boolean>;
}

function PortFields({ row, label, readOnly, onChange }: RowProps) {
  const field = (key: "hostIp" | "published" | "target", name: string, placeholder: string) => (
    <CommitInput
      className={fields.mono}
      aria-label={`${name} of ${label}`}
      placeholder={placeholder}
      value={row[key]}
      readOnly={readOnly}
      check={(text) => (row.target || key === "target" ? checkPort({ ...row, [key]: text }) : null)}
      onCommit={(text) => onChange({ ...row, [key]: text })}
    />
  );
  return (
    <>
      {field("hostIp", "Host address", "any")}
      {field("published", "Port on the host", "any")}
      {field("target", "Port in the container", "80")}
      <Select
        size="xs"
        aria-label={`Protocol of ${label}`}
        data={["tcp", "udp", "sctp"]}
        allowDeselect={false}
        readOnly={readOnly}
        value={row.protocol}
        onChange={(protocol) => protocol && onChange({ ...row, protocol })}
      />
    </>
  );
}

const EMPTY: PortRow = { hostIp: "", published: "", target: "", protocol: "tcp" };

export function PortsSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const [draft, setDraft] = useState<PortRow | null>(null);
  const raw = asList(service.keys.ports);
  const set = (ports: unknown[]) => setKey(service.name, ["ports"], ports, "Ports");
  return (
    <Section
      title="Ports"
      count={raw.length}
      problems={problemsOfKey(problems, service.name, "ports")}
      open={raw.length > 0 || draft !== null}
      action={
        !readOnly && (
          <IconButton size={26} label="Publish a port" onClick={() => setDraft(EMPTY)}>
            <IconPlus size={15} />
          </IconButton>
        )
      }
    >
      {(raw.length > 0 || draft) && (
        <div className={fields.ports}>
          <span className={fields.caption}>Host address</span>
          <span className={fields.caption}>Host port</span>
          <span className={fields.caption}>Container</span>
          <span className={fields.caption}>Protocol</span>
          <span />
          {raw.map((one, index) => {
            const row = readPort(one);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a port's row is its place in the list
              <PortRowFragment key={index}>
                <PortFields
                  row={row}
                  label={`port ${row.target}`}
                  readOnly={readOnly}
                  onChange={(next) => set(replaced(raw, index, writePort(next, one)))}
                />
                {readOnly ? (
                  <span />
                ) : (
                  <IconButton
                    size={26}
                    label={`Remove port ${row.target}`}
                    onClick={() => set(without(raw, index))}
                  >
                    <IconX size={14} />
                  </IconButton>
                )}
              </PortRowFragment>
            );
          })}
          {draft && (
            <>
              <PortFields
                row={draft}
                label="the new port"
                readOnly={false}
                onChange={async (next) => {
                  setDraft(next);
                  if (!next.target || checkPort(next)) return true;
                  const done = await set([...raw, writePort(next)]);
                  if (done) setDraft(null);
                  return done;
                }}
              />
              <IconButton size={26} label="Drop the new port" onClick={() => setDraft(null)}>
                <IconX size={14} />
              </IconButton>
              <span className={`${fields.hint} ${fields.wide}`}>
                It is added once its container port is given.
              </span>
            </>
          )}
        </div>
      )}
      {!raw.length && !draft && (
        <p className={fields.hint}>Nothing is published; other services reach it without.</p>
      )}
    </Section>
  );
}

const PortRowFragment = ({ children }: { children: React.ReactNode }) => children;
