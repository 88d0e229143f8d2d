/**
 * When to send and to read. Rounds begin at a save, at the start, when the network or the page comes
 * back, by a timer, and by hand. One tab sends and one reads at a time; all of them know how it goes.
 */
import { unbase64, uuid7 } from "mb/field/bytes";
import { ask, browserName } from "mb/field/net";
import * as outbox from "mb/field/outbox";
import { readChanges, readPack } from "mb/field/read";
import { sendNextFile, sendRecords, stillOurs } from "mb/field/send";
import { Trouble, listen, tell, tellAll, tellOthers } from "mb/field/signal";
import { meta, persist, roomForPhotos, write } from "mb/field/store";
import * as vault from "mb/field/vault";

const SOON = 60_000; // ms to the next round while something waits …
const LATER = 5 * 60_000; // … and while nothing does
const FIRST = 5_000; // ms after a first failure; doubled with each
const OLD = 86400_000;
const MISSED = ["offline", "portal", "server", "refused"];

const state = {
  phase: "idle", progress: 0, lastContact: null, unsent: 0, filesLeft: 0, trouble: null, behindEpoch: false,
  askFiles: false, notBefore: 0, // what Retry-After asked for
};
let failures = 0;
let timer = 0;
let running = null;
let again = null; // a round that was wished for while one ran
let full = false;

/** @param {(state: object) => void} fn called now and at every change @returns {() => void} */
export function onChange(fn) {
  fn({ ...state });
  return listen("state", (facts) => fn({ ...facts }));
}

function set(facts) {
  Object.assign(state, facts);
  if (full && !state.trouble) state.trouble = "full";
  tellAll("state", { ...state });
}

async function count() {
  const { unsent, files } = await outbox.counts();
  const [lastContact, behind] = await Promise.all([meta.get("last_contact"), meta.get("behind")]);
  set({ unsent, filesLeft: files, lastContact: lastContact ?? null, behindEpoch: Boolean(behind) });
}

/** Photos and voice notes only over Wi-Fi? Kept on this phone. */
export const wifiOnly = {
  get: async () => Boolean(await meta.get("wifi_only")),
  set: (value) => meta.put("wifi_only", Boolean(value)),
};

/** May files go now? true, false, or null where the browser doesn't say what it is connected by. */
async function mayHeavy(asked) {
  if (asked || !(await wifiOnly.get())) return true;
  const type = navigator.connection?.type;
  if (["wifi", "ethernet"].includes(type)) return true;
  return type && !["unknown", "other", "mixed"].includes(type) ? false : null;
}

async function send(asked) {
  set({ phase: "sending" });
  const tried = new Set();
  await sendRecords(count);
  const may = await mayHeavy(asked);
  set({ askFiles: may === null && state.filesLeft > 0 });
  for (let left = may === true; left;) {
    left = await sendNextFile(tried);
    await sendRecords(count); // text that was written meanwhile goes before the next photo
  }
}

async function receive() {
  set({ phase: "reading", progress: 0 });
  await readPack();
  await readChanges((progress) => set({ progress }));
}

/** Once all records are up a phone that leaves is signed off; once all files are, it is no device. */
async function leave() {
  await count();
  if (!(await meta.get("leaving")) || state.unsent) return;
  await ask("DELETE", "devices/me", { expect: [204] });
  if (state.filesLeft) return;
  await write("meta", async (tx) => {
    for (const name of ["leaving", "device"]) await tx.store.delete(name);
  });
  if (state.trouble !== "revoked") set({ trouble: "signed_out" });
}

/** `fn` in this tab alone; false when another tab is at it, which then goes round once more. */
function alone(what, fn) {
  return navigator.locks.request(`maplebridge-field-${what}`, { ifAvailable: true }, async (lock) => {
    if (lock) await fn();
    else tellOthers("wanted");
    return lock !== null;
  });
}

async function round({ files = false } = {}) {
  if (!(await meta.get("device"))) return state.trouble === "revoked" || set({ trouble: "signed_out" });
  try {
    if (await alone("send", () => send(files))) await leave();
    if (vault.isOpen()) await alone("read", receive);
    else if ((await vault.state()) === "locked") await stillOurs();
    failures = 0;
    full = !(await roomForPhotos());
    if (state.trouble !== "revoked" && (await meta.get("device"))) set({ trouble: null, notBefore: 0 });
    if (Date.now() - ((await meta.get("purged")) ?? 0) > OLD) {
      await outbox.purge();
      await meta.put("purged", Date.now());
    }
  } catch (error) {
    await failed(error);
  } finally {
    set({ phase: "idle", progress: 0 });
    await count();
  }
}

