// Long forms keep what was typed: <form data-draft="USER:KEY">. A draft leaves when its form was accepted or on sign-out.
(function () {
  "use strict";
  const PREFIX = "opspact-draft:";

  const isKept = (field) => field.name && !["password", "file", "hidden"].includes(field.type) && field.name !== "csrfmiddlewaretoken";

  function read(form) {
    const values = {};
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") values[`${field.name}=${field.value}`] = field.checked;
      else if (field.tagName === "SELECT" && field.multiple) values[field.name] = [...field.selectedOptions].map((option) => option.value);
      else values[field.name] = field.value;
    }
    return values;
  }

  function write(form, values) {
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        const key = `${field.name}=${field.value}`;
        if (key in values) field.checked = values[key];
      } else if (field.tagName === "SELECT" && field.multiple) {
        for (const option of field.options) option.selected = (values[field.name] || []).includes(option.value);
      } else if (field.name in values) field.value = values[field.name];
    }
  }

  function offer(form, key, before) {
    const note = document.createElement("div");
    note.className = "op-notice op-notice-info";
    note.append(form.dataset.draftKept + " ");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm ms-auto";
    drop.textContent = form.dataset.draftDrop;
    drop.addEventListener("click", () => {
      localStorage.removeItem(key);
      write(form, before);
      note.remove();
    });
    note.append(drop);
    form.prepend(note);
  }

  const stored = (key) => JSON.parse(localStorage.getItem(key) || "null");
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const forms = [...document.querySelectorAll("form[data-draft]")];

  // A sent draft was accepted when the server answered with another page, or with the same one and its "done".
  // A page about an error proves nothing, and a browser's own "no connection" page never comes here.
  if (!document.querySelector("[data-error-page]")) {
    const done = document.querySelector("#op-messages .op-notice-success") !== null;
    for (const key of keys()) {
      const here = forms.some((form) => PREFIX + form.dataset.draft === key);
      if (stored(key).sent && (done || !here)) localStorage.removeItem(key);
    }
  }

  for (const form of forms) {
    const key = PREFIX + form.dataset.draft;
    const draft = stored(key);
    const before = read(form);
    const isShownAgain = "draftBound" in form.dataset; // refused: the server shows what was typed
    if (draft && !isShownAgain && JSON.stringify(draft.values) !== JSON.stringify(before)) {
      write(form, draft.values);
      offer(form, key, before);
    }
    const keep = (sent) => localStorage.setItem(key, JSON.stringify({ values: read(form), sent }));
    form.addEventListener("input", () => keep(false));
    form.addEventListener("submit", () => keep(true));
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-forget-drafts]")) return;
    keys().forEach((key) => localStorage.removeItem(key));
  });
})();
