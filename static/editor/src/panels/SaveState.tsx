// Whether everything is with the server: saved, saving, or kept here until the connection is back.
import { IconCloudCheck, IconCloudOff, IconCloudUp } from "@tabler/icons-react";
import { useEditor } from "../model/store";
import classes from "./SaveState.module.css";

export function SaveState() {
  const pending = useEditor((state) => state.pending);
  const lost = useEditor((state) => state.socket === "lost");
  const draws = useEditor((state) => state.stack?.rights.includes("draw") ?? false);
  if (!draws && !lost) return <span className={classes.state}>View only</span>;
  const [Icon, text] = lost
    ? ([IconCloudOff, pending ? `Offline, ${pending} waiting` : "Offline"] as const)
    : pending
      ? ([IconCloudUp, "Saving…"] as const)
      : ([IconCloudCheck, "Saved"] as const);
  return (
    <span className={classes.state} data-lost={lost || undefined} role="status">
      <Icon size={15} stroke={1.8} aria-hidden />
      {text}
    </span>
  );
}
