// What lets a device count without a network: the page kept by its service worker, and the list of what is expected.
(function () {
  "use strict";
  const MARK = /^opspact:asset:([^:]+):(.+)$/i;
  const PATH = /^\/c\/([^/]+)\/(a|assets)\/(.+?)\/?$/;

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  // As the server reads labels: a mark, the address of an asset's page, or a bare code or serial number.
  function read(scanned) {
    const text = scanned.normalize("NFKC").replace(/\p{C}/gu, "").trim();
    let found = MARK.exec(text);
    if (found) return { contract: decoded(found[1]), code: decoded(found[2]) };
    try {
      found = text.includes("://") && PATH.exec(new URL(text).pathname);
    } catch {
      found = null;
    }
    if (!found) return { contract: "", code: text };
    const name = decoded(found[3]);
    return { contract: decoded(found[1]), code: found[2] === "a" ? name : "", asset: found[2] === "a" ? null : Number(name) };
  }

  class Expected {
    constructor(list) {
      this.contract = list.contract;
      this.places = list.places.map(([value, words]) => ({ value, words }));
      this.byText = new Map();
      this.byKey = new Map();
      // Codes last: a code goes before another asset's serial number.
      for (const at of [1, 0]) for (const row of list.rows) if (row[at]) this.byText.set(row[at].toLowerCase(), row);
      for (const row of list.rows) this.byKey.set(row[4], row);
    }

    // The asset that was scanned and where it is expected; null when it is not on the list.
    find(scanned) {
      const { contract, code, asset } = read(scanned);
      if (contract && contract.toLowerCase() !== this.contract.toLowerCase()) return null;
      const row = asset ? this.byKey.get(asset) : this.byText.get(code.toLowerCase());
      return row ? { key: row[4], title: `${row[0]} ${row[2]}`, place: this.places[row[3]] } : null;
    }
  }

  // The list from the network or what is kept of it; null where there is neither.
  async function expected(url) {
    try {
      const answer = await fetch(url);
      return answer.ok && !answer.redirected ? new Expected(await answer.json()) : null;
    } catch {
      return null;
    }
  }

  // Whether the page opens without a network from now on; "insecure" where the browser allows none of it.
  async function keep(page, worker, urls) {
    if (!window.isSecureContext || !("serviceWorker" in navigator) || !window.caches) return "insecure";
    try {
      await navigator.serviceWorker.register(worker, { scope: page, updateViaCache: "none" });
      const cache = await caches.open(`opspact-count:${page}`);
      const wanted = [...new Set([page, ...urls].map((url) => new URL(url, location.href).href))];
      await cache.addAll(wanted.map((url) => new Request(url, { cache: "no-cache" })));
      for (const old of await cache.keys()) if (!wanted.includes(old.url)) await cache.delete(old);
      await cache.put(`${page}kept-at`, new Response(String(Date.now())));
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
      return "kept";
    } catch {
      return (await caches.has(`opspact-count:${page}`)) ? "kept" : "failed";
    }
  }

  async function forget(page) {
    if (window.caches) await caches.delete(`opspact-count:${page}`);
  }

  Object.assign(window.OpsPactCounting, { expected, keep, forget });
})();
