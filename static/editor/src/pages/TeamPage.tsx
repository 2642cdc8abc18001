// A team: its people and their roles, invitations for owners, and what each role may do.
import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { loadAccount, useAccount } from "../model/account";
import { ROLES } from "../model/roles";
import { ApiError, get, patch, post, remove } from "../sync/api";
import { Page } from "../ui/Page";
import type { TeamView } from "../wire.gen";
import { Invitations } from "./team/Invitations";
import { Members } from "./team/Members";
import classes from "./team/Team.module.css";

export default function TeamPage({ id }: { id: string }) {
  const me = useAccount((state) => state.me);
  const [, go] = useLocation();
  const [team, setTeam] = useState<TeamView | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [naming, setNaming] = useState(false);

  const reload = useCallback(() => {
    get<TeamView>(`teams/${id}`).then(setTeam, (error) => error instanceof ApiError && setFailure(error));
  }, [id]);
  useEffect(reload, [reload]);

  /** Do something, then show the team as it is now; a refusal shows and changes nothing. */
  const act = async (what: () => Promise<unknown>) => {
    setFailure(null);
    try {
      await what();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error);
    }
    reload();
  };
  const owner = team?.role === "owner";
  return (
    <Page title={team?.name ?? "Team"}>
      <Group justify="space-between" mb="lg">
        <div>
          <Title order={1} fz={24}>
            {team?.name ?? " "}
          </Title>
          {team && (
            <Text size="sm" c="dimmed">
              {team.members.length} {team.members.length === 1 ? "person" : "people"} · you are {team.role}
            </Text>
          )}
        </div>
        <Group gap="xs">
          {me && me.teams.length > 1 && (
            <Select
              aria-label="Team"
              data={me.teams.map(({ id: value, name }) => ({ value, label: name }))}
              value={id}
              onChange={(value) => value && go(`/teams/${value}`)}
              allowDeselect={false}
            />
          )}
          {me?.is_administrator && (
            <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setNaming(true)}>
              New team
            </Button>
          )}
        </Group>
      </Group>
      {failure && (
        <Alert color="red" mb="md" title={failure.message} withCloseButton onClose={() => setFailure(null)}>
          {failure.fix}
        </Alert>
      )}
      {team && (
        <div className={classes.columns}>
          <Stack gap="lg">
            <Members
              team={team}
              myId={me?.id ?? 0}
              onRole={(user, role) => act(() => patch(`teams/${id}/members/${user}`, { role }))}
              onRemove={(user) => act(() => remove(`teams/${id}/members/${user}`))}
            />
            {owner && <Invitations team={team} onChange={reload} act={act} />}
          </Stack>
          <aside className={classes.panel}>
            <Title order={2} fz={15} mb="sm">
              What roles may do
            </Title>
            <Stack gap="sm">
              {ROLES.map(({ value, label, may }) => (
                <div key={value}>
                  <Text fw={600} size="sm">
                    {label}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {may}
                  </Text>
                </div>
              ))}
            </Stack>
          </aside>
        </div>
      )}
      <NewTeam opened={naming} onClose={() => setNaming(false)} onMade={(made) => go(`/teams/${made.id}`)} />
    </Page>
  );
}

function NewTeam({
  opened,
  onClose,
  onMade,
}: {
  opened: boolean;
  onClose: () => void;
  onMade: (team: TeamView) => void;
}) {
  const [name, setName] = useState("");
  const [error, setError] = useState("");
  const make = async () => {
    try {
      const team = await post<TeamView>("teams", { name: name.trim() });
      await loadAccount();
      onClose();
      onMade(team);
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      setError(`${reason.message} ${reason.fix}`);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New team" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={error}
          maxLength={80}
          data-autofocus
          required
        />
        <Group justify="end" mt="md">
          <Button type="submit" disabled={!name.trim()}>
            Make the team
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
