// The counting page: place, scanner field, camera, and what came of each scan.
(function () {
  "use strict";
  const root = document.getElementById("as-count");
  const { Queue, Camera, newKey, post } = window.OpsPactCounting;
  const words = root.dataset;
  const byId = (id) => document.getElementById(id);
  const [place, form, code, results] = ["as-place", "as-form", "as-code", "as-results"].map(byId);
  const placeStore = `opspact.stocktaking.place.${words.store}`;
  const MOST = 60;

  // The place is chosen once and stays, also after the page was loaded again.
  place.value = window.localStorage.getItem(placeStore) || "";
  if (place.selectedIndex < 0) place.value = "";
  place.addEventListener("change", () => {
    window.localStorage.setItem(placeStore, place.value);
    code.focus();
  });

  function element(name, text, css) {
    const made = document.createElement(name);
    made.textContent = text;
    if (css) made.className = css;
    return made;
  }

  function button(text, does, css) {
    const made = element("button", text, `btn btn-sm ${css || ""}`);
    made.type = "button";
    made.addEventListener("click", does);
    return made;
  }

  // One card for each scan, the newest first; the answer replaces what stood there while it waited.
  function show(told) {
    const card = element("li", "", told.tone ? `is-${told.tone}` : "");
    card.dataset.key = told.key;
    card.dataset.status = told.status;
    card.append(element("strong", told.title), " ", element("span", told.state, `op-tag op-tag-${told.tone || "plain"}`));
    if (told.text) card.append(element("p", told.text));
    const ask = element("div", "", "as-ask");
    if (told.asks) {
      ask.append(button(`${words.wordHere} ${told.here}`, () => confirm(told, true), "btn-primary"));
      if (told.ledger !== told.here) ask.append(button(`${words.wordLedger} ${told.ledger}`, () => confirm(told, false)));
    }
    if (told.status === "unknown") {
      const link = element("a", words.wordOpen, "btn btn-sm");
      link.href = told.url;
      ask.append(link);
    }
    if (ask.children.length) card.append(ask);
    const before = results.querySelector(`[data-key="${told.key}"]`);
    if (before) before.replaceWith(card);
    else results.prepend(card);
    while (results.children.length > MOST) results.lastElementChild.remove();
  }

  function take(answer) {
    refuse(answer.refused);
    for (const told of answer.results || []) show(told);
    if (!answer.results) return;
    byId("as-done").textContent = answer.done;
    byId("as-expected").textContent = answer.expected;
    if (window.navigator.vibrate) window.navigator.vibrate(answer.results.some((told) => told.tone !== "good") ? [60, 60, 60] : 40);
  }

  function refuse(text) {
    byId("as-refused").textContent = text || "";
    byId("as-refused").hidden = !text;
  }

  async function confirm(told, isHere) {
    const answer = await post(words.confirm, { key: told.key, is_here: isHere });
    if (answer === null || answer.isSignedOut) return refuse(words.wordNoconfirm);
    return take(answer);
  }

  const TONES = { sent: "good", waiting: "info", offline: "warn", signin: "bad", refused: "bad" };
  function say(state, waiting) {
    const net = byId("as-net");
    const text = { sent: words.wordSent, offline: words.wordOffline, signin: words.wordSignin }[state] || words.wordWaiting;
    net.textContent = text.replace("#", waiting);
    net.className = `op-tag op-tag-${TONES[state]}`;
    net.dataset.state = state;
  }

  const queue = new Queue(words.store, words.scans, say, take);

  function scan(text, byHand) {
    const said = text.trim();
    if (!said) return;
    const one = { key: newKey(), text: said, place: place.value, at: Date.now(), by_hand: byHand };
    refuse(queue.add(one) ? "" : words.wordFull);
    if (!results.querySelector(`[data-key="${one.key}"]`)) waits(one);
  }

  function waits(one) {
    show({ key: one.key, status: "queued", tone: "", title: one.text, state: words.wordQueued, text: "" });
  }

  // A USB scanner types and presses Enter; the field is ready for the next one at once.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    scan(code.value, true);
    code.value = "";
    code.focus();
  });

  // Camera
  const video = byId("as-video");
  const camera = new Camera(video, words.decoder, (text) => {
    scan(text, false);
    video.classList.add("is-read");
    window.setTimeout(() => video.classList.remove("is-read"), 600);
  });
  function showCamera(isOn) {
    video.hidden = !isOn;
    byId("as-camera-on").hidden = isOn;
    byId("as-camera-off").hidden = !isOn;
  }
  byId("as-camera-on").addEventListener("click", async () => {
    byId("as-camera-said").textContent = "";
    showCamera(true);
    try {
      await camera.start();
    } catch {
      camera.stop();
      showCamera(false);
      byId("as-camera-said").textContent = words.wordNocamera;
    }
  });
  byId("as-camera-off").addEventListener("click", () => {
    camera.stop();
    showCamera(false);
    code.focus();
  });

  for (const told of JSON.parse(byId("as-recent").textContent).reverse()) show(told);
  for (const one of queue.waiting) waits(one);
  queue.send();
})();
