// On this engine: what runs there and is no stack yet. Choose it, see it as a Compose file, and make it a stack untouched.
import { Alert, Anchor, Badge, Button, Center, Checkbox, Group, Loader, Text, Title } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBox,
  IconChevronLeft,
  IconCircleCheck,
  IconRefresh,
  IconStack2,
} from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useAccount } from "../model/account";
import { ApiError, get } from "../sync/api";
import { Page } from "../ui/Page";
import type {
  EngineView,
  LookRequest,
  LookView,
  SurveyedContainerView,
  SurveyedProjectView,
} from "../wire.gen";
import classes from "./AdoptPage.module.css";
import { AdoptDialog } from "./AdoptPageDialog";
import { takeLook } from "./AdoptPageLook";

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function Project({ project, onChoose }: { project: SurveyedProjectView; onChoose: () => void }) {
  return (
    <li className={classes.row}>
      <IconStack2 size={20} stroke={1.6} aria-hidden />
      <div className={classes.grow}>
        <Text fw={600}>{project.name}</Text>
        <Text size="sm" c="dimmed">
          {project.running} of {project.total} running · {counted(project.networks.length, "network")} ·{" "}
          {counted(project.volumes.length, "volume")}
        </Text>
        <Group gap={6} mt={4}>
          {project.services.map((one) => (
            <Badge
              key={one.name}
              variant="light"
              color={one.states.every((state) => state === "running") ? "teal" : "gray"}
              title={`${one.image}: ${one.states.join(", ")}`}
              tt="none"
            >
              {one.name}
            </Badge>
          ))}
        </Group>
        {project.files && (
          <Text size="xs" c="dimmed" mt={4}>
            Made by Compose from {project.files}
          </Text>
        )}
      </div>
      <Button
        size="xs"
        variant="light"
        className={classes.choose}
        onClick={onChoose}
        aria-label={`Look at ${project.name}`}
      >
        Look and adopt
      </Button>
    </li>
  );
}

interface RowProps {
  one: SurveyedContainerView;
  chosen: boolean;
  onToggle: () => void;
}

function Container({ one, chosen, onToggle }: RowProps) {
  return (
    <li className={classes.row}>
      <Checkbox
        checked={chosen}
        onChange={onToggle}
        aria-label={`Choose ${one.name}`}
        classNames={{ root: classes.grow, labelWrapper: classes.grow, label: classes.pick }}
        label={
          <>
            <b>{one.name}</b>
            <Text component="span" display="block" size="sm" c="dimmed">
              {[one.image, one.state, one.networks.join(", ") || "no network", ...one.ports].join(" · ")}
            </Text>
          </>
        }
      />
    </li>
  );
}

/** The engine's name; "" until it is known. */
function useEngineName(id: string): string {
  const [name, setName] = useState("");
  useEffect(() => {
    get<EngineView[]>("engines").then(
      (engines) => setName(engines.find((one) => one.id === id)?.name ?? ""),
      () => undefined, // the page does without it
    );
  }, [id]);
  return name;
}

export default function AdoptPage({ id }: { id: string }) {
  const [survey, setSurvey] = useState<LookView | null>(null);
  const [busy, setBusy] = useState(true);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [asked, setAsked] = useState<LookRequest | null>(null);
  const name = useEngineName(id);
  const opener = useRef<HTMLElement | null>(null);
  const ask = (request: LookRequest) => {
    opener.current = document.activeElement as HTMLElement | null;
    setAsked(request);
  };
  const close = () => {
    setAsked(null);
    requestAnimationFrame(() => opener.current?.focus()); // once the dialog lets go of the keyboard
  };
  const administrator = useAccount((state) => state.me?.is_administrator ?? true);

  const look = useCallback(async () => {
    setBusy(true);
    setFailure(null);
    try {
      setSurvey(await takeLook(id, { kind: "survey" }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error);
    }
    setBusy(false);
  }, [id]);

  useEffect(() => {
    void look();
  }, [look]);

  const toggle = (container: string) =>
    setChosen((known) => {
      const next = new Set(known);
      if (!next.delete(container)) next.add(container);
      return next;
    });
  const containers = survey?.containers ?? [];
  const projects = survey?.projects ?? [];
  const selected = containers.filter((one) => chosen.has(one.id));
  return (
    <Page title="On this engine">
      <Anchor component={Link} href="/engines" size="sm" className={classes.back}>
        <IconChevronLeft size={16} aria-hidden /> Engines
      </Anchor>
      <Group justify="space-between" mb="lg">
        <div>
          <Title order={1} fz={24}>
            {name ? `On the engine ${name}` : "On this engine"}
          </Title>
          <Text c="dimmed" size="sm">
            What runs here and is no stack yet. Adopting touches no container.
          </Text>
        </div>
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={busy}
          onClick={() => void look()}
        >
          Look again
        </Button>
      </Group>
      {!administrator && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} mb="md">
          Only an engine administrator may adopt: what runs here may be anybody’s.
        </Alert>
      )}
      {failure && (
        <Alert color="red" mb="md" title={failure.message}>
          {failure.fix}
        </Alert>
      )}
      {!survey && busy && (
        <Center className={classes.empty}>
          <Loader aria-label="Looking at the engine" />
        </Center>
      )}
      {survey && projects.length === 0 && containers.length === 0 && (
        <Center className={classes.empty}>
          <IconCircleCheck size={34} stroke={1.4} aria-hidden />
          <Text c="dimmed">Everything on this engine is a stack already, or nothing runs.</Text>
          <Button component={Link} href="/" variant="default">
            To your stacks
          </Button>
        </Center>
      )}
      {projects.length > 0 && (
        <section className={classes.panel} aria-label="Compose projects">
          <Title order={2} fz={17} mb="xs">
            Compose projects
          </Title>
          <ul className={classes.list}>
            {projects.map((one) => (
              <Project
                key={one.name}
                project={one}
                onChoose={() => ask({ kind: "project", project: one.name, containers: [], name: one.name })}
              />
            ))}
          </ul>
        </section>
      )}
      {containers.length > 0 && (
        <section className={classes.panel} aria-label="Single containers">
          <Group justify="space-between" mb="xs">
            <Title order={2} fz={17}>
              Single containers
            </Title>
            <Button
              size="xs"
              variant="light"
              leftSection={<IconBox size={15} />}
              disabled={selected.length === 0}
              onClick={() =>
                ask({
                  kind: "containers",
                  project: "",
                  containers: selected.map((one) => one.id),
                  name: selected[0]?.name ?? "adopted",
                })
              }
            >
              Look and adopt {selected.length > 0 ? counted(selected.length, "container") : ""}
            </Button>
          </Group>
          <ul className={classes.list}>
            {containers.map((one) => (
              <Container key={one.id} one={one} chosen={chosen.has(one.id)} onToggle={() => toggle(one.id)} />
            ))}
          </ul>
        </section>
      )}
      {asked && <AdoptDialog engineId={id} asked={asked} onClose={close} />}
    </Page>
  );
}
