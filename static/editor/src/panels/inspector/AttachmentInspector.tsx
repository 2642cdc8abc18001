// One attachment: a service on a network, with its names and addresses there, drawn and live.
import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlugX } from "@tabler/icons-react";
import { BRIDGE, networkId, serviceId } from "../../model/ids";
import { endpointsOf } from "../../model/live";
import { select, useEditor, useMay } from "../../model/store";
import { Section } from "../../ui/Section";
import type { ServiceView } from "../../wire.gen";
import { AttachmentFields } from "./AttachmentFields";
import { send } from "./changes";
import fields from "./fields.module.css";
import { Head } from "./Head";
import { Tile } from "./Tile";

function LiveEndpoints({ service, network }: { service: string; network: string }) {
  const status = useEditor((state) => state.status);
  const endpoints = endpointsOf(status, service, network);
  if (!endpoints.length) return null;
  return (
    <Section title="Live" open>
      {endpoints.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one endpoint a container, in the containers' order
        <dl className={fields.facts} key={index}>
          <dt>IPv4</dt>
          <dd>
            <code>{one.ipv4 || "none"}</code>
          </dd>
          {one.ipv6 && (
            <>
              <dt>IPv6</dt>
              <dd>
                <code>{one.ipv6}</code>
              </dd>
            </>
          )}
          <dt>MAC</dt>
          <dd>
            <code>{one.mac || "none"}</code>
          </dd>
          <dt>Answers to</dt>
          <dd>
            <code>
              {one.dns_names.join(", ") || (network === BRIDGE ? "no name" : one.aliases.join(", "))}
            </code>
          </dd>
        </dl>
      ))}
    </Section>
  );
}

export function AttachmentInspector({ service, network }: { service: ServiceView; network: string }) {
  const readOnly = !useMay("draw");
  const attachment = service.attachments.find((one) => one.network === network);
  const shown = network === BRIDGE ? "docker0" : network;
  return (
    <div>
      <Head icon={<Tile icon={IconPlugConnected} />} name={`${service.name} on ${shown}`} kind="attachment" />
      <LiveEndpoints service={service.name} network={network} />
      <Section title="Names and addresses" open>
        {attachment && <AttachmentFields service={service} attachment={attachment} readOnly={readOnly} />}
        {network === BRIDGE && (
          <p className={fields.hint}>
            On docker0 there are no names and no fixed addresses. Draw a link to give one client a name for a
            server, or attach both to a network of your own.
          </p>
        )}
        {network === BRIDGE && !readOnly && (
          <div>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              leftSection={<IconPlugX size={13} />}
              onClick={() =>
                send(
                  { kind: "set_network_mode", service: service.name, mode: null },
                  `Take ${service.name} off docker0`,
                )
              }
            >
              Leave docker0
            </Button>
          </div>
        )}
      </Section>
      <Section title="Go to" open>
        <div className={fields.row}>
          <Button size="compact-sm" variant="default" onClick={() => select([serviceId(service.name)])}>
            {service.name}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => select([networkId(network)])}>
            {shown}
          </Button>
        </div>
      </Section>
    </div>
  );
}
