// Scans and confirmations that wait on this device until the server has them, in their order. Each scan has a key of its
// own, so that sending twice is harmless.
(function () {
  "use strict";
  const RETRY = 5000;
  const AT_A_TIME = 100;

  function newKey() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16)); // browsers before 2022, and pages without HTTPS
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  let token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

  // A page that was kept, or another tab that signed in again, has another token: the page itself tells the new one.
  async function renewed() {
    const answer = await fetch(location.pathname, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const headers = page.body.getAttribute("hx-headers");
    const found = headers && JSON.parse(headers)["X-CSRFToken"];
    const isNew = Boolean(found) && found !== token;
    token = found || token;
    return isNew;
  }

  // What the server answered; null when it can't be reached. An answer that is no JSON is the sign-in page.
  async function post(url, body, isAgain) {
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
        redirect: "manual",
      });
      if (answer.status === 403 && !isAgain && (await renewed())) return post(url, body, true);
    } catch {
      return null;
    }
    if (answer.status >= 500) return null;
    try {
      return await answer.json();
    } catch {
      return { isSignedOut: true };
    }
  }

  class Queue {
    // `told(state, waiting)`: state is sent, waiting, offline, signin or refused; `answered(answer)` for each delivery.
    constructor(store, url, told, answered) {
      this.store = `opspact.stocktaking.${store}`;
      Object.assign(this, { url, told, answered, isSending: false, state: "waiting" });
      window.addEventListener("online", () => this.send());
      window.addEventListener("offline", () => this.say("offline"));
      window.addEventListener("storage", (event) => { if (event.key === this.store) this.say(this.state); });
      window.setInterval(() => { if (this.waiting.length) this.send(); }, RETRY);
    }

    get waiting() {
      try {
        return JSON.parse(window.localStorage.getItem(this.store)) || [];
      } catch {
        return [];
      }
    }

    keep(entries) {
      window.localStorage.setItem(this.store, JSON.stringify(entries));
    }

    // A scan, or with `confirms` (a scan's key) what was said of its place. False when the device has no room left.
    add(entry) {
      try {
        this.keep([...this.waiting, entry]);
      } catch {
        return false;
      }
      this.send();
      return true;
    }

    async send() {
      const entries = this.waiting.slice(0, AT_A_TIME);
      if (this.isSending) return;
      if (!entries.length) return this.say(window.navigator.onLine ? "sent" : "offline");
      this.isSending = true;
      this.say(window.navigator.onLine ? "waiting" : "offline");
      const scans = entries.filter((entry) => !entry.confirms);
      const confirms = entries.filter((entry) => entry.confirms).map((entry) => ({ ...entry, key: entry.confirms }));
      const answer = await post(this.url, { scans, confirms });
      this.isSending = false;
      if (answer === null) return this.say("offline");
      if (answer.isSignedOut) return this.say("signin");
      if (answer.refused) {
        this.say("refused");
        return this.answered(answer);
      }
      const sent = new Set(entries.map((entry) => entry.key));
      this.keep(this.waiting.filter((entry) => !sent.has(entry.key)));
      this.answered(answer);
      return this.send();
    }

    say(state) {
      this.state = state;
      this.told(state, this.waiting.length);
    }
  }

  window.OpsPactCounting = { Queue, newKey };
})();
