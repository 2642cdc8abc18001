// Posts the share link's token, which stands in the fragment, then goes on to the stack.
(() => {
  addEventListener("hashchange", () => {
    if (location.hash) location.replace(`${location.pathname}?again${location.hash}`);
  });
  const token = location.hash.slice(1);
  const show = (selector, visible) => {
    for (const element of document.querySelectorAll(selector)) element.hidden = !visible;
  };
  const fail = (words) => {
    show("[data-with-token]", false);
    document.querySelector("[data-failed]").textContent = words;
    show("[data-failed]", true);
  };
  if (!token) {
    show("[data-without-token]", true);
    show("[data-with-token]", false);
    return;
  }
  history.replaceState(null, "", location.pathname);
  const csrf = document.querySelector("[data-share-form] [name=csrfmiddlewaretoken]").value;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  fetch("/api/shared/open", { method: "POST", headers, body: JSON.stringify({ token }) })
    .then(async (answer) => {
      const body = await answer.json();
      if (answer.ok) location.replace(`/shared/${body.share_id}`);
      else fail([body.message, body.fix].filter(Boolean).join(" "));
    })
    .catch(() => fail("Netyard does not answer. Try again in a moment."));
})();
