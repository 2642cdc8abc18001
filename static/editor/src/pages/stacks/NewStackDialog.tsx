// Make a stack: empty, from a pasted or uploaded Compose file, or from an example. Shows what an import gives before it is made.
import {
  Alert,
  Button,
  FileButton,
  Group,
  Modal,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { IconAlertTriangle, IconUpload } from "@tabler/icons-react";
import { type DragEvent, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useAccount } from "../../model/account";
import { drawsAs } from "../../model/roles";
import { ApiError, get, post } from "../../sync/api";
import { Marked } from "../../ui/Marked";
import { TopologyPicture } from "../../ui/TopologyPicture";
import type { Checked, Example, StackView } from "../../wire.gen";
import classes from "./NewStackDialog.module.css";

export type NewStackMode = "empty" | "import" | "example";

const TITLES: Record<NewStackMode, string> = {
  empty: "New stack",
  import: "Import a Compose file",
  example: "Start from an example",
};
const CHECK_AFTER_MS = 300;

/** A name for a stack from a file's name: "my-app.compose.yaml" → "my-app". */
function nameOfFile(file: string): string {
  const name = file.replace(/\.(ya?ml)$/i, "").replace(/[.-]?(docker-)?compose$/i, "");
  return name || "";
}

export function NewStackDialog({ mode, onClose }: { mode: NewStackMode | null; onClose: () => void }) {
  return (
    <Modal
      opened={mode !== null}
      onClose={onClose}
      title={mode ? TITLES[mode] : ""}
      size={mode === "empty" ? "md" : "xl"}
      centered
    >
      {mode && <Form key={mode} mode={mode} />}
    </Modal>
  );
}

function Form({ mode }: { mode: NewStackMode }) {
  const [, go] = useLocation();
  const teams = (useAccount((state) => state.me)?.teams ?? []).filter((team) => drawsAs(team.role));
  const [team, setTeam] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const [example, setExample] = useState<Example | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const checked = useChecked(mode === "import" ? text : "");
  const teamId = team ?? teams[0]?.id ?? "";
  const ready =
    teamId !== "" &&
    name.trim() !== "" &&
    (mode === "empty" || (mode === "import" ? checked?.valid === true : example !== null));

  const create = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const body = {
        team_id: teamId,
        name: name.trim(),
        text: mode === "import" ? text : null,
        example: example?.id ?? null,
      };
      const stack = await post<StackView>("stacks", body);
      go(`/stacks/${stack.id}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error);
      setBusy(false);
    }
  };

  if (teams.length === 0) {
    return (
      <Alert color="yellow">
        You are a viewer in your teams. Ask an owner for the editor role, then make a stack.
      </Alert>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void create();
      }}
    >
      <Stack gap="md">
        {mode === "example" && (
          <Examples
            chosen={example}
            onChoose={(one) => {
              setExample(one);
              if (!name || name === example?.id) setName(one.id);
            }}
          />
        )}
        {mode === "import" && (
          <ImportText
            text={text}
            checked={checked}
            onText={(next, file) => {
              setText(next);
              if (file && !name) setName(nameOfFile(file));
            }}
          />
        )}
        <Group grow align="start">
          <TextInput
            label="Name"
            placeholder="shop"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={80}
            data-autofocus={mode === "empty" || undefined}
            required
          />
          {teams.length > 1 && (
            <Select
              label="Team"
              data={teams.map(({ id, name: label }) => ({ value: id, label }))}
              value={teamId}
              onChange={setTeam}
              allowDeselect={false}
            />
          )}
        </Group>
        {failure && (
          <Alert color="red" icon={<IconAlertTriangle size={18} />} title={failure.message}>
            {failure.fix}
            {failure.problems.map((problem) => (
              <Text size="sm" key={`${problem.code}${problem.line}${problem.message}`}>
                {problem.line > 0 && `Line ${problem.line}: `}
                <Marked text={`${problem.message} ${problem.fix}`} />
              </Text>
            ))}
          </Alert>
        )}
        <Group justify="end">
          <Button type="submit" disabled={!ready} loading={busy}>
            {mode === "import" ? "Import" : "Create and open"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The server's opinion of a text, a moment after typing stopped. */
function useChecked(text: string): Checked | null {
  const [checked, setChecked] = useState<Checked | null>(null);
  useEffect(() => {
    if (!text.trim()) {
      setChecked(null);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      post<Checked>("compose/check", { text, name: "import" }).then(
        (answer) => current && setChecked(answer),
        () => current && setChecked(null),
      );
    }, CHECK_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return checked;
}

function Examples({ chosen, onChoose }: { chosen: Example | null; onChoose: (example: Example) => void }) {
  const [examples, setExamples] = useState<Example[]>([]);
  useEffect(() => {
    get<Example[]>("examples").then(setExamples, () => setExamples([]));
  }, []);
  return (
    <div className={classes.examples} role="radiogroup" aria-label="Examples">
      {examples.map((example) => (
        <UnstyledButton
          key={example.id}
          role="radio"
          aria-checked={chosen?.id === example.id}
          data-chosen={chosen?.id === example.id || undefined}
          className={classes.example}
          onClick={() => onChoose(example)}
        >
          <TopologyPicture picture={example.picture} label={`Topology of ${example.title}`} height={96} />
          <Text fw={600} mt="xs">
            {example.title}
          </Text>
          <Text size="sm" c="dimmed">
            <Marked text={example.teaches} />
          </Text>
        </UnstyledButton>
      ))}
    </div>
  );
}

interface ImportTextProps {
  text: string;
  checked: Checked | null;
  onText: (text: string, file?: string) => void;
}

function ImportText({ text, checked, onText }: ImportTextProps) {
  const take = async (file: File | null | undefined) => {
    if (file) onText(await file.text(), file.name);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  const errors = checked?.problems.filter((problem) => problem.severity === "error") ?? [];
  return (
    <Stack gap="xs" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Paste a Compose file, drop one here, or choose one. It is kept byte for byte.
        </Text>
        <FileButton onChange={(file) => void take(file)} accept=".yml,.yaml,text/yaml">
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<IconUpload size={14} />}>
              Choose a file
            </Button>
          )}
        </FileButton>
      </Group>
      <Textarea
        aria-label="Compose file"
        placeholder={"services:\n  web:\n    image: nginx:alpine"}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        autosize
        minRows={10}
        maxRows={16}
        spellCheck={false}
        classNames={{ input: classes.code }}
      />
      {checked?.valid && (
        <div className={classes.preview}>
          <TopologyPicture picture={checked.picture} label="What will be drawn" height={120} />
          <Text size="sm">
            {checked.services.length} services, {checked.networks.length} networks, {checked.volumes.length}{" "}
            volumes
          </Text>
        </div>
      )}
      {errors.length > 0 && (
        <Alert color={checked?.valid ? "yellow" : "red"} icon={<IconAlertTriangle size={18} />}>
          {errors.slice(0, 5).map((problem) => (
            <Text size="sm" key={`${problem.code}${problem.line}${problem.message}`}>
              {problem.line > 0 && `Line ${problem.line}: `}
              <Marked text={`${problem.message} ${problem.fix}`} />
            </Text>
          ))}
          {errors.length > 5 && <Text size="sm">and {errors.length - 5} more</Text>}
        </Alert>
      )}
    </Stack>
  );
}
