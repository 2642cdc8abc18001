// The healthcheck: a test and its times; fields that are left empty are the engine's own.
import { Button, Switch } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { isDuration } from "../../model/forms";
import { problemsOfKey } from "../../model/problems";
import { useEditor } from "../../model/store";
import { joinWords, splitWords } from "../../model/words";
import { CommitInput } from "../../ui/CommitInput";
import { Section } from "../../ui/Section";
import { send, setKey } from "./changes";
import fields from "./fields.module.css";
import type { SectionProps } from "./ServiceInspector";

const TIMES: [string, string, string][] = [
  ["interval", "Every", "30s"],
  ["timeout", "Give up after", "30s"],
  ["start_period", "Grace at start", "0s"],
];

const asMap = (value: unknown): Record<string, unknown> =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** The test as one line: a shell line as it is, a list of words joined. */
export function testText(test: unknown): string {
  if (typeof test === "string") return test;
  if (!Array.isArray(test)) return "";
  const [kind, ...words] = test.map(String);
  if (kind === "CMD-SHELL") return words[0] ?? "";
  return kind === "CMD" ? joinWords(words) : "";
}

/** The line in the form that `was` had; a shell line when there was none. */
export function testValue(text: string, was: unknown): unknown {
  if (typeof was === "string") return text;
  if (Array.isArray(was) && was[0] === "CMD") return ["CMD", ...(splitWords(text) ?? [])];
  return ["CMD-SHELL", text];
}

export function HealthSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const { name } = service;
  const written = asMap(service.keys.healthcheck);
  const has = Object.keys(written).length > 0;
  const disabled = written.disable === true;
  const set = (key: string, value: unknown) => setKey(name, ["healthcheck", key], value, "Healthcheck");
  const isList = Array.isArray(written.test) && written.test[0] === "CMD";
  return (
    <Section
      title="Healthcheck"
      count={disabled ? "off" : has ? "on" : ""}
      problems={problemsOfKey(problems, name, "healthcheck")}
    >
      {!has && <p className={fields.hint}>None of its own; an image may bring one.</p>}
      {!has && !readOnly && (
        <div>
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<IconPlus size={13} />}
            onClick={() =>
              send(
                {
                  kind: "set_value",
                  path: ["services", name, "healthcheck"],
                  value: { test: ["CMD-SHELL", "exit 0"], interval: "10s", timeout: "5s", retries: 3 },
                },
                `Add a healthcheck to ${name}`,
              )
            }
          >
            Add a healthcheck
          </Button>
        </div>
      )}
      {has && (
        <>
          <CommitInput
            className={fields.mono}
            label={isList ? "Test (run directly)" : "Test (shell)"}
            value={testText(written.test)}
            disabled={disabled}
            readOnly={readOnly}
            check={(text) => {
              if (!text) return "A command that ends with 0 while all is well.";
              return isList && !splitWords(text) ? "A quote is not closed." : null;
            }}
            onCommit={(text) => set("test", testValue(text, written.test))}
          />
          <div className={fields.grid}>
            {TIMES.map(([key, label, standard]) => (
              <CommitInput
                key={key}
                label={label}
                placeholder={standard}
                value={written[key] == null ? "" : String(written[key])}
                disabled={disabled}
                readOnly={readOnly}
                check={(text) => (!text || isDuration(text) ? null : "A time such as 10s or 1m30s.")}
                onCommit={(text) => set(key, text)}
              />
            ))}
            <CommitInput
              label="Failures allowed"
              placeholder="3"
              value={written.retries == null ? "" : String(written.retries)}
              disabled={disabled}
              readOnly={readOnly}
              check={(text) => (!text || /^\d{1,3}$/.test(text) ? null : "A whole number.")}
              onCommit={(text) => set("retries", text === "" ? "" : Number(text))}
            />
          </div>
          {!readOnly && (
            <Switch
              size="xs"
              label="Switch the check off"
              checked={disabled}
              onChange={(event) => set("disable", event.currentTarget.checked ? true : undefined)}
            />
          )}
        </>
      )}
    </Section>
  );
}
