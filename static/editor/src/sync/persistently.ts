// Trying again what a browser may have dropped: it does so with everything under way when the machine's network changes,
// as it does each time an engine on the same machine makes a network.

const wait = (ms: number) => new Promise((resume) => setTimeout(resume, ms));

/** Try once, and again after each pause (ms); the last failure is thrown. */
export async function persistently<T>(
  attempt: () => Promise<T>,
  { pauses }: { pauses: number[] },
): Promise<T> {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch {
      await wait(pause);
    }
  }
  return attempt();
}
