// A file of the first Compose format: offer the current form, side by side with what it was.
import { Alert, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { ApiError, post } from "../../sync/api";
import { Marked } from "../../ui/Marked";
import type { ConvertedText } from "../../wire.gen";
import classes from "./BringIn.module.css";
import { sideBySide } from "./sideBySide";

interface Props {
  text: string;
  onUse: (converted: ConvertedText) => void;
}

export function FirstForm({ text, onUse }: Props) {
  const [bridge, setBridge] = useState(false);
  const [converted, setConverted] = useState<ConvertedText | null>(null);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    let current = true;
    post<ConvertedText>("compose/convert", { text, bridge }).then(
      (answer) => current && setConverted(answer),
      (error) => current && setFailure(error instanceof ApiError ? error.message : String(error)),
    );
    return () => {
      current = false;
    };
  }, [text, bridge]);
  return (
    <Alert color="indigo" title="This file is of the first Compose format">
      <Stack gap="xs">
        <Text size="sm">
          Compose no longer reads it. Netyard can convert it to the current form; comments and values stay.
        </Text>
        {failure && <Text size="sm">{failure}</Text>}
        {converted && !converted.text && (
          <Text size="sm">{converted.problems[0]?.message ?? "It cannot be converted."}</Text>
        )}
        {converted?.text && (
          <>
            <section className={classes.sides} aria-label="Before and after">
              {sideBySide(text, converted.text).map((row) => [
                <div
                  key={`${row.key}-old`}
                  className={row.same ? undefined : row.old !== null ? classes.gone : undefined}
                >
                  {row.old}
                </div>,
                <div
                  key={`${row.key}-new`}
                  className={row.same ? undefined : row.new !== null ? classes.come : undefined}
                >
                  {row.new}
                </div>,
              ])}
            </section>
            {converted.notes.map((note) => (
              <Text size="sm" key={note}>
                <Marked text={note} />
              </Text>
            ))}
            <Group justify="space-between">
              <Checkbox
                label="Keep its services on docker0, with classic links"
                checked={bridge}
                onChange={(event) => setBridge(event.currentTarget.checked)}
              />
              <Button size="xs" onClick={() => onUse(converted)}>
                Convert to the current form
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Alert>
  );
}
