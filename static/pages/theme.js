// Light or dark before the first paint: the browser program keeps the choice; "auto" and none follow the system.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // Storage is closed to us: the system decides.
  }
  const root = document.documentElement;
  const known = choice === "light" || choice === "dark";
  const dark = known ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (known) root.dataset.theme = choice;
  root.dataset.mantineColorScheme = dark ? "dark" : "light";
})();

// A browser drops what it loads when the machine's network changes, as it does when an engine beside it makes a network.
// A page that lost a script or style of its own is loaded once more; what is loaded later looks after itself (ui/load.ts).
(() => {
  const key = "netyard-reloaded-at";
  const again = (event) => {
    if (!(event.target instanceof HTMLScriptElement || event.target instanceof HTMLLinkElement)) return;
    if (event.target.rel === "modulepreload" || Date.now() - Number(sessionStorage.getItem(key) || 0) < 30000) return;
    sessionStorage.setItem(key, String(Date.now()));
    setTimeout(() => location.reload(), 300);
  };
  addEventListener("error", again, true);
  addEventListener("load", () => removeEventListener("error", again, true));
})();
