// Moves the token from the address's fragment, which browsers never send, into the page's form, and out of the address.
(() => {
  // Another link pasted into the same tab changes the fragment only: load the page anew for it.
  addEventListener("hashchange", () => {
    if (location.hash) location.replace(`${location.pathname}?again${location.hash}`);
  });
  const form = document.querySelector("[data-token-form]");
  if (!form) return;
  const field = form.elements.namedItem("token");
  const token = location.hash.slice(1);
  if (token) {
    field.value = token;
    history.replaceState(null, "", location.pathname);
  }
  const missing = !field.value;
  for (const notice of document.querySelectorAll("[data-without-token]")) notice.hidden = !missing;
  for (const notice of document.querySelectorAll("[data-with-token]")) notice.hidden = missing;
  if (missing) for (const button of form.querySelectorAll("button")) button.disabled = true;
  else if (form.hasAttribute("data-submit")) form.submit();
})();
