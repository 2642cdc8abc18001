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
