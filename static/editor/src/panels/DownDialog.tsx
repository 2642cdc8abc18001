// Taking a stack down: names what goes, and what data is lost only when that is ticked and the name is typed.
import { Button, Checkbox, Loader, Modal, TextInput } from "@mantine/core";
import { IconBox, IconDatabaseX, IconTopologyBus } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { editor, useEditor } from "../model/store";
import { get } from "../sync/api";
import { requestRun } from "../sync/session";
import { plural } from "../ui/format";
import type { PlanView } from "../wire.gen";
import classes from "./DownDialog.module.css";
import { openDialog, useDialog } from "./dialogs";

type Losses = Record<"containers" | "networks" | "volumes", string[]>;

const nameIn = (subject: string) => subject.slice(subject.indexOf(":") + 1);

/** What a plan to take down removes, by kind. Containers by the name in the summary's subject, each once. */
export function lossesOf(plan: PlanView, containers: string[]): Losses {
  const of = (kind: string) => [
    ...new Set(plan.operations.filter((one) => one.kind === kind).map((one) => nameIn(one.subject))),
  ];
  return {
    containers: containers.length ? containers : of("remove_container"),
    networks: of("remove_network"),
    volumes: of("remove_volume"),
  };
}

function Names({
  icon: Icon,
  title,
  names,
  bad,
}: {
  icon: typeof IconBox;
  title: string;
  names: string[];
  bad?: boolean;
}) {
  if (!names.length) return null;
  return (
    <div className={classes.names} data-bad={bad || undefined}>
      <Icon size={17} aria-hidden />
      <div>
        <b>{title}</b>
        <div className={classes.list}>
          {names.map((name) => (
            <code key={name}>{name}</code>
          ))}
        </div>
      </div>
    </div>
  );
}

function DownBody() {
  const stack = useEditor((state) => state.stack);
  const containers = useEditor((state) => state.status?.containers);
  const [plan, setPlan] = useState<PlanView | null>(null);
  const [failed, setFailed] = useState("");
  const [volumes, setVolumes] = useState(false);
  const [typed, setTyped] = useState("");
  const id = stack?.id ?? "";
  const name = stack?.name ?? "";

  useEffect(() => {
    get<PlanView>(`stacks/${id}/plan?kind=down&remove_orphans=false&remove_volumes=true`).then(
      setPlan,
      (error: Error) => setFailed(error.message),
    );
  }, [id]);

  if (failed) return <p className={classes.text}>{failed}</p>;
  if (!plan) return <Loader size="sm" aria-label="Looking at what runs" />;
  const lost = lossesOf(plan, (containers ?? []).map((one) => one.name).sort());
  if (!lost.containers.length && !lost.networks.length && !lost.volumes.length)
    return <p className={classes.text}>Nothing of this stack is on the engine.</p>;
  const go = () => {
    openDialog(null);
    editor.set({ side: "plan" });
    requestRun("down", { remove_volumes: volumes });
  };
  return (
    <div className={classes.body}>
      <p className={classes.text}>
        These are removed from the engine. The design stays; Apply makes them again.
      </p>
      <Names icon={IconBox} title={plural(lost.containers.length, "container")} names={lost.containers} />
      <Names icon={IconTopologyBus} title={plural(lost.networks.length, "network")} names={lost.networks} />
      {lost.volumes.length > 0 && (
        <Checkbox
          color="red"
          label={`Also remove ${plural(lost.volumes.length, "volume")}, with all data`}
          checked={volumes}
          onChange={(event) => setVolumes(event.currentTarget.checked)}
        />
      )}
      {volumes && (
        <>
          <Names icon={IconDatabaseX} title="Data that is lost for good" names={lost.volumes} bad />
          <TextInput
            size="sm"
            label={`Type ${name} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </>
      )}
      {!volumes && lost.volumes.length > 0 && (
        <p className={classes.kept}>Volumes are kept: {lost.volumes.join(", ")}.</p>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => openDialog(null)}>
          Keep it
        </Button>
        <Button color="red.8" disabled={volumes && typed.trim() !== name} onClick={go}>
          {volumes ? "Take down and delete data" : "Take down"}
        </Button>
      </div>
    </div>
  );
}

export function DownDialog() {
  const open = useDialog((state) => state.open === "down");
  return (
    <Modal
      opened={open}
      onClose={() => openDialog(null)}
      title={<b>Take the stack down</b>}
      radius="lg"
      centered
    >
      {open && <DownBody />}
    </Modal>
  );
}
