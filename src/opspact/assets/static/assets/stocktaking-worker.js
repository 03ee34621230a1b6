// Keeps the counting page openable without a network. It answers for that page alone, with what the page has kept;
// whoever is signed out is given nothing, and what was kept goes.
(function () {
  "use strict";
  const PAGE = new URL(self.registration.scope).pathname;
  const NAME = `opspact-count:${PAGE}`;
  const KEPT_FOR = 24 * 3600 * 1000;
  const WAIT = 4000; // ms for the network where something is kept
  const REFUSED = [401, 403, 404, 410];

  async function kept(request) {
    if (!(await self.caches.has(NAME))) return null;
    const cache = await self.caches.open(NAME);
    const at = await cache.match(`${PAGE}kept-at`);
    const isFresh = at && Date.now() - Number(await at.text()) < KEPT_FOR;
    return isFresh ? (await cache.match(request, { ignoreVary: true })) || null : null;
  }

  async function network(request, fallback) {
    const answer = self.fetch(request).catch(() => null);
    if (!fallback) return answer;
    return Promise.race([answer, new Promise((done) => self.setTimeout(() => done(null), WAIT))]);
  }

  async function page(request) {
    const fallback = await kept(request);
    const answer = await network(request, fallback);
    if (answer && (answer.type === "opaqueredirect" || REFUSED.includes(answer.status))) {
      await self.caches.delete(NAME);
      return answer;
    }
    return answer && answer.ok ? answer : fallback || answer || Response.error();
  }

  async function file(request) {
    const fallback = await kept(request);
    const answer = await network(request, fallback);
    return answer && answer.ok ? answer : fallback || answer || Response.error();
  }

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
    event.respondWith(request.mode === "navigate" ? page(request) : file(request));
  });
})();
