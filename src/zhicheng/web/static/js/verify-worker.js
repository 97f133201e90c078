// Keeps the page that checks licences, with its keys and lists: the newest from the city, else what is kept.
const KEPT = "licences-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep(urls) {
  const cache = await caches.open(KEPT);
  const outcomes = await Promise.allSettled(urls.map((url) => cache.add(new Request(url, { cache: "no-cache" }))));
  return outcomes.every((outcome) => outcome.status === "fulfilled");
}

self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data.keep).then((good) => event.ports[0].postMessage(good)));
});

async function answer(request) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && await cache.match(request, { ignoreVary: true })) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true, ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && new URL(event.request.url).origin === self.location.origin) event.respondWith(answer(event.request));
});
