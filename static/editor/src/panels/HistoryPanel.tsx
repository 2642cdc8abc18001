// The stack's versions, newest first: what each changed, who made it, what was applied when; to look at, compare, restore, apply.
import { Button, Center, Loader, Select, Switch, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconEye, IconPencil, IconRocket } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { editor, useEditor, useMay } from "../model/store";
import { ApiError, get, patch } from "../sync/api";
import { restoreVersion } from "../sync/session";
import { agoText, exactTime } from "../ui/format";
import { useNow } from "../ui/useNow";
import type { Difference, Revision } from "../wire.gen";
import { HistoryDiff } from "./HistoryDiff";
import classes from "./HistoryPanel.module.css";
import { HistoryPlan } from "./HistoryPlan";
import { leavePreview, showVersion } from "./historyPreview";

const wordsOf = (failure: unknown) => (failure instanceof ApiError ? failure.message : String(failure));

/** The versions, read again whenever the design or a run has moved on. */
function useRevisions() {
  const stackId = useEditor((state) => state.stackId);
  const version = useEditor((state) => (state.preview?.now ?? state.stack)?.version ?? 0);
  const ended = useEditor((state) => state.run?.ended_at ?? 0);
  const [revisions, setRevisions] = useState<Revision[] | null>(null);
  const [error, setError] = useState("");
  const load = useCallback(() => {
    get<Revision[]>(`stacks/${stackId}/revisions`)
      .then(setRevisions)
      .catch((failure) => setError(wordsOf(failure)));
  }, [stackId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version or an ended run is a reason to read again
  useEffect(load, [load, version, ended]);
  return { revisions, error, version, load };
}

function Badges({ revision, newest, applied }: { revision: Revision; newest: number; applied: number }) {
  const last = revision.applied[0];
  return (
    <span className={classes.badges}>
      {revision.version === newest && <span className={classes.badge}>now</span>}
      {revision.version === applied && (
        <span className={classes.badge} data-tone="good" title="What was last applied">
          runs
        </span>
      )}
      {last && revision.version !== applied && (
        <span className={classes.badge} data-tone={last.state === "done" ? "idle" : "bad"}>
          {last.state === "done" ? "applied" : last.state}
        </span>
      )}
    </span>
  );
}

function Naming({ revision, onDone }: { revision: Revision; onDone: () => void }) {
  const stackId = useEditor((state) => state.stackId);
  const [name, setName] = useState(revision.name);
  const [error, setError] = useState("");
  const save = () =>
    patch(`stacks/${stackId}/revisions/${revision.version}`, { name }).then(onDone, (failure) =>
      setError(wordsOf(failure)),
    );
  return (
    <form
      className={classes.naming}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextInput
        size="xs"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={120}
        placeholder="Before the fair"
        aria-label={`Name of version ${revision.version}`}
        error={error || undefined}
        data-autofocus
      />
      <Button size="compact-sm" type="submit">
        Keep
      </Button>
    </form>
  );
}

function Compared({ revision, revisions }: { revision: Revision; revisions: Revision[] }) {
  const stackId = useEditor((state) => state.stackId);
  const mainName = useEditor((state) => state.stack?.file_name || "compose.yaml");
  const before = revisions.find((one) => one.version < revision.version)?.version ?? 0;
  const [against, setAgainst] = useState(before);
  const [difference, setDifference] = useState<Difference | null>(null);
  const [error, setError] = useState("");
  useEffect(() => {
    if (!against) return;
    let live = true;
    setDifference(null);
    get<Difference>(`stacks/${stackId}/difference?old=${against}&new=${revision.version}`)
      .then((found) => live && setDifference(found))
      .catch((failure) => live && setError(wordsOf(failure)));
    return () => {
      live = false;
    };
  }, [stackId, against, revision.version]);
  const others = revisions.filter((one) => one.version !== revision.version);
  return (
    <>
      <div className={classes.against}>
        <Select
          size="xs"
          label="Compared with"
          searchable
          value={against ? String(against) : null}
          onChange={(value) => setAgainst(Number(value ?? 0))}
          data={others.map((one) => ({
            value: String(one.version),
            label: `${one.version} · ${one.name || one.message || "edited"}`,
          }))}
          placeholder="No other version"
        />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconEye size={15} />}
          onClick={() =>
            showVersion(revision.version, against).catch((failure) => setError(wordsOf(failure)))
          }
        >
          Show on the canvas
        </Button>
      </div>
      {error && <p className={classes.error}>{error}</p>}
      {against > 0 && !difference && !error && <Loader size="xs" aria-label="Comparing" />}
      {difference && <HistoryDiff difference={difference} mainName={mainName} />}
    </>
  );
}

function Opened({ revision, revisions, newest, reload }: OpenedProps) {
  const draws = useEditor((state) => (state.preview?.now ?? state.stack)?.rights.includes("draw") ?? false);
  const deploys = useEditor(
    (state) => (state.preview?.now ?? state.stack)?.rights.includes("deploy") ?? false,
  );
  const [naming, setNaming] = useState(false);
  const [planning, setPlanning] = useState(false);
  const now = useNow(30_000);
  const ran = revision.applied.some((one) => one.state === "done");
  return (
    <div className={classes.opened}>
      {revision.applied.slice(0, 5).map((one) => (
        <p key={one.run_id} className={classes.applied} data-good={one.state === "done" || undefined}>
          {one.is_rollback ? "Rolled back to" : "Applied"} by {one.by || "someone"}{" "}
          <time title={exactTime(one.at)}>{agoText(one.at, now)}</time>
          {one.state === "done" ? "" : `: ${one.state}`}
        </p>
      ))}
      <span className={classes.buttons}>
        {draws && revision.version !== newest && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconArrowBackUp size={15} />}
            onClick={() => {
              leavePreview();
              restoreVersion(revision.version);
            }}
          >
            Restore
          </Button>
        )}
        {deploys && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRocket size={15} />}
            onClick={() => setPlanning(true)}
          >
            {ran ? "Roll back to it…" : "Apply it…"}
          </Button>
        )}
        {draws && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPencil size={15} />}
            onClick={() => setNaming(!naming)}
          >
            {revision.name ? "Rename" : "Name it"}
          </Button>
        )}
      </span>
      {naming && (
        <Naming
          revision={revision}
          onDone={() => {
            setNaming(false);
            reload();
          }}
        />
      )}
      {planning && (
        <HistoryPlan version={revision.version} rollback={ran} onDone={() => setPlanning(false)} />
      )}
      <Compared revision={revision} revisions={revisions} />
    </div>
  );
}

