/** What the work at the door needs of a browser, tried for real; nothing leaves the phone. */

const NAME = "maplebridge-test";
const LITTLE = 200; // MB
const within = (promise, ms) => Promise.race([promise, new Promise((_, fail) => setTimeout(fail, ms, new Error("time")))]);

async function worker() {
  if (!isSecureContext || !navigator.serviceWorker) return "bad";
  await within(navigator.serviceWorker.ready, 60_000); // it fetches the whole app first
  return "ok";
}

async function write() {
  const wanted = crypto.getRandomValues(new Uint8Array(1000)).join();
  const db = await asked(Object.assign(indexedDB.open(NAME, 1), { onupgradeneeded: (event) => event.target.result.createObjectStore("x") }));
  const put = db.transaction("x", "readwrite", { durability: "strict" });
  put.objectStore("x").put(wanted, 1);
  await new Promise((done, fail) => Object.assign(put, { oncomplete: done, onabort: fail, onerror: fail }));
  const read = await asked(db.transaction("x").objectStore("x").get(1));
  db.close();
  indexedDB.deleteDatabase(NAME);
  return read === wanted ? "ok" : "bad";
}

const asked = (request) => new Promise((done, fail) => Object.assign(request, { onsuccess: () => done(request.result), onerror: fail, onblocked: fail }));

async function lock() {
  const { subtle } = crypto;
  const pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  await subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, new Uint8Array(9));
  return pair.privateKey ? "ok" : "bad";
}

async function keep() {
  return (await navigator.storage.persist()) ? "ok" : "warn";
}

async function camera() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  canvas.getContext("2d").fillRect(0, 0, 8, 8);
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.7));
  const image = await createImageBitmap(drawn, { imageOrientation: "from-image" });
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return image.width === 8 && devices.some(({ kind }) => kind === "videoinput") ? "ok" : "warn";
}

async function voice() {
  return navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder ? "ok" : "warn";
}

async function position() {
  const found = await new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail, { timeout: 20_000, maximumAge: 60_000 }));
  return ["ok", Math.ceil(found.coords.accuracy)];
}

async function space() {
  const { quota, usage } = await navigator.storage.estimate();
  const free = Math.floor((quota - usage) / 1_000_000);
  return [free < LITTLE ? "warn" : "ok", free];
}

/** Name, trial, and what a failure means: "bad" makes the browser unfit, "warn" limits it. */
export const CHECKS = [
  ["worker", worker, "bad"],
  ["write", write, "bad"],
  ["lock", lock, "bad"],
  ["keep", keep, "warn"],
  ["space", space, "warn"],
  ["camera", camera, "warn"],
  ["voice", voice, "warn"],
  ["position", position, "warn"],
];

/**
 * Try everything, one after another.
 * @param {(name: string, state: "ok"|"warn"|"bad", n?: number) => void} tell after each trial
 * @returns {Promise<"ok"|"warn"|"bad">} the worst of all
 */
export async function trial(tell) {
  let worst = "ok";
  for (const [name, run, otherwise] of CHECKS) {
    let state = otherwise;
    let n = 0;
    try {
      [state, n] = [await run()].flat();
    } catch {} // a trial that throws has failed
    tell(name, state, n ?? 0);
    if (state === "bad" || (state === "warn" && worst === "ok")) worst = state;
  }
  return worst;
}
