// A link that is shown once (an invitation, a share): selectable, with a copy button and what it is good for.
import { ActionIcon, CopyButton, Group, Text, TextInput, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

export function OneTimeLink({ url, label, hint }: { url: string; label: string; hint: string }) {
  return (
    <div>
      <Group gap="xs" wrap="nowrap" align="end">
        <TextInput
          label={label}
          value={url}
          readOnly
          flex={1}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? "Copied" : "Copy"}>
              <ActionIcon size={36} variant="default" aria-label="Copy the link" onClick={copy}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {hint}
      </Text>
    </div>
  );
}
