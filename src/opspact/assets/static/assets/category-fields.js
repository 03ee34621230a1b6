// The form of an asset asks for the fields of the chosen category; without this file all of them stand there.
(function () {
  "use strict";
  const chosen = document.getElementById("id_category");
  if (!chosen) return;

  function show() {
    for (const field of document.querySelectorAll("[data-categories]")) {
      field.hidden = !field.dataset.categories.split(" ").includes(chosen.value);
    }
    for (const section of document.querySelectorAll(".as-sections fieldset")) {
      const own = [...section.querySelectorAll("[data-categories]")];
      section.hidden = own.length > 0 && own.every((field) => field.hidden) && section.querySelectorAll(":scope > .op-field").length === 0;
    }
  }

  chosen.addEventListener("change", show);
  // Drafts are restored by a script before this one, without an event.
  show();
})();
