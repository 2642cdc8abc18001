// Numbers and times for people. Pure; the present time is passed in where it matters.

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** 1500 → "1.5 kB"; three digits that count, powers of 1000, as the canvas says them. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
  return `${text.replace(/\.0+$/, "")} ${UNITS[unit]}`;
}

export const rateText = (bytesPerSecond: number) => `${bytesText(bytesPerSecond)}/s`;

export const percentText = (percent: number | null) =>
  percent === null ? "–" : `${percent.toFixed(percent >= 10 ? 0 : 1)} %`;

/** Seconds as "850 ms", "4.2 s", "3 min 05 s", "2 h 10 min", "5 d 3 h". */
export function spanText(seconds: number): string {
  if (seconds < 1) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago, `at` and `now` in seconds: "just now", "3 min ago", "2 d ago". */
export function agoText(at: number, now: number): string {
  const seconds = Math.max(0, now - at);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

export const exactTime = (at: number) =>
  new Date(at * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** "14:03:07.120", local time, for log lines. */
export function clockText(at: number): string {
  const date = new Date(at * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const millis = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${millis}`;
}

export const plural = (count: number, word: string, many = `${word}s`) =>
  `${count} ${count === 1 ? word : many}`;
