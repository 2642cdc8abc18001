// What one attachment says: further names on that network, fixed addresses; and leaving it.
import { Button, TagsInput } from "@mantine/core";
import { IconPlugX } from "@tabler/icons-react";
import { isIpv4, isIpv6 } from "../../model/forms";
import { CommitInput } from "../../ui/CommitInput";
import type { AttachmentView, ServiceView } from "../../wire.gen";
import { send } from "./changes";
import fields from "./fields.module.css";

interface Props {
  service: ServiceView;
  attachment: AttachmentView;
  readOnly: boolean;
}

export function AttachmentFields({ service, attachment, readOnly }: Props) {
  const { network } = attachment;
  const where = `${service.name} on ${network}`;
  const set = (part: { aliases?: string[]; ipv4?: string; ipv6?: string; mac?: string }, what: string) =>
    send({ kind: "attach", service: service.name, network, ...part }, `${what} of ${where}`);
  return (
    <div className={fields.stack}>
      <TagsInput
        size="xs"
        label="Also known as"
        aria-label={`Aliases of ${where}`}
        placeholder={attachment.aliases.length ? "" : `${service.name} only; add a name`}
        readOnly={readOnly}
        value={attachment.aliases}
        splitChars={[",", " "]}
        onChange={(aliases) => set({ aliases }, "Aliases")}
      />
      <div className={fields.grid}>
        <CommitInput
          className={fields.mono}
          label="Fixed IPv4"
          placeholder="automatic"
          value={attachment.ipv4}
          readOnly={readOnly}
          check={(text) =>
            !text || isIpv4(text) || text.includes("${") ? null : "An address such as 10.0.0.5."
          }
          onCommit={(ipv4) => set({ ipv4 }, "IPv4")}
        />
        <CommitInput
          className={fields.mono}
          label="Fixed IPv6"
          placeholder="none"
          value={attachment.ipv6}
          readOnly={readOnly}
          check={(text) =>
            !text || isIpv6(text) || text.includes("${") ? null : "An address such as fd00::5."
          }
          onCommit={(ipv6) => set({ ipv6 }, "IPv6")}
        />
      </div>
      {attachment.implicit ? (
        <p className={fields.hint}>It is here because it is on no other network, as Compose does it.</p>
      ) : (
        !readOnly && (
          <div>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              leftSection={<IconPlugX size={13} />}
              onClick={() => send({ kind: "detach", service: service.name, network }, `Detach ${where}`)}
            >
              Leave {network}
            </Button>
          </div>
        )
      )}
    </div>
  );
}