async function failed(error) {
  if (error.code === "revoked") await revoked();
  else if (error.code === "signed_out") set({ trouble: "signed_out" });
  else if (MISSED.includes(error.code)) {
    failures += 1;
    const notBefore = error.pause ? Date.now() + error.pause * 1000 : 0;
    set({ trouble: error.code === "refused" ? "server" : error.code, notBefore });
  } else if (error.code !== "locked") {
    failures += 1;
    set({ trouble: "server" });
    console.error(error);
  }
}

/** This phone is no longer a device: what it holds goes; what it has not sent goes up sealed. */
async function revoked() {
  set({ trouble: "revoked" });
  if ((await vault.state()) === "new") return;
  await meta.put("leaving", true);
  await vault.destroy();
  again ??= {};
}

function schedule() {
  clearTimeout(timer);
  const base = failures ? Math.min(LATER, FIRST * 2 ** (failures - 1)) : state.unsent || state.filesLeft ? SOON : LATER;
  const wait = base * (0.5 + Math.random()); // phones that woke together part again
  timer = setTimeout(now, Math.max(wait, state.notBefore - Date.now() + Math.random() * FIRST));
}

/**
 * A round now, or after the one that runs. `files` sends photos whatever the network, this once.
 * Even by hand nothing goes before the time that an overloaded server asked for.
 */
export async function now({ files = false } = {}) {
  again = { files: files || again?.files };
  running ??= (async () => {
    while (again) {
      const wish = again;
      again = null;
      if (Date.now() < state.notBefore) break;
      await round(wish);
    }
  })().finally(() => {
    running = null;
    schedule();
  });
  return running;
}

listen("state", (facts) => Object.assign(state, facts)); // what another tab found out

let started = false;

/** Begin. Also tells the state of what is stored. */
export async function start() {
  if (started) return;
  started = true;
  addEventListener("online", () => soon());
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  listen("saved", () => soon());
  listen("vault", (what) => what === "open" && soon());
  listen("outbox", () => count().catch(() => {}));
  listen("wanted", () => running && (again ??= {}));
  listen("storage", (what) => what === "full" && set({ trouble: "full" }));
  await count();
  await soon();
}

const soon = () => now().catch(() => {});

const cookie = (name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] ?? "";

/**
 * Make this phone a device of whoever is signed in at the desk, and its vault. A phone whose cookie
 * was lost is made one again by the secret of the vault that it has.
 * Throws Trouble: wrong_secret, wait, short_secret, offline, portal, server, signed_out, refused.
 */
export async function enrol(secret) {
  const known = (await vault.state()) !== "new";
  if (known && !(await vault.unlock(secret))) throw new Trouble("wrong_secret");
  vault.goodEnough(secret);
  const { data } = await ask("POST", "devices", {
    json: { browser: browserName() }, headers: { "X-CSRFToken": cookie("csrftoken") }, expect: [201],
    shape: (said) => typeof said.device === "string" && typeof said.key === "string",
  });
  const epoch = (await meta.get("epoch")) ?? data.epoch; // another one is noticed at the first contact
  const facts = { device: data.device, epoch, leaving: false, server_key: unbase64(data.key) };
  await (known ? vault.keep(facts) : vault.enrol(secret, facts));
  set({ trouble: null });
  await Promise.all([persist(), roomForPhotos()]);
}

/**
 * Leave this phone: drafts are handed over sealed, the key and all that it opened are destroyed at
 * once; what is unsent goes up as soon as there is a network, then the device is signed off.
 */
export async function signOut() {
  await meta.put("leaving", true);
  await vault.destroy();
  await now({ files: true });
}

const isObject = (data) => data !== null;

/** The worker's own ledger of a month ("2026-11"), as the appraisal reads it. Needs the network. */
export const ledger = async (month) => (await ask("GET", `ledger?month=${month}`, { shape: (data) => Array.isArray(data.rows), down: 100_000 })).data;

/** One's own record as it was written. Needs the network. */
export const written = async (id) => (await ask("GET", `records/${id}`, { shape: isObject })).data;

/** Decide a conflict, field by field. Needs the network; the same `command` again is the same decision. */
export async function choose(id, choices, note = "", command = uuid7()) {
  const { data } = await ask("POST", `conflicts/${id}`, { json: { id: command, choose: choices, note }, shape: isObject });
  await outbox.settle([data]);
  tell("saved");
  return data;
}
