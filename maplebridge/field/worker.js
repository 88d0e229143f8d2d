/**
 * Keeps the app on the phone. `KEPT` (each address with the hash of what lies there), `SHELLS`,
 * `ONLINE` and `BUILD` are put before this by service_worker.py; any change of them is a new app.
 * Data never passes through here: it lives in the database of the page.
 */
const CACHE = `field-app-${BUILD}`;
const CHOICE = "field-choice"; // the language that was opened last
const FIXED = /\.[0-9a-f]{12}\.[a-z]+$|@\d[^/]*\//; // never changes under its name

async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
}

/** One file, from an older app or an install that was broken off if it can't have changed, else anew. */
async function fetched(address) {
  const known = FIXED.test(address) && (await caches.match(address));
  if (known) return known;
  const response = await fetch(address, { cache: "reload" });
  const bytes = await response.clone().arrayBuffer();
  // Neither a network's own page nor half of another release becomes part of the app.
  if (!response.ok || response.redirected || (await hash(bytes)) !== KEPT[address]) throw new Error(address);
  return response;
}

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.keys(KEPT).map(async (address) => cache.put(address, await fetched(address))));
}

/** The older app goes only now, when no page of it is open or its worker has been asked to give way. */
async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("field-app-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function kept(address, request) {
  const found = await (await caches.open(CACHE)).match(address, { ignoreVary: true });
  return found ?? fetch(request);
}

/** The shell of the language in the address, else of the last one, else of the phone. */
async function shell(request) {
  const { pathname } = new URL(request.url);
  const choice = await caches.open(CHOICE);
  const named = Object.values(SHELLS).find((address) => address === pathname);
  if (named) await choice.put("/field/choice", new Response(named));
  const last = named ?? (await (await choice.match("/field/choice"))?.text());
  const first = navigator.languages.map((one) => SHELLS[one.slice(0, 2)]).find(Boolean);
  const address = [last, first].find((one) => one in KEPT) ?? Object.values(SHELLS)[0];
  return kept(address, request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (ONLINE.includes(pathname)) event.respondWith(fetch(request).catch(() => shell(request)));
    else if (pathname.startsWith("/field/")) event.respondWith(shell(request));
  } else if (pathname in KEPT) event.respondWith(kept(pathname, request));
});
