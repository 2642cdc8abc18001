// What was found, before it becomes a stack: its picture, its Compose text, and what an apply would do.
import {
  Alert,
  Button,
  Code,
  Group,
  List,
  Loader,
  Modal,
  ScrollArea,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useAccount } from "../model/account";
import { ApiError, post } from "../sync/api";
import { TopologyPicture } from "../ui/TopologyPicture";
import type { Adopted, FoundView, LookRequest, LookView } from "../wire.gen";
import { takeLook } from "./AdoptPageLook";

interface Props {
  engineId: string;
  asked: LookRequest;
  onClose: () => void;
}

function Plan({ found }: { found: FoundView }) {
  if (found.operations.length === 0)
    return (
      <Alert color="teal" icon={<IconCircleCheck size={18} />}>
        An apply would have nothing to do: the file says all that runs.
      </Alert>
    );
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="An apply would change these">
      <List size="sm">
        {found.operations.map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

export function AdoptDialog({ engineId, asked, onClose }: Props) {
  const [, go] = useLocation();
  const narrow = useMediaQuery("(max-width: 640px)");
  const teams = useAccount((state) => state.me)?.teams ?? [];
  const [look, setLook] = useState<LookView | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [name, setName] = useState(asked.name);
  const [team, setTeam] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const teamId = team ?? teams[0]?.id ?? "";
  const found = look?.found;

  useEffect(() => {
    takeLook(engineId, asked).then(setLook, (error) => {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error);
    });
  }, [engineId, asked]);

  const adopt = async () => {
    if (!look) return;
    setBusy(true);
    setFailure(null);
    try {
      const made = await post<Adopted>(`looks/${look.id}/adopt`, { team_id: teamId, name: name.trim() });
      go(`/stacks/${made.stack_id}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error);
      setBusy(false);
    }
  };
  const title = asked.kind === "project" ? `Adopt ${asked.project}` : "Adopt containers";
  return (
    <Modal opened onClose={onClose} title={title} size="xl" centered fullScreen={narrow}>
      <Stack gap="md">
        {!found && !failure && (
          <Group gap="sm" role="status">
            <Loader size="sm" aria-hidden />
            <Text size="sm" c="dimmed">
              Looking at what runs. Nothing is touched.
            </Text>
          </Group>
        )}
        {failure && (
          <Alert color="red" icon={<IconAlertTriangle size={18} />} title={failure.message}>
            {failure.fix}
          </Alert>
        )}
        {found && (
          <>
            <TopologyPicture picture={found.picture} label={`Topology of ${name}`} height={180} />
            <Plan found={found} />
            {found.notes.length > 0 && (
              <List size="sm" aria-label="Worth knowing">
                {found.notes.map((one) => (
                  <List.Item key={one}>{one}</List.Item>
                ))}
              </List>
            )}
            {found.problems.map((one) => (
              <Text key={one.code + one.message} size="sm" c={one.severity === "error" ? "red" : "dimmed"}>
                {one.message} {one.fix}
              </Text>
            ))}
            <ScrollArea.Autosize mah={280} type="auto" aria-label="The Compose file">
              <Code block>{found.text}</Code>
            </ScrollArea.Autosize>
            <Group grow align="start">
              <TextInput
                label="Name"
                value={name}
                maxLength={80}
                required
                onChange={(event) => setName(event.currentTarget.value)}
              />
              {teams.length > 1 && (
                <Select
                  label="Team"
                  data={teams.map((one) => ({ value: one.id, label: one.name }))}
                  value={teamId}
                  onChange={setTeam}
                  allowDeselect={false}
                />
              )}
            </Group>
            <Group justify="end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                loading={busy}
                disabled={name.trim() === "" || teamId === ""}
                onClick={() => void adopt()}
              >
                Adopt and open
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
