// Who else looks at the stack, this window first left out.
import { Avatar, Tooltip } from "@mantine/core";
import { useEditor } from "../model/store";
import { viewerColor } from "../model/viewers";

const MOST = 4;

export function Viewers() {
  const viewers = useEditor((state) => state.viewers);
  const client = useEditor((state) => state.client);
  const others = viewers.filter((viewer) => viewer.client !== client);
  if (!others.length) return null;
  const more = others.length - MOST;
  return (
    <Avatar.Group
      spacing={5}
      role="group"
      aria-label={`Also here: ${others.map((one) => one.username).join(", ")}`}
    >
      {others.slice(0, MOST).map((viewer) => (
        <Tooltip key={viewer.client} label={`${viewer.username} is here`} withArrow>
          <Avatar
            size={28}
            radius="xl"
            variant="filled"
            color={viewerColor(viewer.color)}
            alt={viewer.username}
          >
            {viewer.username.slice(0, 2).toUpperCase()}
          </Avatar>
        </Tooltip>
      ))}
      {more > 0 && (
        <Avatar size={28} radius="xl">
          +{more}
        </Avatar>
      )}
    </Avatar.Group>
  );
}
