// Stands in the page itself (dashboard/boot.py), so that it cannot be lost on the way.

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
// A page that lost a script or style of its own is loaded again, later each time; what is loaded later looks after itself
// (ui/load.ts). At last it says so.
(() => {
  const key = "netyard-loads";
  const most = 6;
  const forgotten = 60_000;
  let lost = false;
  const loads = () => {
    try {
      const [count, at] = (sessionStorage.getItem(key) || "").split(" ").map(Number);
      return Date.now() - at < forgotten ? count : 0;
    } catch {
      return most; // Storage is closed to us: nothing could keep us from loading for ever.
    }
  };
  const giveUp = () => {
    const words = document.getElementById("lost");
    if (words) words.hidden = false;
  };
  const again = (event) => {
    if (!(event.target instanceof HTMLScriptElement || event.target instanceof HTMLLinkElement)) return;
    if (event.target.rel === "modulepreload" || event.target.rel === "icon" || lost) return;
    lost = true;
    const count = loads();
    if (count >= most) {
      addEventListener("load", giveUp);
      return;
    }
    sessionStorage.setItem(key, `${count + 1} ${Date.now()}`);
    setTimeout(() => location.reload(), Math.min(300 * 2 ** count, 2000));
  };
  addEventListener("error", again, true);
  addEventListener("load", () => removeEventListener("error", again, true));
})();
