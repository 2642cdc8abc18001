// Moves the token from the address's fragment, which browsers never send, into the page's form, and out of the address.
(() => {
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
