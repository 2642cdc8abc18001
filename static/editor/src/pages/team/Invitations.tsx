// Invitation links: made with a role, shown once, revoked at any time, used up by joining.
import { ActionIcon, Button, Group, Select, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconLink, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { ROLES, type RoleName } from "../../model/roles";
import { ago, exact } from "../../model/time";
import { post, remove } from "../../sync/api";
import { OneTimeLink } from "../../ui/OneTimeLink";
import type { Invitation, TeamView } from "../../wire.gen";
import classes from "./Team.module.css";

interface InvitationsProps {
  team: TeamView;
  onChange: () => void;
  act: (what: () => Promise<unknown>) => Promise<void>;
}

export function Invitations({ team, act }: InvitationsProps) {
  const [role, setRole] = useState<RoleName>("editor");
  const [made, setMade] = useState<Invitation | null>(null);
  const invite = () =>
    act(async () => setMade(await post<Invitation>(`teams/${team.id}/invitations`, { role, days: 7 })));
  return (
    <section className={classes.panel} aria-label="Invitations">
      <Title order={2} fz={15} mb="xs">
        Invite someone
      </Title>
      <Stack gap="sm">
        <Group gap="xs" align="end">
          <Select
            label="As"
            data={ROLES}
            value={role}
            onChange={(value) => value && setRole(value as RoleName)}
            allowDeselect={false}
            w={150}
          />
          <Button leftSection={<IconLink size={16} />} onClick={() => void invite()}>
            Make an invitation link
          </Button>
        </Group>
        {made && (
          <OneTimeLink
            url={`${window.location.origin}/join/#${made.token}`}
            label={`Invitation as ${made.role}`}
            hint="Shown only now. It works once, for seven days. Send it to the person who shall join."
          />
        )}
        <div>
          {team.invitations.map((invitation) => (
            <div key={invitation.id} className={classes.row}>
              <span className={classes.role}>{invitation.role}</span>
              <Text size="sm" c="dimmed" className={classes.grow} truncate>
                by {invitation.created_by}, {ago(invitation.created_at)} · until{" "}
                {exact(invitation.expires_at)}
              </Text>
              <Tooltip label="Revoke">
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label="Revoke this invitation"
                  onClick={() => void act(() => remove(`invitations/${invitation.id}`))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Tooltip>
            </div>
          ))}
        </div>
      </Stack>
    </section>
  );
}
