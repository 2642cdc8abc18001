// The people of a team; owners change roles and remove, everybody may leave.
import { ActionIcon, Avatar, Select, Text, Title, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { initials } from "../../model/account";
import { ROLES, type RoleName } from "../../model/roles";
import type { TeamView } from "../../wire.gen";
import classes from "./Team.module.css";

interface MembersProps {
  team: TeamView;
  myId: number;
  onRole: (userId: number, role: RoleName) => void;
  onRemove: (userId: number) => void;
}

export function Members({ team, myId, onRole, onRemove }: MembersProps) {
  const owner = team.role === "owner";
  return (
    <section className={classes.panel} aria-label="People">
      <Title order={2} fz={15} mb="xs">
        People
      </Title>
      {team.members.map((member) => (
        <div key={member.user_id} className={classes.row}>
          <Avatar radius="xl" size={32} color="indigo">
            {initials(member.username)}
          </Avatar>
          <Text className={classes.grow} size="sm" fw={500} truncate>
            {member.username}
            {member.user_id === myId && (
              <Text span c="dimmed" size="sm">
                {" "}
                (you)
              </Text>
            )}
          </Text>
          {owner ? (
            <Select
              aria-label={`Role of ${member.username}`}
              size="xs"
              w={120}
              data={ROLES}
              value={member.role}
              allowDeselect={false}
              onChange={(role) => role && role !== member.role && onRole(member.user_id, role as RoleName)}
            />
          ) : (
            <span className={classes.role}>{member.role}</span>
          )}
          {owner && (
            <Tooltip label={member.user_id === myId ? "Leave the team" : "Remove from the team"}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove ${member.username} from the team`}
                onClick={() => onRemove(member.user_id)}
              >
                <IconX size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      ))}
    </section>
  );
}
