// The stack's name and team; who manages it renames it in place.
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { editor, notify, useEditor, useMay } from "../model/store";
import { ApiError, patch } from "../sync/api";
import type { StackCard } from "../wire.gen";
import classes from "./StackName.module.css";

async function rename(id: string, name: string): Promise<void> {
  try {
    const card = await patch<StackCard>(`stacks/${id}`, { name });
    editor.set((state) => (state.stack ? { stack: { ...state.stack, name: card.name } } : {}));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notify({ message: `Not renamed: ${error.message}`, fix: error.fix });
  }
}

export function StackName() {
  const id = useEditor((state) => state.stack?.id ?? "");
  const name = useEditor((state) => state.stack?.name ?? "");
  const team = useEditor((state) => state.stack?.team_name ?? "");
  const guest = useEditor((state) => state.guest);
  const manages = useMay("manage");
  const [draft, setDraft] = useState<string | null>(null);

  const done = () => {
    const next = draft?.trim();
    if (next && next !== name) rename(id, next);
    setDraft(null);
  };
  if (draft !== null)
    return (
      <TextInput
        size="xs"
        w={220}
        autoFocus
        aria-label="Stack name"
        value={draft}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
          if (event.key === "Escape") setDraft(null);
        }}
      />
    );
  return (
    <div className={classes.box}>
      {manages ? (
        <h1 className={classes.heading}>
          <button type="button" className={classes.name} title="Rename" onClick={() => setDraft(name)}>
            {name}
          </button>
        </h1>
      ) : (
        <h1 className={classes.heading}>
          <span className={classes.plain}>{name}</span>
        </h1>
      )}
      <span className={classes.team}>{guest ? "Read-only link" : team}</span>
    </div>
  );
}
