// The counting page: place, scanner field, camera, and what came of each scan. Once the counting is over it only sends
// what still waits.
(function () {
  "use strict";
  const root = document.getElementById("as-count");
  if (!root) return;
  const { Queue, Camera, newKey, expected, keep, forget } = window.OpsPactCounting;
  const words = root.dataset;
  const isRunning = "running" in words;
  const byId = (id) => document.getElementById(id);
  const [place, form, code, results] = ["as-place", "as-form", "as-code", "as-results"].map(byId);
  const placeStore = `opspact.stocktaking.place.${words.store}`;
  const MOST = 60;
  const found = new Map(); // asset's key → key of the scan that found it first on this page
  let list = null;

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
    if (told.asks && isRunning) {
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
    const later = new Set(queue.waiting.map((entry) => entry.confirms)); // settled meanwhile, and on its way
    for (const told of answer.results || []) if (!later.has(told.key)) show(told);
    if (!answer.results) return;
    byId("as-done").textContent = answer.done;
    byId("as-expected").textContent = answer.expected;
    if (window.navigator.vibrate) window.navigator.vibrate(answer.results.some((told) => told.tone !== "good") ? [60, 60, 60] : 40);
  }

  function refuse(text) {
    byId("as-refused").textContent = text || "";
    byId("as-refused").hidden = !text;
  }

  function add(entry) {
    const isKept = queue.add(entry);
    refuse(isKept ? "" : words.wordFull);
    return isKept;
  }

  function confirm(told, isHere) {
    const state = words.wordQueued;
    const text = `${isHere ? words.wordHere : words.wordLedger} ${isHere ? told.here : told.ledger}`;
    show({ ...told, asks: false, status: "queued", state, text });
    add({ key: newKey(), confirms: told.key, is_here: isHere, at: Date.now() });
  }

  const TONES = { sent: "good", waiting: "info", offline: "warn", signin: "bad", refused: "bad" };
  function say(state, waiting) {
    const net = byId("as-net");
    const offline = waiting ? words.wordOffline : words.wordAlone;
    const text = { sent: words.wordSent, offline, signin: words.wordSignin }[state] || words.wordWaiting;
    const isNew = net.dataset.state !== state;
    net.textContent = text.replace("#", waiting);
    net.className = `op-tag op-tag-${TONES[state]}`;
    net.dataset.state = state;
    byId("as-signin").hidden = state !== "signin";
    byId("as-left").hidden = isRunning || !waiting;
    if (isNew && state === "offline") showWaiting();
  }

  const queue = new Queue(words.store, words.scans, say, take);

  // What can be said of a scan before the server has it: from the list that this device has kept.
  function guess(one) {
    const told = { key: one.key, status: "queued", tone: "", title: one.text, state: words.wordQueued, text: "" };
    const asset = list && list.find(one.text);
    if (!list) return told;
    if (!asset) return { ...told, tone: "warn", text: words.wordBeyond };
    told.title = asset.title;
    if ((found.get(asset.key) || one.key) !== one.key) return { ...told, tone: "warn", text: words.wordAgain };
    found.set(asset.key, one.key);
    const here = one.place && [...place.options].find((option) => option.value === one.place);
    if (!here || agrees(one.place, asset.place.value)) return { ...told, tone: "good", text: asset.place.words };
    const names = { here: here.textContent.trim(), ledger: asset.place.words };
    const text = words.wordMismatch.replace("{ledger}", names.ledger).replace("{found}", names.here);
    return { ...told, ...names, tone: "warn", text, asks: queue.state === "offline" };
  }

  // Whether a place is the expected one or lies around it: the drop-down lists a site, its rooms, their racks in turn.
  function agrees(said, expectedPlace) {
    if (said === expectedPlace) return true;
    const options = [...place.options];
    const depth = (option) => Number(option.dataset.depth);
    let at = options.findIndex((option) => option.value === expectedPlace);
    for (let level = at < 0 ? -1 : depth(options[at]); at >= 0 && level > 0; at -= 1) {
      if (depth(options[at]) >= level) continue;
      level = depth(options[at]);
      if (options[at].value === said) return true;
    }
    return false;
  }

  function showWaiting() {
    const entries = queue.waiting;
    const settled = new Map(entries.filter((entry) => entry.confirms).map((entry) => [entry.confirms, entry]));
    for (const one of entries.filter((entry) => !entry.confirms)) {
      const told = guess(one);
      const said = settled.get(one.key);
      const text = said && `${said.is_here ? words.wordHere : words.wordLedger} ${said.is_here ? told.here : told.ledger}`;
      show(said ? { ...told, asks: false, text } : told);
    }
  }

  // The code of a room or rack on a counting sheet chooses the place.
  const PLACE = /^opspact:place:[^:]+:((site|room|rack):\d+)$/i;
  function placed(text) {
    const found = PLACE.exec(text.normalize("NFKC"));
    if (!found || ![...place.options].some((option) => option.value === found[1].toLowerCase())) return false;
    place.value = found[1].toLowerCase();
    place.dispatchEvent(new Event("change"));
    place.classList.add("is-read");
    window.setTimeout(() => place.classList.remove("is-read"), 1500);
    return true;
  }

  function scan(text, byHand) {
    const said = text.trim();
    if (!said || placed(said)) return;
    const one = { key: newKey(), text: said, place: place.value, at: Date.now(), by_hand: byHand };
    if (add(one)) show(guess(one));
  }

  // Once the counting is over nothing is taken any more: what waits is saved as a list, and then given up.
  byId("as-save").addEventListener("click", () => {
    const lines = queue.waiting.map((entry) => [new Date(entry.at).toLocaleString(), entry.text || "", entry.place || ""].join("\t"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}`], { type: "text/plain" }));
    link.download = `${words.store}.txt`;
    link.click();
    byId("as-drop").hidden = false;
  });
  byId("as-drop").addEventListener("click", () => {
    queue.keep([]);
    window.location.reload();
  });
  byId("as-signin").addEventListener("click", () => window.location.reload());

  if (!isRunning) {
    forget(words.page);
    for (const told of JSON.parse(byId("as-recent").textContent).reverse()) show(told);
    showWaiting();
    queue.send();
    return;
  }

  // The place is chosen once and stays, also after the page was loaded again.
  place.value = window.localStorage.getItem(placeStore) || "";
  if (place.selectedIndex < 0) place.value = "";
  place.addEventListener("change", () => {
    window.localStorage.setItem(placeStore, place.value);
    code.focus();
  });

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

  async function prepare() {
    const own = [...document.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], script[src]')];
    const files = own.map((each) => each.href || each.src).filter(Boolean);
    const kept = await keep(words.page, words.worker, [words.list, words.decoder, ...files]);
    const said = byId("as-kept");
    said.dataset.state = kept;
    said.textContent = { kept: words.wordKept, insecure: words.wordInsecure }[kept] || words.wordUnkept;
    list = await expected(words.list);
    showWaiting();
  }

  for (const told of JSON.parse(byId("as-recent").textContent).reverse()) show(told);
  showWaiting();
  queue.send();
  prepare();
})();
