// Keys that have no form here: shown as written, kept, edited in the code.
import { Button } from "@mantine/core";
import { IconCode } from "@tabler/icons-react";
import { useEditor } from "../../model/store";
import { Section } from "../../ui/Section";
import type { ServiceView } from "../../wire.gen";
import { showLine } from "../show";
import fields from "./fields.module.css";
import { yamlOf } from "./yaml";

export function OtherSection({ service }: { service: ServiceView }) {
  const guest = useEditor((state) => state.guest);
  const others = service.other_keys.filter((key) => key in service.keys);
  const text = others.map((key) => yamlOf({ [key]: service.keys[key] })).join("");
  return (
    <Section title="Other keys" count={others.length}>
      {others.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre className={fields.code} tabIndex={0}>
          {text}
        </pre>
      ) : (
        <p className={fields.hint}>Every key of this service has a field above.</p>
      )}
      {others.length > 0 && <p className={fields.hint}>Kept as written. Edit them in the code.</p>}
      {!guest && (
        <div>
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<IconCode size={14} />}
            onClick={() => showLine(service.line)}
          >
            Show in the code
          </Button>
        </div>
      )}
    </Section>
  );
}
