// The generic list: keyboard (j k move, x picks, o opens), row click, picking, empty filters left out of the address.
(function () {
  "use strict";
  const list = () => document.getElementById("op-list");
  const rows = () => [...list().querySelectorAll("tbody tr")];
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog") !== null;
  let current = -1;

  function go(index) {
    const all = rows();
    if (!all.length) return;
    current = Math.max(0, Math.min(all.length - 1, index));
    all.forEach((row, at) => row.classList.toggle("is-current", at === current));
    all[current].scrollIntoView({ block: "nearest" });
  }

  function open(row, inNewTab) {
    if (!row || !row.dataset.href) return;
    if (inNewTab) window.open(row.dataset.href, "_blank", "noopener");
    else window.location.href = row.dataset.href;
  }

  document.addEventListener("keydown", (event) => {
    if (!list() || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows()[current];
    if (event.key === "j") go(current + 1);
    else if (event.key === "k") go(current - 1);
    else if (event.key === "o") open(row);
    else if (event.key === "x" && row) pick(row);
    else return;
    event.preventDefault();
  });

  function pick(row) {
    const box = row.querySelector("input[name=pk]");
    if (!box) return;
    box.checked = !box.checked;
    refresh();
  }

  document.addEventListener("click", (event) => {
    const row = event.target.closest("#op-list tbody tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, select, details, summary, .op-pick")) return;
    if (String(window.getSelection())) return; // marking text is no click
    open(row, event.ctrlKey || event.metaKey);
  });

  // What a cell had to cut is told on hover.
  document.addEventListener("mouseover", (event) => {
    const cut = event.target.closest(".op-cut");
    if (cut && !cut.title && cut.scrollHeight > cut.clientHeight + 2) cut.title = cut.textContent;
  });

  // Picking
  const boxes = () => [...list().querySelectorAll("input[name=pk]")];

  function refresh(everything = false) {
    const bar = document.getElementById("op-bulk");
    if (!bar) return;
    const picked = boxes().filter((box) => box.checked);
    boxes().forEach((box) => box.closest("tr").classList.toggle("is-picked", box.checked));
    bar.hidden = picked.length === 0;
    bar.querySelector("[data-picked]").textContent = picked.length;
    bar.querySelector("[data-all]").value = everything ? "1" : "";
    const told = bar.querySelector("[data-everything]");
    if (told) told.hidden = !everything;
    const all = list().querySelector("[data-pick-all]");
    all.checked = picked.length > 0 && picked.length === boxes().length;
    all.indeterminate = picked.length > 0 && !all.checked;
  }

  function pickAll(on) {
    boxes().forEach((box) => { box.checked = on; });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("#op-list [data-pick-all]")) pickAll(event.target.checked);
    if (event.target.matches("#op-list [data-pick-all], #op-list input[name=pk]")) refresh();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-pick-none]")) {
      pickAll(false);
      refresh();
    } else if (event.target.closest("[data-pick-everything]")) {
      pickAll(true);
      refresh(true);
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "op-list") current = -1;
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.id !== "op-filters") return;
    const parameters = event.detail.parameters;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });
})();
