// Loading a part of the program when it is first needed, also when the network stumbles or a newer Netyard has other files.
import { type ComponentType, lazy } from "react";
import { persistently } from "../sync/persistently";

const RELOADED = "netyard-reloaded-at";
const RELOAD_AGAIN_MS = 30_000;

const loaded = (link: HTMLLinkElement) =>
  new Promise<void>((resolve, reject) => {
    const fresh = document.createElement("link");
    fresh.rel = "stylesheet";
    fresh.href = link.href;
    fresh.onload = () => resolve();
    fresh.onerror = () => reject(new Error(`Unable to load the styles ${link.href}`));
    link.replaceWith(fresh);
  });

/** Whether a style sheet came: one that the browser dropped has no rules that may be read. */
function came(link: HTMLLinkElement): boolean {
  try {
    return link.sheet !== null && link.sheet.cssRules.length > 0;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

const lostStyles = () =>
  [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter((link) => !came(link));

/** A load that, when it is tried again, gets all lost styles first: it would go on without them. */
function withStyles<T>(load: () => Promise<T>): () => Promise<T> {
  let again = false;
  return async () => {
    if (again) await Promise.all(lostStyles().map(loaded));
    again = true;
    return load();
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
