// Make a stack: empty, from Compose files or `docker run` lines, or from an example.
import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useAccount } from "../../model/account";
import { drawsAs } from "../../model/roles";
import { ApiError, get, post } from "../../sync/api";
import { Marked } from "../../ui/Marked";
import { TopologyPicture } from "../../ui/TopologyPicture";
import type { Example, StackView } from "../../wire.gen";
import { BringIn } from "./BringIn";
import classes from "./NewStackDialog.module.css";
import { useImport } from "./useImport";

export type NewStackMode = "empty" | "import" | "example";

const TITLES: Record<NewStackMode, string> = {
  empty: "New stack",
  import: "Import a Compose file",
  example: "Start from an example",
};

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
  const [named, setNamed] = useState(false);
  const [example, setExample] = useState<Example | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const suggest = useCallback((next: string) => setName((known) => (named && known ? known : next)), [named]);
  const bringing = useImport(suggest);
  const { brought } = bringing;
  const teamId = team ?? teams[0]?.id ?? "";
  const ready =
    teamId !== "" &&
    name.trim() !== "" &&
    (mode === "empty" ||
      (mode === "import" ? brought.text.trim() !== "" && !bringing.busy : example !== null));

  const create = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const body = {
        team_id: teamId,
        name: name.trim(),
        text: mode === "import" ? brought.text : null,
        example: example?.id ?? null,
        ...(mode === "import" && {
          files: brought.files,
          overrides: brought.overrides,
          file_name: brought.fileName,
        }),
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
        {mode === "import" && <BringIn state={bringing} />}
        <Group grow align="start">
          <TextInput
            label="Name"
            placeholder="shop"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setNamed(true);
            }}
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
            {mode !== "import"
              ? "Create and open"
              : bringing.checked?.valid === false
                ? "Import as it is"
                : "Import"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
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
