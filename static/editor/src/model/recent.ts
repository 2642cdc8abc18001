// The last two minutes of samples, kept while the editor is open, so that a graph has a past when it is first looked at.
import { useSamples } from "./store";

const KEPT = 120;

export interface Past {
  at: number[];
  cpuPercent: (number | null)[];
  memoryBytes: number[];
}

const pasts = new Map<string, Past>();

/** Keep what a message of samples says. Containers that are gone are forgotten. */
export function keepSamples({ at, byContainer }: ReturnType<typeof useSamples.getState>): void {
  for (const id of pasts.keys()) if (!(id in byContainer)) pasts.delete(id);
  for (const [id, sample] of Object.entries(byContainer)) {
    const past = pasts.get(id) ?? { at: [], cpuPercent: [], memoryBytes: [] };
    if (past.at.at(-1) === at) continue;
    past.at.push(at);
    past.cpuPercent.push(sample.cpu_percent);
    past.memoryBytes.push(sample.memory_bytes);
    if (past.at.length > KEPT) for (const row of [past.at, past.cpuPercent, past.memoryBytes]) row.shift();
    pasts.set(id, past);
  }
}

export const pastOf = (containerId: string): Past | undefined => pasts.get(containerId);

/** Keep samples from now on; gives a function that ends it. */
export const watchSamples = () => useSamples.subscribe(keepSamples);
