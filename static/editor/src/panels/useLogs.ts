// Following logs of services: lines gathered once a frame, asked for again after the connection was lost, held while paused.
import { useCallback, useEffect, useRef, useState } from "react";
import { joinLines, type LogLine, plainText } from "../model/logs";
import { useEditor } from "../model/store";
import { followLogs } from "../sync/session";

const TAIL = 500;

export interface FollowedLogs {
  lines: LogLine[];
  /** Lines that came while it was paused. */
  waiting: number;
  error: string;
  ended: boolean;
  clear: () => void;
}

export function useLogs(services: string[], paused: boolean): FollowedLogs {
  const [lines, setLines] = useState<LogLine[]>([]);
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState("");
  const [ended, setEnded] = useState(false);
  const connected = useEditor((state) => state.socket === "open" && state.stack !== null);
  const held = useRef<LogLine[]>([]);
  const frame = useRef(0);
  const count = useRef(0);
  const pause = useRef(paused);
  const key = services.join("\n");

  const show = useCallback(() => {
    frame.current = 0;
    if (pause.current) return setWaiting(held.current.length);
    const more = held.current;
    held.current = [];
    setWaiting(0);
    setLines((before) => joinLines(before, more));
  }, []);

  useEffect(() => {
    pause.current = paused;
    show();
  }, [paused, show]);

  useEffect(() => {
    const names = key ? key.split("\n") : [];
    if (!connected || !names.length) return;
    held.current = [];
    setLines([]);
    setError("");
    setEnded(false);
    const stop = followLogs(names, TAIL, (batch) => {
      if (batch.error) setError(batch.error);
      if (batch.ended) setEnded(true);
      for (const line of batch.lines)
        held.current.push({ ...line, text: plainText(line.text), id: ++count.current });
      if (!frame.current) frame.current = requestAnimationFrame(show);
    });
    return () => {
      stop();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [connected, key, show]);

  const clear = useCallback(() => {
    held.current = [];
    setWaiting(0);
    setLines([]);
  }, []);
  return { lines, waiting, error, ended, clear };
}
