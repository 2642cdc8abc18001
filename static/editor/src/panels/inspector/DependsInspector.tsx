// One depends_on arrow: who waits for whom, and for what.
import { Button, Select } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { readDepends, writeDepends } from "../../model/forms";
import { removeSelected } from "../../model/gestures";
import { useEditor, useMay } from "../../model/store";
import { Section } from "../../ui/Section";
import { setKey } from "./changes";
import { CONDITIONS } from "./DependsSection";
import fields from "./fields.module.css";
import { Head } from "./Head";
import { Tile } from "./Tile";

export function DependsInspector({ service, target }: { service: string; target: string }) {
  const client = useEditor((state) => state.stack?.graph.services.find((one) => one.name === service));
  const readOnly = !useMay("draw");
  if (!client) return null;
  const was = client.keys.depends_on;
  const rows = readDepends(was);
  const row = rows.find((one) => one.service === target);
  return (
    <div>
      <Head icon={<Tile icon={IconArrowRight} />} name={`${service} after ${target}`} kind="start order" />
      <Section title="Condition" open>
        {row ? (
          <Select
            size="xs"
            label={`${service} starts once ${target}`}
            readOnly={readOnly}
            allowDeselect={false}
            data={CONDITIONS}
            value={row.condition}
            onChange={(condition) =>
              condition &&
              setKey(
                service,
                ["depends_on"],
                writeDepends(
                  rows.map((one) => (one.service === target ? { ...one, condition } : one)),
                  was,
                ),
                "Order",
              )
            }
          />
        ) : (
          <p className={fields.hint}>
            It follows from a link or a shared network; nothing is written for it.
          </p>
        )}
        {row && !readOnly && (
          <div>
            <Button size="compact-xs" variant="subtle" color="red" onClick={() => removeSelected()}>
              Remove
            </Button>
          </div>
        )}
      </Section>
    </div>
  );
}