interface OpenedProps {
  revision: Revision;
  revisions: Revision[];
  newest: number;
  reload: () => void;
}

export function HistoryPanel() {
  const { revisions, error, version, load } = useRevisions();
  const applied = useEditor((state) => (state.preview?.now ?? state.stack)?.applied_version ?? 0);
  const [open, setOpen] = useState(0);
  const [few, setFew] = useState(false);
  const now = useNow(30_000);
  const looks = useMay("look");
  const left = useRef(false);
  // the canvas goes back to now with the panel that asked for another version
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      // shut, the panel leaves the canvas free for looking; its pill leads back
      queueMicrotask(() => left.current && editor.get().side !== null && leavePreview());
    };
  }, []);
  if (!looks) return null;
  if (error) return <p className={classes.error}>{error}</p>;
  if (!revisions)
    return (
      <Center h={160}>
        <Loader size="sm" aria-label="Reading the history" />
      </Center>
    );
  const shown = few
    ? revisions.filter((one) => one.name || one.applied.length > 0 || one.version === version)
    : revisions;
  return (
    <div className={classes.panel}>
      <div className={classes.bar}>
        <span>{revisions.length === 1 ? "1 version" : `${revisions.length} versions`}, newest first</span>
        <Switch
          size="xs"
          label="Named and applied only"
          checked={few}
          onChange={(event) => setFew(event.currentTarget.checked)}
        />
      </div>
      <ol className={classes.list}>
        {shown.map((one) => (
          <li key={one.version} data-open={open === one.version || undefined}>
            <button
              type="button"
              className={classes.row}
              aria-expanded={open === one.version}
              onClick={() => setOpen(open === one.version ? 0 : one.version)}
            >
              <span className={classes.number}>{one.version}</span>
              <span className={classes.what}>
                <b data-named={one.name ? true : undefined}>{one.name || one.message || "Edited"}</b>
                <small>
                  {one.by || "someone"}, <time title={exactTime(one.at)}>{agoText(one.at, now)}</time>
                  {one.name && one.message ? ` · ${one.message}` : ""}
                </small>
              </span>
              <Badges revision={one} newest={version} applied={applied} />
            </button>
            {open === one.version && (
              <Opened revision={one} revisions={revisions} newest={version} reload={load} />
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
