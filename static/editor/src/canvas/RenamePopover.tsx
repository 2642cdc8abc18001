// Rename a service or network where it stands.
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { checkName } from "../model/forms";
import { networkId, parseId, serviceId, volumeId } from "../model/ids";
import { placed } from "../model/placement";
import { editor, select } from "../model/store";
import { edit } from "../sync/session";
import { Anchored } from "./Anchored";
import classes from "./LinkPopover.module.css";
import { canvas, closePopup, type Popup } from "./state";

/** Rename; the new name takes the old one's place on the canvas. */
export async function rename(id: string, to: string): Promise<boolean> {
  const thing = parseId(id);
  if (thing?.kind !== "service" && thing?.kind !== "network" && thing?.kind !== "volume") return false;
  const name = thing.kind === "service" ? thing.name : thing.key;
  const next = { service: serviceId, network: networkId, volume: volumeId }[thing.kind](to);
  const box = canvas.get().boxes[id];
  const before = editor.get().layout[id];
  const places = box && { [next]: placed(before, { x: box.x, y: box.y }) };
  const done = await edit(
    { kind: `rename_${thing.kind}`, name, to },
    { label: `Rename ${name} to ${to}`, places },
  );
  if (done) select([next]);
  return done;
}

export function RenamePopover({ popup }: { popup: Extract<Popup, { kind: "rename" }> }) {
  const thing = parseId(popup.id);
  const kind = thing?.kind === "network" || thing?.kind === "volume" ? thing.kind : "service";
  const before =
    thing?.kind === "service" ? thing.name : thing && "key" in thing && thing.key ? thing.key : "";
  const [name, setName] = useState(before);
  const { stack } = editor.get();
  const taken =
    kind === "service"
      ? stack?.graph.services.map((one) => one.name)
      : stack?.graph[kind === "network" ? "networks" : "volumes"].map((one) => one.key);
  const others = (taken ?? []).filter((one) => one !== before);
  const problem = checkName(name, others, kind);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem) return;
    closePopup();
    if (name !== before) rename(popup.id, name);
  };
  return (
    <Anchored screen={popup.screen} label={`Rename ${before}`} width={280}>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={`Rename ${before}`}
          value={name}
          spellCheck={false}
          error={problem ?? undefined}
          onChange={(event) => setName(event.currentTarget.value.trim())}
          onFocus={(event) => event.currentTarget.select()}
        />
        <div className={classes.actions}>
          <Button variant="default" size="xs" onClick={closePopup}>
            Cancel
          </Button>
          <Button type="submit" size="xs" disabled={Boolean(problem)}>
            Rename
          </Button>
        </div>
      </form>
    </Anchored>
  );
}
