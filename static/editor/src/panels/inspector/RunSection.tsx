// When it is started again, and how many of it run.
import { Select } from "@mantine/core";
import { problemsOfKey } from "../../model/problems";
import { useEditor } from "../../model/store";
import { CommitInput } from "../../ui/CommitInput";
import { Section } from "../../ui/Section";
import { setAt, setKey } from "./changes";
import fields from "./fields.module.css";
import type { SectionProps } from "./ServiceInspector";

const POLICIES = [
  { value: "no", label: "Never" },
  { value: "on-failure", label: "When it fails" },
  { value: "unless-stopped", label: "Unless stopped" },
  { value: "always", label: "Always" },
];

const deployOf = (keys: Record<string, unknown>) =>
  typeof keys.deploy === "object" && keys.deploy !== null && "replicas" in keys.deploy;

export function RunSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const { name, restart } = service;
  const written = typeof service.keys.restart === "string" ? service.keys.restart : restart;
  const other =
    written && !POLICIES.some((one) => one.value === written) ? [{ value: written, label: written }] : [];
  const scalePath = deployOf(service.keys) ? ["deploy", "replicas"] : ["scale"];
  return (
    <Section
      title="Restart and scale"
      problems={[...problemsOfKey(problems, name, "restart"), ...problemsOfKey(problems, name, "scale")]}
    >
      <div className={fields.grid}>
        <Select
          size="xs"
          label="Restart"
          readOnly={readOnly}
          allowDeselect={false}
          data={[...POLICIES, ...other]}
          value={written || "no"}
          onChange={(value) => value && setKey(name, ["restart"], value, "Restart")}
        />
        <CommitInput
          label="Containers"
          inputMode="numeric"
          value={String(service.scale)}
          readOnly={readOnly}
          check={(text) => (/^\d{1,3}$/.test(text) ? null : "A number from 0 to 999.")}
          onCommit={(text) =>
            setAt(["services", name, ...scalePath], Number(text), `Scale ${name} to ${text}`)
          }
        />
      </div>
    </Section>
  );
}
