// Legacy links from this client to servers, each under a name of its own.
import { Button, Select } from "@mantine/core";
import { IconArrowNarrowRight, IconLink, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { link } from "../../model/gestures";
import { problemsOfKey } from "../../model/problems";
import { useEditor } from "../../model/store";
import { connectionOf } from "../../model/wiring";
import { CommitInput } from "../../ui/CommitInput";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Section";
import type { LinkView } from "../../wire.gen";
import { send } from "./changes";
import fields from "./fields.module.css";
import type { SectionProps } from "./ServiceInspector";

export const checkAlias = (text: string) =>
  /^[a-zA-Z0-9][\w.-]*$/.test(text)
    ? null
    : "A name the client can call: letters, digits, dot, dash, underscore.";

export function changeAlias(service: string, { target, alias }: LinkView, next: string) {
  return send(
    {
      kind: "several",
      edits: [
        { kind: "remove_link", service, target, alias },
        { kind: "add_link", service, target, alias: next },
      ],
    },
    `Alias of ${service} → ${target}`,
  );
}

/** What a link gives, which differs by where the two meet. */
export function linkMeaning(onDocker0: boolean, client: string, target: string, alias: string): string {
  return onDocker0
    ? `On docker0, ${client} reaches ${target} as ${alias} through /etc/hosts, and gets ${alias.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_… variables. It is one-way. A restart of ${target} leaves the variables old.`
    : `On a network of its own, ${client} alone resolves ${alias} to ${target}, by DNS; no variables. An alias on the network does the same for everybody there.`;
}

function NewLink({ service }: { service: SectionProps["service"] }) {
  const graph = useEditor((state) => state.stack?.graph);
  const [target, setTarget] = useState<string | null>(null);
  const [alias, setAlias] = useState("");
  if (!graph) return null;
  const others = graph.services.map((one) => one.name).filter((one) => one !== service.name);
  const connection = target ? connectionOf(graph, `service:${service.name}`, `service:${target}`) : null;
  const name = alias || target || "";
  const taken = service.links.some((one) => one.target === target && one.alias === name);
  const problem =
    connection?.kind === "refused"
      ? connection.why
      : taken
        ? "This link is there."
        : name
          ? checkAlias(name)
          : null;
  const meeting = connection?.kind === "link" ? (connection.fixes[0] ?? null) : null;
  const add = async () => {
    if (!target || problem) return;
    if (await link(service.name, target, name, meeting)) setTarget(null);
  };
  return (
    <div className={fields.stack}>
      <div className={fields.row}>
        <Select
          size="xs"
          className={fields.grow}
          aria-label="Server to link to"
          placeholder={others.length ? "Link to a server…" : "There is no other service"}
          disabled={!others.length}
          data={others}
          value={target}
          onChange={(next) => {
            setTarget(next);
            setAlias("");
          }}
        />
        {target && (
          <CommitInput className={fields.grow} aria-label="Alias" value={name} onCommit={setAlias} />
        )}
        {target && (
          <Button size="xs" disabled={!!problem} onClick={add} leftSection={<IconLink size={14} />}>
            Link
          </Button>
        )}
      </div>
      {problem && <span className={fields.problem}>{problem}</span>}
      {meeting && (
        <p className={fields.hint}>
          They share no network: {meeting.joining.join(" and ")} joins{" "}
          {meeting.network === "@bridge" ? "docker0" : meeting.network} too.
        </p>
      )}
    </div>
  );
}

export function LinksSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const { name, links } = service;
  const found = [
    ...problemsOfKey(problems, name, "links"),
    ...problemsOfKey(problems, name, "external_links"),
  ];
  const first = links[0];
  return (
    <Section title="Links" count={links.length} problems={found}>
      {links.map((one) => (
        <div key={`${one.target}:${one.alias}`} className={fields.row}>
          <span className={fields.cardHead} style={{ minHeight: 30 }}>
            <IconArrowNarrowRight size={15} aria-hidden /> {one.target}
          </span>
          <CommitInput
            className={fields.grow}
            aria-label={`Alias of ${one.target}`}
            value={one.alias}
            readOnly={readOnly || one.external}
            leftSection={<span className={fields.caption}>as</span>}
            check={checkAlias}
            onCommit={(alias) => changeAlias(name, one, alias)}
          />
          {!readOnly && !one.external && (
            <IconButton
              size={26}
              label={`Remove the link to ${one.target}`}
              onClick={() =>
                send(
                  { kind: "remove_link", service: name, target: one.target, alias: one.alias },
                  `Remove link ${name} → ${one.alias}`,
                )
              }
            >
              <IconX size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {first && (
        <p className={fields.hint}>
          {linkMeaning(service.mode === "bridge", name, first.target, first.alias)}
        </p>
      )}
      {!links.length && (
        <p className={fields.hint}>
          A link is the older way to give one client a name for a server. On a network of your own, names work
          without.
        </p>
      )}
      {!readOnly && <NewLink service={service} />}
    </Section>
  );
}
