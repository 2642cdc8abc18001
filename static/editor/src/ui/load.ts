// Loading a part of the program when it is first needed, also when the network stumbles or a newer Netyard has other files.
import { type ComponentType, lazy } from "react";
import { persistently } from "../sync/persistently";

const RELOADED = "netyard-reloaded-at";
const RELOAD_AGAIN_MS = 30_000;

/** Load a module; after some tries load the page anew, unless that was just done: then the failure is thrown. */
export async function loadOrReload<T>(
  load: () => Promise<T>,
  reload = () => window.location.reload(),
): Promise<T> {
  try {
    return await persistently(load, { pauses: [200, 600, 1500] });
  } catch (error) {
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (Date.now() - last < RELOAD_AGAIN_MS) throw error;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    reload();
    return new Promise(() => undefined); // the page is on its way out
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever props the loaded component has
export function lazily<C extends ComponentType<any>>(load: () => Promise<{ default: C }>) {
  return lazy(() => loadOrReload(load));
}
