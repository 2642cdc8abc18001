// Which services start first, and what "started" means for each.
import { Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type DependsRow, readDepends, writeDepends } from "../../model/forms";
import { problemsOfKey } from "../../model/problems";
import { useEditor } from "../../model/store";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Section";
import { replaced, setKey, without } from "./changes";
import fields from "./fields.module.css";
import type { SectionProps } from "./ServiceInspector";

export const CONDITIONS = [
  { value: "service_started", label: "is started" },
  { value: "service_healthy", label: "is healthy" },
  { value: "service_completed_successfully", label: "has ended well" },
];

export function DependsSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const services = useEditor((state) => state.stack?.graph.services) ?? [];
  const was = service.keys.depends_on;
  const rows = readDepends(was);
  const implied = service.depends_on.filter(
    (one) => one.implied && !rows.some((row) => row.service === one.service),
  );
  const set = (next: DependsRow[]) =>
    setKey(service.name, ["depends_on"], next.length ? writeDepends(next, was) : undefined, "Order");
  const taken = new Set([service.name, ...rows.map((row) => row.service)]);
  const free = services.map((one) => one.name).filter((one) => !taken.has(one));
  return (
    <Section
      title="Starts after"
      count={rows.length + implied.length}
      problems={problemsOfKey(problems, service.name, "depends_on")}
    >
      {rows.map((row, index) => (
        <div key={row.service} className={fields.row}>
          <span className={`${fields.grow} ${fields.cardHead}`} style={{ minHeight: 30 }}>
            {row.service}
          </span>
          <Select
            size="xs"
            w={150}
            aria-label={`When ${row.service} counts as started`}
            allowDeselect={false}
            readOnly={readOnly}
            data={CONDITIONS}
            value={row.condition}
            onChange={(condition) => condition && set(replaced(rows, index, { ...row, condition }))}
          />
          {!readOnly && (
            <IconButton
              size={26}
              label={`Do not wait for ${row.service}`}
              onClick={() => set(without(rows, index))}
            >
              <IconX size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {implied.map((one) => (
        <p key={one.service} className={fields.hint}>
          {one.service}, because it is linked to or shared.
        </p>
      ))}
      {!readOnly && (
        <Select
          size="xs"
          aria-label="Wait for another service"
          placeholder={free.length ? "Wait for a service…" : "No other service to wait for"}
          disabled={!free.length}
          data={free}
          value={null}
          onChange={(name) => name && set([...rows, { service: name, condition: "service_started" }])}
        />
      )}
    </Section>
  );
}
