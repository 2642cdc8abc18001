// Engines: whether they answer, what they are, and what stacks may ask of them beyond plain containers.
import { Alert, Anchor, Group, Stack, Switch, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconShieldLock } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useAccount } from "../model/account";
import { ApiError, get, patch } from "../sync/api";
import { Page } from "../ui/Page";
import { StateBadge } from "../ui/StateBadge";
import type { EnginePolicy, EngineView } from "../wire.gen";
import { Logins } from "./engines/Logins";
import classes from "./team/Team.module.css";

const ASKS: { key: keyof EnginePolicy; label: string; means: string }[] = [
  { key: "bind_mounts", label: "Bind mounts", means: "Containers may see and change files of the host." },
  {
    key: "engine_socket",
    label: "The engine's socket",
    means: "Containers may command the engine: they are root on the host.",
  },
  { key: "privileged", label: "Privileged containers", means: "No isolation: root on the host." },
  {
    key: "host_namespaces",
    label: "Host namespaces",
    means: "Network, process, IPC or user namespace of the host.",
  },
  { key: "devices", label: "Devices", means: "Devices of the host inside containers." },
  {
    key: "capabilities",
    label: "Added capabilities",
    means: "Kernel rights beyond the engine's defaults, and sysctls.",
  },
  { key: "unconfined", label: "No seccomp or AppArmor", means: "Containers without the kernel's filters." },
  {
    key: "other_stacks",
    label: "Networks and volumes of others",
    means: "A stack may join networks and read volumes that another team or tool has made.",
  },
];

const GIB = 1024 ** 3;

export default function EnginesPage() {
  const [engines, setEngines] = useState<EngineView[]>([]);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const administrator = useAccount((state) => state.me?.is_administrator ?? false);

  useEffect(() => {
    const load = () =>
      get<EngineView[]>("engines").then(
        setEngines,
        (error) => error instanceof ApiError && setFailure(error),
      );
    void load();
    const timer = setInterval(load, 5000);
    return () => clearInterval(timer);
  }, []);

  const allow = async (engine: EngineView, key: keyof EnginePolicy, value: boolean) => {
    setFailure(null);
    try {
      const changed = await patch<EngineView>(`engines/${engine.id}/policy`, {
        ...engine.policy,
        [key]: value,
      });
      setEngines((known) => known.map((one) => (one.id === changed.id ? changed : one)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error);
    }
  };
  return (
    <Page title="Engines">
      <Title order={1} fz={24} mb="lg">
        Engines
      </Title>
      {failure && (
        <Alert color="red" mb="md" title={failure.message}>
          {failure.fix}
        </Alert>
      )}
      <Stack gap="lg">
        {engines.map((engine) => (
          <section key={engine.id} className={classes.panel} aria-label={`Engine ${engine.name}`}>
            <Group justify="space-between" mb="xs">
              <div>
                <Title order={2} fz={17}>
                  {engine.name}
                </Title>
                <Text size="sm" c="dimmed">
                  {engine.version
                    ? `Docker ${engine.version} · ${engine.os} · ${engine.cpus} cores · ${(engine.memory_bytes / GIB).toFixed(1)} GiB`
                    : "Not seen yet"}
                </Text>
              </div>
              <StateBadge
                state={
                  engine.reachable
                    ? { word: "Answers", tone: "good", detail: "" }
                    : { word: "Does not answer", tone: "bad", detail: "" }
                }
              />
            </Group>
            {!engine.reachable && (
              <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={engine.error} mb="sm">
                {engine.fix}
              </Alert>
            )}
            {administrator && (
              <Anchor component={Link} href={`/engines/${engine.id}/adopt`} size="sm">
                On this engine: what runs and is no stack yet
              </Anchor>
            )}
            <Group gap={8} mt="md" mb={4}>
              <IconShieldLock size={18} />
              <Text fw={600} size="sm">
                What stacks may ask of this engine
              </Text>
            </Group>
            <Text size="sm" c="dimmed" mb="xs">
              Each of these makes whoever may apply a stack root on the host, or nearly. All are refused until
              allowed
              {administrator ? "." : " by an engine administrator."}
            </Text>
            {ASKS.map(({ key, label, means }) => (
              <div key={key} className={classes.row}>
                <div className={classes.grow}>
                  <Text size="sm" fw={500}>
                    {label}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {means}
                  </Text>
                </div>
                <Switch
                  aria-label={`Allow ${label.toLowerCase()} on ${engine.name}`}
                  checked={engine.policy[key]}
                  disabled={!administrator}
                  onChange={(event) => void allow(engine, key, event.currentTarget.checked)}
                />
              </div>
            ))}
            {administrator && <Logins engine={engine} />}
          </section>
        ))}
      </Stack>
    </Page>
  );
}
