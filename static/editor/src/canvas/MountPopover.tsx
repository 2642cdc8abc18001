// A mount asks where it is to appear in the service's containers; a folder of the host also which, a new volume its name.
import { Button, Checkbox, TextInput } from "@mantine/core";
import { IconDatabase, IconFolder } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { mountPlace, uniqueName } from "../model/catalog";
import { checkMount, type MountRow } from "../model/forms";
import { mount } from "../model/gestures";
import { editor, useEditor } from "../model/store";
import { Anchored } from "./Anchored";
import classes from "./LinkPopover.module.css";
import { closePopup, type Popup } from "./state";

type Shown = Extract<Popup, { kind: "mount" }>;

/** What the form begins with: a free name, and where the image keeps its data. */
export function firstMount({ service, mount: kind, source }: Omit<Shown, "kind" | "screen">): MountRow {
  const { stack } = editor.get();
  const taken = stack?.graph.volumes.map((one) => one.key) ?? [];
  const name = kind === "volume" ? source || uniqueName(`${service}-data`, taken) : "";
  return {
    kind,
    source: name,
    target: stack ? mountPlace(stack.graph, service) : "/data",
    readOnly: false,
  };
}

export function MountPopover({ popup }: { popup: Shown }) {
  const { service, screen, mount: kind } = popup;
  const [row, setRow] = useState(() => firstMount(popup));
  const allowed = useEditor((state) => state.engine?.policy.bind_mounts ?? false);
  const users = useEditor(
    (state) => state.stack?.graph.services.find((one) => one.name === service)?.mounts ?? [],
  );
  const known = useEditor((state) => state.stack?.graph.volumes.some((one) => one.key === row.source));
  const taken = users.some((one) => one.target === row.target);
  const missing = kind === "bind" && !row.source ? "Name a folder of the engine's host." : null;
  const problem = missing ?? checkMount(row) ?? (taken ? `${service} has something at ${row.target}.` : null);
  const change = (part: Partial<MountRow>) => setRow({ ...row, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem) return;
    closePopup();
    mount(service, row);
  };
  const Icon = kind === "bind" ? IconFolder : IconDatabase;
  return (
    <Anchored screen={screen} label={`Mount in ${service}`} width={320}>
      <form className={classes.form} onSubmit={submit}>
        <h3 className={classes.title}>
          <Icon size={18} aria-hidden />
          <span>
            Mount {popup.source || (kind === "bind" ? "a host folder" : "a volume")} in {service}
          </span>
        </h3>
        {!popup.source && (
          <TextInput
            data-autofocus
            label={kind === "bind" ? "Folder of the host" : "Volume"}
            placeholder={kind === "bind" ? "/srv/site" : "name"}
            description={kind === "volume" && known ? "It is there already and will be shared" : undefined}
            value={row.source}
            spellCheck={false}
            onChange={(event) => change({ source: event.currentTarget.value.trim() })}
          />
        )}
        <TextInput
          data-autofocus={popup.source ? true : undefined}
          label={`Appears in ${service} at`}
          value={row.target}
          spellCheck={false}
          error={row.source && problem ? problem : undefined}
          onChange={(event) => change({ target: event.currentTarget.value.trim() })}
        />
        <Checkbox
          size="xs"
          label="Read-only"
          checked={row.readOnly}
          onChange={(event) => change({ readOnly: event.currentTarget.checked })}
        />
        {kind === "bind" && !allowed && (
          <div className={classes.apart} role="note">
            <p>This engine refuses host folders until an administrator allows them: Apply will stop here.</p>
          </div>
        )}
        <div className={classes.actions}>
          <Button variant="default" size="xs" onClick={closePopup}>
            Cancel
          </Button>
          <Button type="submit" size="xs" disabled={Boolean(problem)}>
            Mount
          </Button>
        </div>
      </form>
    </Anchored>
  );
}
