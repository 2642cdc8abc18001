// A stack in the list: its topology drawn small, what runs, and when it changed.
import { Badge, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconPencil } from "@tabler/icons-react";
import { Link } from "wouter";
import { ago, exact } from "../../model/time";
import { TopologyPicture } from "../../ui/TopologyPicture";
import type { StackCard } from "../../wire.gen";
import classes from "./StackTile.module.css";

const STATES: Record<StackCard["state"], { color: string; word: string }> = {
  running: { color: "green", word: "Running" },
  "partly running": { color: "yellow", word: "Partly running" },
  failing: { color: "red", word: "Failing" },
  stopped: { color: "gray", word: "Stopped" },
  "never applied": { color: "indigo", word: "Draft" },
  unknown: { color: "gray", word: "Unknown" },
};

export function StackTile({ card }: { card: StackCard }) {
  const state = STATES[card.state];
  const staged = card.applied_version > 0 && card.version > card.applied_version;
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  return (
    <Link
      href={`/stacks/${card.id}`}
      className={classes.tile}
      aria-label={`Stack ${card.name}, ${state.word}`}
    >
      <div className={classes.picture}>
        <TopologyPicture picture={card.picture} label={`Topology of ${card.name}`} />
      </div>
      <div className={classes.text}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text fw={600} truncate>
            {card.name}
          </Text>
          <Badge variant="light" color={state.color} tt="none" className={classes.badge}>
            {card.wanted > 0 && card.state !== "never applied"
              ? `${state.word} ${card.running}/${card.wanted}`
              : state.word}
          </Badge>
        </Group>
        <Text size="xs" c="dimmed" truncate>
          {count(card.services, "service")} · {count(card.networks, "network")} · {card.team_name}
        </Text>
        <Group gap={10} mt={6} wrap="nowrap">
          <Text size="xs" c="dimmed" title={exact(card.updated_at)} truncate>
            Changed {ago(card.updated_at)}
            {card.updated_by && ` by ${card.updated_by}`}
          </Text>
          {staged && (
            <span className={classes.mark} title="Changes that are not applied yet">
              <IconPencil size={13} /> staged
            </span>
          )}
          {card.problems > 0 && (
            <span className={classes.problem} title={count(card.problems, "problem")}>
              <IconAlertTriangle size={13} /> {card.problems}
            </span>
          )}
        </Group>
      </div>
    </Link>
  );
}
