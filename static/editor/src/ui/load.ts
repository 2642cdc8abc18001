// Loading a part of the program when it is first needed, also when the network stumbles or a newer Netyard has other files.
import { type ComponentType, lazy } from "react";
import { persistently } from "../sync/persistently";

const RELOADED = "netyard-reloaded-at";
const RELOAD_AGAIN_MS = 30_000;

const STYLES = /Unable to preload CSS for (\S+)/;

const addStyles = (href: string) =>
  new Promise<void>((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(`Unable to load the styles ${href}`));
    };
    document.head.append(link);
  });

/** A load that gets its lost styles first: the bundler asks for each style sheet only once, and would go on without. */
function withStyles<T>(load: () => Promise<T>): () => Promise<T> {
  const lost = new Set<string>();
  return async () => {
    for (const href of lost) {
      await addStyles(href);
      lost.delete(href);
    }
    try {
      return await load();
    } catch (error) {
      const href = STYLES.exec(String(error))?.[1];
      if (href) lost.add(href);
      throw error;
    }
  };
}

/** Load a module; after some tries load the page anew, unless that was just done: then the failure is thrown. */
export async function loadOrReload<T>(
  load: () => Promise<T>,
  reload = () => window.location.reload(),
): Promise<T> {
  try {
    return await persistently(withStyles(load), { pauses: [200, 600, 1500] });
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
