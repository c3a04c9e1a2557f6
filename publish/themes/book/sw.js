{# Keeps an edition's site on the reader's device: pages, scripts and the search at once, pictures as they are seen. #}
"use strict";
const PREFIX = {{ (publication.slug ~ " " ~ publication.edition.key ~ " ")|tojson }};
const KEPT = PREFIX + {{ version|tojson }};
const FILES = {{ files|tojson }};

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(PREFIX) && name !== KEPT;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

async function answer(request) {
  const kept = await caches.open(KEPT);
  const found = await kept.match(request, { ignoreSearch: true });
  if (found) return found;
  const fresh = await fetch(request);
  if (fresh.ok && request.destination === "image") await kept.put(request, fresh.clone());
  return fresh;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(registration.scope)) event.respondWith(answer(request));
});
