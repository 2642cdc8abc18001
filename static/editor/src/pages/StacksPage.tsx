// The list of stacks: where people land. Cards change live; an empty list offers the three ways to begin.
import { Alert, Button, Group, Loader, SimpleGrid, Text, TextInput, Title } from "@mantine/core";
import { IconAlertTriangle, IconFileImport, IconPlus, IconSchool, IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useSearch } from "wouter";
import { useAccount } from "../model/account";
import { drawsAs } from "../model/roles";
import { ApiError, get } from "../sync/api";
import { openSocket } from "../sync/socket";
import { Page } from "../ui/Page";
import type { CardChanged, EngineView, StackCard } from "../wire.gen";
import classes from "./stacks/Empty.module.css";
import { NewStackDialog, type NewStackMode } from "./stacks/NewStackDialog";
import { StackTile } from "./stacks/StackTile";

const byName = (a: StackCard, b: StackCard) => a.name.localeCompare(b.name);

function withCard(cards: StackCard[], change: CardChanged): StackCard[] {
  const others = cards.filter((card) => card.id !== change.stack_id);
  return change.card ? [...others, change.card].sort(byName) : others;
}

/** The dialog that an address like "/?new=example" asks for. */
function modeOf(query: string): NewStackMode | null {
  const asked = new URLSearchParams(query).get("new");
  return asked === "empty" || asked === "import" || asked === "example" ? asked : null;
}

export default function StacksPage() {
  const [cards, setCards] = useState<StackCard[] | null>(null);
  const [engines, setEngines] = useState<EngineView[]>([]);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const draws = useAccount((state) => state.me?.teams.some((team) => drawsAs(team.role)) ?? false);
  const [search, setSearch] = useState("");
  const query = useSearch();
  const [mode, setMode] = useState<NewStackMode | null>(() => modeOf(query));
  useEffect(() => {
    if (modeOf(query)) window.history.replaceState(null, "", "/"); // once: not again after a reload
  }, [query]);

  useEffect(() => {
    const load = () =>
      get<StackCard[]>("stacks").then(
        (all) => {
          setCards(all.sort(byName));
          setFailure(null);
        },
        (error) => error instanceof ApiError && setFailure(error),
      );
    const loadEngines = () => get<EngineView[]>("engines").then(setEngines, () => setEngines([]));
    void load();
    void loadEngines();
    const socket = openSocket("/ws/stacks/", {
      onMessage: (message) => {
        const change = message as CardChanged;
        if (change.type === "card") setCards((known) => withCard(known ?? [], change));
        if ((message as { type: string }).type === "engine") void loadEngines();
      },
      onState: (state) => {
        if (state !== "open") return;
        void load(); // it hears of every change from here on
        void loadEngines();
      },
    });
    return socket.close;
  }, []);

  const shown = cards?.filter((card) =>
    `${card.name} ${card.team_name}`.toLowerCase().includes(search.toLowerCase()),
  );
  return (
    <Page title="Stacks">
      {engines
        .filter((engine) => !engine.reachable)
        .map((engine) => (
          <Alert
            key={engine.id}
            color="yellow"
            icon={<IconAlertTriangle size={18} />}
            mb="md"
            title={engine.error}
          >
            {engine.fix} Drawing, checking, importing and exporting work without it.
          </Alert>
        ))}
      {failure && (
        <Alert color="red" mb="md" title={failure.message}>
          {failure.fix}
        </Alert>
      )}
      {cards === null && !failure && <Loader aria-label="Loading stacks" />}
      {cards?.length === 0 && (draws ? <Empty onChoose={setMode} /> : <NothingYet />)}
      {cards && cards.length > 0 && (
        <>
          <Group justify="space-between" mb="lg" gap="sm">
            <Title order={1} fz={24}>
              Stacks
            </Title>
            <Group gap="xs">
              <TextInput
                aria-label="Search stacks"
                placeholder="Search"
                leftSection={<IconSearch size={15} />}
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
                w={180}
              />
              {draws && (
                <>
                  <Button
                    variant="default"
                    leftSection={<IconSchool size={16} />}
                    onClick={() => setMode("example")}
                  >
                    Examples
                  </Button>
                  <Button
                    variant="default"
                    leftSection={<IconFileImport size={16} />}
                    onClick={() => setMode("import")}
                  >
                    Import Compose
                  </Button>
                  <Button leftSection={<IconPlus size={16} />} onClick={() => setMode("empty")}>
                    New stack
                  </Button>
                </>
              )}
            </Group>
          </Group>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg">
            {shown?.map((card) => (
              <StackTile key={card.id} card={card} />
            ))}
          </SimpleGrid>
          {shown?.length === 0 && <Text c="dimmed">No stack is called “{search}”.</Text>}
        </>
      )}
      <NewStackDialog mode={mode} onClose={() => setMode(null)} />
    </Page>
  );
}

const WAYS: { mode: NewStackMode; title: string; text: string; icon: typeof IconPlus }[] = [
  {
    mode: "empty",
    title: "New stack",
    text: "Draw services and networks on an empty canvas.",
    icon: IconPlus,
  },
  {
    mode: "import",
    title: "Import Compose",
    text: "Paste or upload a file; it is kept byte for byte.",
    icon: IconFileImport,
  },
  {
    mode: "example",
    title: "Start from an example",
    text: "Learn the three ways in which Docker connects containers.",
    icon: IconSchool,
  },
];

function NothingYet() {
  return (
    <div className={classes.empty}>
      <Title order={1} fz={24}>
        No stacks yet
      </Title>
      <Text c="dimmed" ta="center">
        You may look at your team’s stacks; they appear here as soon as somebody draws one.
      </Text>
    </div>
  );
}

function Empty({ onChoose }: { onChoose: (mode: NewStackMode) => void }) {
  return (
    <div className={classes.empty}>
      <Title order={1} fz={28}>
        Draw your first stack
      </Title>
      <Text c="dimmed" maw={520} ta="center">
        Services, networks, links, volumes and ports on one canvas. See the plan, press Apply, and watch it
        run.
      </Text>
      <div className={classes.ways}>
        {WAYS.map(({ mode, title, text, icon: Icon }) => (
          <button type="button" key={mode} className={classes.way} onClick={() => onChoose(mode)}>
            <span className={classes.icon}>
              <Icon size={22} />
            </span>
            <Text fw={600}>{title}</Text>
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          </button>
        ))}
      </div>
    </div>
  );
}
