// Numbers in the few signs that a card has room for.

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** "0 B", "1.2 kB", "340 MB": three digits at most. */
export function bytes(count: number): string {
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 9.95 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export const rate = (bytesPerSecond: number) => `${bytes(bytesPerSecond)}/s`;

export const percent = (value: number) =>
  `${value >= 9.95 || value < 0.05 ? Math.round(value) : value.toFixed(1)} %`;

/** "12 s", "4 min", "3 h", "2 d" */
export function span(seconds: number): string {
  const s = Math.max(0, seconds);
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

export const CONDITIONS: Record<string, string> = {
  service_started: "started",
  service_healthy: "healthy",
  service_completed_successfully: "completed",
};
