"use strict";
// Signing on a canvas: the strokes go as "M12 30L13 31" into the hidden field, whole pixels of 400 × 150 only, so that
// nothing but what was drawn is kept. The server checks the same grammar again (opspact.assets.signatures).
(() => {
  const MOST = 20000;

  const attach = (pad) => {
    const canvas = pad.querySelector("canvas");
    const field = document.getElementById(pad.dataset.sign);
    const pen = canvas.getContext("2d");
    let last = "";
    let drawing = false;

    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const inside = (part, whole, most) => Math.max(0, Math.min(most, Math.round((part / whole) * most)));
      return [
        inside(event.clientX - box.left, box.width, canvas.width),
        inside(event.clientY - box.top, box.height, canvas.height),
      ];
    };

    const draw = () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 2.5;
      pen.lineCap = pen.lineJoin = "round";
      pen.stroke(new Path2D(field.value));
    };

    const add = (letter, event) => {
      const point = at(event).join(" ");
      if (letter === "L" && point === last) return;
      if (field.value.length + point.length + 1 > MOST) return;
      last = point;
      field.value += letter + point;
      draw();
    };

    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      drawing = true;
      const paper = document.querySelector('input[name="signed"][value="screen"]');
      if (paper) paper.checked = true;
      add("M", event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (drawing) add("L", event);
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drawing = false; });
    pad.querySelector("[data-sign-clear]").addEventListener("click", () => {
      field.value = "";
      draw();
    });
    draw();
  };

  document.querySelectorAll("[data-sign]").forEach(attach);
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
})();
