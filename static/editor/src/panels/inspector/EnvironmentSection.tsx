// Environment variables, in whichever form the file has them.
import type { Edit } from "../../model/edit";
import { problemsOfKey } from "../../model/problems";
import { useEditor } from "../../model/store";
import { KeyValueEditor } from "../../ui/KeyValueEditor";
import { Section } from "../../ui/Section";
import { send, together } from "./changes";
import type { SectionProps } from "./ServiceInspector";

/** The variables as written (not interpolated), in the file's order; those from elsewhere (anchors) after them. */
export function writtenEnvironment(keys: Record<string, unknown>, read: Record<string, string | null>) {
  const written = keys.environment;
  const pairs = new Map<string, string | null>();
  if (Array.isArray(written))
    for (const one of written) {
      const text = String(one);
      const at = text.indexOf("=");
      pairs.set(at < 0 ? text : text.slice(0, at), at < 0 ? null : text.slice(at + 1));
    }
  else if (written && typeof written === "object")
    for (const [key, value] of Object.entries(written)) pairs.set(key, value == null ? null : String(value));
  else for (const [key, value] of Object.entries(read)) pairs.set(key, value);
  return [...pairs];
}

export function EnvironmentSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const { name } = service;
  const entries = writtenEnvironment(service.keys, service.environment);
  const set = (variable: string, value: string | null): Edit => ({
    kind: "set_environment",
    service: name,
    variable,
    value,
  });
  return (
    <Section
      title="Environment"
      count={entries.length}
      problems={problemsOfKey(problems, name, "environment")}
    >
      <KeyValueEditor
        entries={entries}
        readOnly={readOnly}
        onSet={(pairs) =>
          send(
            together(pairs.map(([key, value]) => set(key, value))),
            pairs.length === 1
              ? `Set ${pairs[0]?.[0]} of ${name}`
              : `Set ${pairs.length} variables of ${name}`,
          )
        }
        onRemove={(key) => send(set(key, null), `Remove ${key} of ${name}`)}
        onRename={(from, to) => {
          const value = entries.find(([key]) => key === from)?.[1] ?? "";
          return send(together([set(from, null), set(to, value)]), `Rename ${from} of ${name}`);
        }}
      />
    </Section>
  );
}
