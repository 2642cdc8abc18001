// Bring Compose files in: dropped or chosen files, a folder, a .zip, pasted text or `docker run` lines. Shows what it gives first.
import { Alert, Button, FileButton, Group, Loader, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertTriangle, IconFileUpload, IconFolderOpen, IconX } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import composeText from "../../ui/ComposeText.module.css";
import { Marked } from "../../ui/Marked";
import { TopologyPicture } from "../../ui/TopologyPicture";
import type { Checked } from "../../wire.gen";
import classes from "./BringIn.module.css";
import { FilesTable } from "./FilesTable";
import { FirstForm } from "./FirstForm";
import { ImportProblems } from "./ImportProblems";
import { OVERRIDE } from "./picked";
import type { Import } from "./useImport";

const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;

export function BringIn({ state }: { state: Import }) {
  const { checked, brought, picked, converted, notes } = state;
  return (
    <Stack gap="md">
      {picked.length ? <Chosen state={state} /> : <Ways state={state} />}
      {state.failure && <Alert color="red" icon={<IconAlertTriangle size={18} />} title={state.failure} />}
      {notes.length > 0 && (
        <Alert color="indigo" title="What was decided">
          {notes.map((note) => (
            <Text size="sm" key={note}>
              <Marked text={note} />
            </Text>
          ))}
        </Alert>
      )}
      {checked?.is_first_form && !converted && <FirstForm text={brought.text} onUse={state.convertTo} />}
      {state.runLines && brought.text && (
        <section aria-label="The Compose file that it becomes">
          <pre className={composeText.made}>{brought.text}</pre>
        </section>
      )}
      {checked?.valid && <Preview checked={checked} />}
      {brought.text && OVERRIDE.test(brought.fileName) && (
        <Text size="sm" c="dimmed">
          This looks like an override file: choose the file that it is merged over as well.
        </Text>
      )}
      <ImportProblems
        problems={[...state.runProblems, ...(checked?.problems ?? [])].filter(
          (one) => one.code !== "legacy-v1" || converted,
        )}
        valid={checked?.valid ?? true}
      />
    </Stack>
  );
}

function Preview({ checked }: { checked: Checked }) {
  return (
    <div className={classes.preview}>
      <TopologyPicture picture={checked.picture} label="What will be drawn" height={150} />
      <Text size="sm">
        {count(checked.services.length, "service")}, {count(checked.networks.length, "network")},{" "}
        {count(checked.volumes.length, "volume")}
      </Text>
    </div>
  );
}

function chooseFolder(onChoose: (files: File[]) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.webkitdirectory = true;
  input.onchange = () => onChoose([...(input.files ?? [])]);
  input.click();
}

/** Nothing chosen yet: a place to drop, buttons to choose, a field to paste into. */
function Ways({ state }: { state: Import }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    state.drop(event.dataTransfer);
  };
  return (
    <>
      {!state.pasted && (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a way more; the buttons inside do the same
        <div
          className={classes.drop}
          data-over={over || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <IconFileUpload size={26} stroke={1.5} />
          <Text fw={600}>Drop a Compose file, its folder or a .zip</Text>
          <Text size="sm" c="dimmed">
            Files that it names come along; all of them are kept byte for byte.
          </Text>
          <Group gap="xs" justify="center">
            <FileButton onChange={(files) => state.choose(files)} multiple>
              {(props) => (
                <Button {...props} variant="default" size="xs" leftSection={<IconFileUpload size={14} />}>
                  Choose files
                </Button>
              )}
            </FileButton>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFolderOpen size={14} />}
              onClick={() => chooseFolder(state.choose)}
            >
              Choose a folder
            </Button>
          </Group>
        </div>
      )}
      <Textarea
        label={state.pasted ? "Pasted" : "or paste"}
        aria-label="Compose file"
        placeholder={"services:\n  web:\n    image: nginx:alpine\n\nor docker run lines"}
        value={state.pasted}
        onChange={(event) => state.paste(event.currentTarget.value)}
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        classNames={{ input: composeText.code }}
      />
    </>
  );
}

function Chosen({ state }: { state: Import }) {
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="end" wrap="nowrap">
        <Select
          label="Main file"
          data={state.candidates}
          value={state.main}
          onChange={(path) => path && state.setMain(path)}
          allowDeselect={false}
          searchable={state.candidates.length > 8}
          className={classes.main}
        />
        <Group gap="xs" wrap="nowrap">
          {state.busy && <Loader size="xs" aria-label="Reading the files" />}
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            leftSection={<IconX size={14} />}
            onClick={state.clear}
          >
            Choose others
          </Button>
        </Group>
      </Group>
      <FilesTable
        rows={state.rows}
        missing={state.missing}
        onChoose={state.setChoice}
        onAdd={state.addMissing}
      />
    </Stack>
  );
}
