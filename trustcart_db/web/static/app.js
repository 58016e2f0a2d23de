// What all pages share. Everything works without it.
"use strict";

const content = () => document.getElementById("content");
const messages = () => document.getElementById("messages");

// A new page by htmx is read from its top, as one that the browser loaded.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.boosted && event.target === document.body) {
    window.scrollTo(0, 0);
    content()?.focus({ preventScroll: true });
  }
});

// What was said about the deed before is gone with the next one.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb !== "get") messages()?.replaceChildren();
  const form = elt.closest("form");
  if (form && requestConfig.verb !== "get") setBusy(form, event.detail.requestConfig.triggeringEvent?.submitter, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form) setBusy(form, null, false);
});

// One click is one deed: the buttons of a form rest until the answer is there.
function setBusy(form, clicked, isBusy) {
  for (const button of form.querySelectorAll("button")) {
    if (isBusy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
  if (isBusy) clicked?.setAttribute("aria-busy", "true");
}
document.addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// No answer at all.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    const said = document.createElement("article");
    said.className = "refusal";
    said.textContent = document.body.dataset.offline;
    messages()?.replaceChildren(said);
  });
}

// Refusals stand at the top: to be seen by whoever scrolled down.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === messages() && messages().firstElementChild) {
    messages().scrollIntoView({ block: "nearest" });
  }
});

// A key that a button or link names (data-key="n") presses it, unless one types or holds another key.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
  const found = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key === event.key && one.checkVisibility?.() !== false,
  );
  if (!found) return;
  event.preventDefault();
  if (found.matches("input, select, textarea")) found.focus();
  else found.click();
});
