// Services out of pasted `docker run …` lines, added to the open stack as one edit.
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Edit } from "../model/edit";
import { useEditor } from "../model/store";
import { ImportProblems } from "../pages/stacks/ImportProblems";
import { ApiError, post } from "../sync/api";
import { edit } from "../sync/session";
import classes from "../ui/ComposeText.module.css";
import type { ConvertedText } from "../wire.gen";
import { openDialog, useDialog } from "./dialogs";

const AFTER_MS = 300;

export function RunLinesDialog() {
  const open = useDialog((state) => state.open === "run");
  return (
    <Modal
      opened={open}
      onClose={() => openDialog(null)}
      title={<b>Add from docker run</b>}
      size="lg"
      radius="lg"
      centered
    >
      {open && <RunLines />}
    </Modal>
  );
}

function useConverted(text: string): { made: ConvertedText | null; failure: string } {
  const [made, setMade] = useState<ConvertedText | null>(null);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    setMade(null);
    setFailure("");
    if (!text.trim()) return;
    let current = true;
    const timer = setTimeout(() => {
      post<ConvertedText>("compose/from-run", { text }).then(
        (answer) => current && setMade(answer),
        (error) => current && setFailure(error instanceof ApiError ? error.message : String(error)),
      );
    }, AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return { made, failure };
}

function RunLines() {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const { made, failure } = useConverted(text);
  const graph = useEditor((state) => state.stack?.graph);
  const edits = ((made?.edits ?? []) as unknown as Edit[]).filter(
    (one) =>
      !(one.kind === "add_network" && graph?.networks.some(({ key }) => key === one.name)) &&
      !(one.kind === "add_volume" && graph?.volumes.some(({ key }) => key === one.name)),
  );
  const names = edits.flatMap((one) => (one.kind === "add_service" ? [one.name] : []));
  const taken = names.filter((name) => graph?.services.some((service) => service.name === name));
  const add = async () => {
    setBusy(true);
    const done = await edit({ kind: "several", edits }, { label: `Add ${names.join(", ")}` });
    setBusy(false);
    if (done) openDialog(null);
  };
  return (
    <Stack gap="sm">
      <Textarea
        aria-label="docker run lines"
        description="One or more lines, as in a README or your shell’s history. Nothing is run."
        placeholder="docker run -d --name cache -p 6379:6379 redis:7-alpine"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        classNames={{ input: classes.code }}
        data-autofocus
      />
      {made?.text && <pre className={classes.made}>{made.text}</pre>}
      {made?.notes.map((note) => (
        <Text size="sm" c="dimmed" key={note}>
          {note}
        </Text>
      ))}
      {failure && (
        <Text size="sm" c="red">
          {failure}
        </Text>
      )}
      {taken.length > 0 && (
        <Text size="sm" c="red">
          The stack has a service {taken.join(", ")} already. Give the container another --name.
        </Text>
      )}
      <ImportProblems problems={made?.problems ?? []} valid={made === null || made.text !== ""} />
      <Group justify="end">
        <Button variant="default" onClick={() => openDialog(null)}>
          Cancel
        </Button>
        <Button disabled={!names.length || taken.length > 0} loading={busy} onClick={() => void add()}>
          {names.length > 1 ? `Add ${names.length} services` : "Add the service"}
        </Button>
      </Group>
    </Stack>
  );
}
