// What stands in the way of showing what is live: the engine is away, or the connection to Netyard is.
import { IconPlugConnectedX, IconServerOff } from "@tabler/icons-react";
import { useEditor } from "../model/store";
import classes from "./EngineBanner.module.css";

export function EngineBanner() {
  const engine = useEditor((state) => state.engine);
  const loaded = useEditor((state) => state.stack !== null);
  const socket = useEditor((state) => state.socket);
  if (loaded && (socket === "lost" || socket === "connecting"))
    return (
      <div className={classes.banner} data-tone="busy" role="status">
        <IconPlugConnectedX size={16} aria-hidden />
        Reconnecting… What you see may be old; what you change is kept and sent.
      </div>
    );
  if (!engine || engine.reachable) return null;
  return (
    <div className={classes.banner} role="status">
      <IconServerOff size={16} aria-hidden />
      <span>
        <b>The engine {engine.name} does not answer.</b> {engine.error} {engine.fix} Drawing, checking and
        exporting work without it.
      </span>
    </div>
  );
}
