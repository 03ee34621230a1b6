// Whoever is signed out leaves no page behind on this device: those kept to be opened without a network go.
(function () {
  "use strict";
  if (!window.caches) return;
  caches.keys().then((names) => names.filter((name) => name.startsWith("opspact-")).forEach((name) => caches.delete(name)));
})();
