// The page's shell: search by "/", explanations that close, one dialog for questions, timeline filters, drafts.
(function () {
  "use strict";

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  // "/" goes to the search, Escape leaves it.
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("op-search");
    if (event.key === "/" && search && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key !== "Escape") return;
    closeWhys(null);
    if (search && event.target.closest(".op-search")) closeSearch(search);
  });

  function closeSearch(search) {
    document.getElementById("op-results").textContent = "";
    search.value = "";
    search.blur();
  }

  // Arrow keys walk through what was found, Enter opens the first.
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest(".op-search");
    if (!box || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const links = [...box.querySelectorAll(".op-results a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Enter") {
      if (at < 0 && links.length) links[0].click();
      return;
    }
    event.preventDefault();
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    (next || box.querySelector("input")).focus();
  });

  document.addEventListener("click", (event) => {
    const results = document.getElementById("op-results");
    if (results && !event.target.closest(".op-search")) results.textContent = "";
    const why = event.target.closest(".op-why");
    closeWhys(why);
    if (why && event.target === why.firstElementChild) toggleWhy(why);
  });

  // An explanation opens beneath its question and must not leave the window on the right.
  function toggleWhy(why) {
    const [button, body] = why.children;
    body.hidden = !body.hidden;
    button.setAttribute("aria-expanded", String(!body.hidden));
    if (!body.hidden && body.getBoundingClientRect().right > window.innerWidth) body.classList.add("is-left");
  }

  function closeWhys(except) {
    document.querySelectorAll(".op-why-body:not([hidden])").forEach((body) => {
      if (body.parentElement !== except) toggleWhy(body.parentElement);
    });
  }

  // One dialog: an answer that htmx puts into it opens it.
  const dialog = document.getElementById("op-dialog");
  if (dialog) {
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target === dialog && !dialog.open) dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }

  // What did not arrive is said, once, at the top.
  function tell(text) {
    const notice = document.createElement("div");
    notice.className = "op-notice op-notice-error";
    notice.setAttribute("role", "alert");
    notice.textContent = text;
    document.getElementById("op-messages").replaceChildren(notice);
  }
  const isBackground = (event) => (event.detail.requestConfig.headers || {})["X-OpsPact-Poll"] === "1";
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (dialog && !isBackground(event)) tell(dialog.dataset.failed);
    });
  }

  // A timeline shows the kinds that are ticked.
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-timeline] input[data-kind]");
    if (!box) return;
    box.closest("[data-timeline]").querySelectorAll(`li[data-kind="${box.dataset.kind}"]`).forEach((item) => {
      item.hidden = !box.checked;
    });
  });
})();
