// The present time in seconds, which moves on every `everyMs`: for ages and running durations.
import { useEffect, useState } from "react";

export function useNow(everyMs: number, on = true): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (!on) return;
    setNow(Date.now() / 1000);
    const timer = setInterval(() => setNow(Date.now() / 1000), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, on]);
  return now;
}
