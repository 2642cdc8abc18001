// What one does with a service at once: run it, see its logs, copy it, remove it; each by right.
import {
  IconCopy,
  IconFileText,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { duplicateSelected } from "../../model/clipboard";
import { removeSelected } from "../../model/gestures";
import { containersOf } from "../../model/live";
import { editor, useEditor, useMay } from "../../model/store";
import { requestRun } from "../../sync/session";
import { IconButton } from "../../ui/IconButton";
import { isUnderWay } from "../apply";

export function ServiceActions({ name }: { name: string }) {
  const status = useEditor((state) => state.status);
  const busy = useEditor((state) => isUnderWay(state.run));
  const deploys = useMay("deploy");
  const logs = useMay("logs");
  const draws = useMay("draw");
  const own = containersOf(status, name);
  const runs = own.some((one) => one.state === "running" || one.state === "restarting");
  const run = (kind: "start" | "stop" | "restart") => requestRun(kind, { services: [name] });
  return (
    <>
      {logs && own.length > 0 && (
        <IconButton
          label={`Logs of ${name}`}
          onClick={() => editor.set({ bottom: "logs", logServices: [name] })}
        >
          <IconFileText size={16} stroke={1.8} />
        </IconButton>
      )}
      {deploys && runs && (
        <>
          <IconButton label={`Restart ${name}`} disabled={busy} onClick={() => run("restart")}>
            <IconRefresh size={16} stroke={1.8} />
          </IconButton>
          <IconButton label={`Stop ${name}`} disabled={busy} onClick={() => run("stop")}>
            <IconPlayerStop size={16} stroke={1.8} />
          </IconButton>
        </>
      )}
      {deploys && own.length > 0 && !runs && (
        <IconButton label={`Start ${name}`} disabled={busy} onClick={() => run("start")}>
          <IconPlayerPlay size={16} stroke={1.8} />
        </IconButton>
      )}
      {draws && (
        <>
          <IconButton label={`Duplicate ${name}`} onClick={() => duplicateSelected()}>
            <IconCopy size={16} stroke={1.8} />
          </IconButton>
          <IconButton label={`Remove ${name}`} onClick={() => removeSelected()}>
            <IconTrash size={16} stroke={1.8} />
          </IconButton>
        </>
      )}
    </>
  );
}
