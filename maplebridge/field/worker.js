/**
 * Keeps the app on the phone. `FILES` (each address with the hash of what lies there), `SHELLS` (the
 * same by language), `ONLINE` and `BUILD` are put before this by service_worker.py; any change of
 * them is a new app. Data never passes through here: it lives in the database of the page.
 */
const CACHE = `field-app-${BUILD}`;
const CHOICE = "field-choice"; // the shell that was opened last
const FIXED = /\.[0-9a-f]{12}\.[a-z]+$|(@|%40)\d[^/]*\//; // never changes under its name
const KEPT = { ...FILES, ...SHELLS };
const shells = Object.keys(SHELLS);

async function hash(response) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
}

/** One file: of an older app, of an install that was broken off or of the page, else anew. */
async function fetched(address) {
  const fixed = FIXED.test(address);
  const known = fixed && (await caches.match(address));
  if (known) return known;
  for (const cache of fixed ? ["default", "reload"] : ["reload"]) {
    const response = await fetch(address, { cache });
    // Neither a network's own page nor half of another release becomes part of the app.
    if (response.ok && !response.redirected && (await hash(response)) === KEPT[address]) return response;
  }
  throw new Error(address);
}

const app = () => caches.open(CACHE);
const keep = async (address) => (await app()).put(address, await fetched(address));
const find = async (address) => (await app()).match(address, { ignoreVary: true });

/** The shell that was opened last, else the one in the phone's language. */
async function chosen() {
  const last = await (await (await caches.open(CHOICE)).match("/field/choice"))?.text();
  const first = navigator.languages.map((one) => shells.find((address) => address.includes(`/${one.slice(0, 2)}/`)));
  return [last, ...first].find((one) => shells.includes(one)) ?? shells[0];
}

/** All files, and the shells that are open or were; another language comes when it is asked for. */
async function install() {
  const open = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  const wanted = new Set([await chosen(), ...open.map(({ url }) => new URL(url).pathname)]);
  await Promise.all([...Object.keys(FILES), ...shells.filter((address) => wanted.has(address))].map(keep));
}

/** The older app goes only now, when no page of it is open or its worker has been asked to give way. */
async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("field-app-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

/** The shell of the language in the address, else the chosen one; whatever there is without network. */
async function shell(request) {
  const { pathname } = new URL(request.url);
  if (shells.includes(pathname)) await (await caches.open(CHOICE)).put("/field/choice", new Response(pathname));
  const address = await chosen();
  const here = await find(address);
  if (here) return here;
  try {
    await keep(address);
    return await find(address);
  } catch {
    const others = await Promise.all(shells.map(find));
    return fetch(request).catch(() => others.find(Boolean) ?? Response.error());
  }
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
  } else if (pathname in FILES) event.respondWith(find(pathname).then((here) => here ?? fetch(request)));
});
