// A stack in the list: its topology drawn small, what runs, and when it changed.
import { Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconPencil } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Tone } from "../../model/live";
import { ago, exact } from "../../model/time";
import { StateBadge } from "../../ui/StateBadge";
import { TopologyPicture } from "../../ui/TopologyPicture";
import type { StackCard } from "../../wire.gen";
import classes from "./StackTile.module.css";

const STATES: Record<StackCard["state"], { tone: Tone; word: string }> = {
  running: { tone: "good", word: "Running" },
  "partly running": { tone: "warn", word: "Partly running" },
  failing: { tone: "bad", word: "Failing" },
  stopped: { tone: "idle", word: "Stopped" },
  "never applied": { tone: "none", word: "Draft" },
  unknown: { tone: "none", word: "Unknown" },
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
          <span className={classes.badge}>
            <StateBadge
              state={{
                tone: state.tone,
                detail: "",
                word:
                  card.wanted > 0 && card.state !== "never applied"
                    ? `${state.word} ${card.running}/${card.wanted}`
                    : state.word,
              }}
            />
          </span>
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
