// An engine's logins at image registries: written here, tried by the engine, their secrets never shown again.
import { ActionIcon, Alert, Button, Group, PasswordInput, Text, TextInput, Tooltip } from "@mantine/core";
import { IconKey, IconPencil, IconPlus, IconRefresh, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { ago } from "../../model/time";
import { ApiError, get, post, remove } from "../../sync/api";
import { StateBadge } from "../../ui/StateBadge";
import type { EngineView, RegistryLoginView } from "../../wire.gen";
import team from "../team/Team.module.css";
import classes from "./Logins.module.css";

const LOOK_MS = 800;

const BADGES = {
  checking: { word: "Trying it…", tone: "busy", detail: "The engine logs in at the registry" },
  works: { word: "Works", tone: "good", detail: "The registry let the engine in" },
  refused: { word: "Refused", tone: "bad", detail: "It is not used until it is changed" },
  unknown: { word: "Could not be tried", tone: "warn", detail: "It is used all the same" },
} as const;

interface Draft {
  registry: string;
  username: string;
  secret: string;
  /** Whether it changes a login that is there: its secret may stay. */
  known: boolean;
}

const EMPTY: Draft = { registry: "", username: "", secret: "", known: false };

function LoginForm({
  draft,
  onSave,
  onCancel,
}: {
  draft: Draft;
  onSave: (draft: Draft) => Promise<void>;
  onCancel: () => void;
}) {
  const [now, setNow] = useState(draft);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    void onSave(now).finally(() => setBusy(false));
  };
  const ready = now.registry.trim() && now.username.trim() && (now.secret || now.known);
  return (
    <form className={classes.form} onSubmit={submit} aria-label="Registry login">
      <TextInput
        label="Registry"
        placeholder="docker.io, ghcr.io, registry.example:5000"
        value={now.registry}
        disabled={now.known}
        autoFocus={!now.known}
        onChange={(event) => setNow({ ...now, registry: event.currentTarget.value })}
      />
      <TextInput
        label="User name"
        autoComplete="off"
        value={now.username}
        autoFocus={now.known}
        onChange={(event) => setNow({ ...now, username: event.currentTarget.value })}
      />
      <PasswordInput
        label="Password or access token"
        placeholder={now.known ? "Leave empty to keep it" : ""}
        autoComplete="new-password"
        value={now.secret}
        onChange={(event) => setNow({ ...now, secret: event.currentTarget.value })}
      />
      <Group gap="xs" wrap="nowrap">
        <Button type="submit" loading={busy} disabled={!ready}>
          Save and try
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

function LoginRow({
  login,
  onEdit,
  onTry,
  onForget,
}: {
  login: RegistryLoginView;
  onEdit: () => void;
  onTry: () => void;
  onForget: () => void;
}) {
  const [sure, setSure] = useState(false);
  const tried = login.checked_at ? `tried ${ago(login.checked_at)}` : "";
  return (
    <li className={classes.login} aria-label={`Login at ${login.registry}`}>
      <div className={classes.what}>
        <Text size="sm" fw={550} className={classes.host}>
          {login.registry}
        </Text>
        <Text size="xs" c="dimmed">
          {[`as ${login.username}`, login.changed_by && `set by ${login.changed_by}`, tried]
            .filter(Boolean)
            .join(" · ")}
        </Text>
        {login.words && (
          <Text size="xs" c={login.state === "refused" ? "var(--ny-bad)" : "var(--ny-warn)"} mt={3}>
            {login.words}
            {login.fix && (
              <Text component="span" display="block" size="xs" c="var(--ny-text)">
                {login.fix}
              </Text>
            )}
          </Text>
        )}
      </div>
      <StateBadge state={BADGES[login.state]} />
      {sure ? (
        <Group gap={6} wrap="nowrap">
          <Button size="compact-sm" color="red.8" onClick={onForget}>
            Forget it
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setSure(false)}>
            Keep
          </Button>
        </Group>
      ) : (
        <Group gap={2} wrap="nowrap">
          <Tooltip label="Try it again">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Try the login at ${login.registry}`}
              loading={login.state === "checking"}
              onClick={onTry}
            >
              <IconRefresh size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Change">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Change the login at ${login.registry}`}
              onClick={onEdit}
            >
              <IconPencil size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Forget">
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`Forget the login at ${login.registry}`}
              onClick={() => setSure(true)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
    </li>
  );
}

export function Logins({ engine }: { engine: EngineView }) {
  const [logins, setLogins] = useState<RegistryLoginView[] | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const path = `engines/${engine.id}/logins`;

  const act = useCallback(
    async (what: () => Promise<unknown>) => {
      setFailure(null);
      try {
        await what();
        setLogins(await get<RegistryLoginView[]>(path));
        return true;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        setFailure(error);
        return false;
      }
    },
    [path],
  );
  useEffect(() => void act(async () => undefined), [act]);

  const checking = logins?.some((one) => one.state === "checking") ?? false;
  useEffect(() => {
    if (!checking) return;
    const timer = setInterval(() => void act(async () => undefined), LOOK_MS);
    return () => clearInterval(timer);
  }, [checking, act]);

  const save = async ({ registry, username, secret }: Draft) => {
    if (await act(() => post(path, { registry, username, secret }))) setDraft(null);
  };
  return (
    <section aria-label={`Registry logins of ${engine.name}`}>
      <Group gap={8} mt="lg" mb={4}>
        <IconKey size={18} />
        <Text fw={600} size="sm">
          Logins at image registries
        </Text>
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        Every stack on this engine pulls and builds with them. Secrets are kept encrypted and are never shown
        again.
      </Text>
      {failure && (
        <Alert color="red" mb="sm" title={failure.message}>
          {failure.fix}
        </Alert>
      )}
      {logins?.length ? (
        <ul className={classes.list}>
          {logins.map((one) => (
            <LoginRow
              key={one.id}
              login={one}
              onTry={() => void act(() => post(`${path}/${one.id}/try`))}
              onForget={() => void act(() => remove(`${path}/${one.id}`))}
              onEdit={() => setDraft({ ...one, secret: "", known: true })}
            />
          ))}
        </ul>
      ) : (
        logins &&
        !draft && (
          <Text size="sm" className={team.row}>
            None yet. Public images need none.
          </Text>
        )
      )}
      {draft ? (
        <LoginForm
          key={draft.registry + draft.known}
          draft={draft}
          onSave={save}
          onCancel={() => setDraft(null)}
        />
      ) : (
        <Button
          mt="xs"
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={14} />}
          onClick={() => setDraft(EMPTY)}
        >
          Add a login
        </Button>
      )}
    </section>
  );
}
