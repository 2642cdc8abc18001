// One legacy link: from which client to which server, under which name, and what that gives where they meet.
import { Button } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { removeSelected } from "../../model/gestures";
import { linkId } from "../../model/ids";
import { problemsOfKey } from "../../model/problems";
import { select, useEditor, useMay } from "../../model/store";
import { networkWord, sharedBars } from "../../model/wiring";
import { CommitInput } from "../../ui/CommitInput";
import { Section } from "../../ui/Section";
import fields from "./fields.module.css";
import { Head } from "./Head";
import { changeAlias, checkAlias, linkMeaning } from "./LinksSection";
import { Tile } from "./Tile";

export function LinkInspector({
  service,
  target,
  alias,
}: {
  service: string;
  target: string;
  alias: string;
}) {
  const graph = useEditor((state) => state.stack?.graph);
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const readOnly = !useMay("draw");
  const client = graph?.services.find((one) => one.name === service);
  const server = graph?.services.find((one) => one.name === target);
  const link = client?.links.find((one) => one.target === target && one.alias === alias);
  if (!client || !link) return <p className={fields.hint}>This link is gone.</p>;
  const shared = server ? sharedBars(client, server) : [];
  return (
    <div>
      <Head icon={<Tile icon={IconLink} />} name={`${service} → ${target}`} kind="legacy link" />
      <Section title="Name for the client" open problems={problemsOfKey(problems, service, "links")}>
        <CommitInput
          label="Alias"
          description={`${service} reaches ${target} under this name`}
          value={alias}
          readOnly={readOnly || link.external}
          check={checkAlias}
          onCommit={async (next) => {
            const done = await changeAlias(service, link, next);
            if (done) select([linkId(service, target, next)]);
            return done;
          }}
        />
        <p className={fields.hint}>{linkMeaning(client.mode === "bridge", service, target, alias)}</p>
        <p className={fields.hint}>
          {shared.length
            ? `They meet on ${shared.map(networkWord).join(", ")}.`
            : "They share no network, so this link reaches nothing."}
        </p>
        {!readOnly && (
          <div>
            <Button size="compact-xs" color="red" variant="subtle" onClick={() => removeSelected()}>
              Remove the link
            </Button>
          </div>
        )}
      </Section>
    </div>
  );
}
