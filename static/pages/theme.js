// The choice of light or dark, kept by the browser program; "auto" and none follow the system.
(() => {
  try {
    const theme = localStorage.getItem("netyard-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is closed to us: the system decides.
  }
})();
