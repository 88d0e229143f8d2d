/**
 * What the phone can read stands encrypted under one key. The key is wrapped by the PIN and is in
 * memory only while the vault is open. Without the PIN nothing opens; sending needs no open vault.
 */
import { join, text, utf8 } from "mb/field/bytes";
import { LAID, lay } from "mb/field/seal";
import { Trouble, listen, tell, tellAll } from "mb/field/signal";
import { meta, write } from "mb/field/store";

const ROUNDS = 600_000;
const SHORTEST = 6;
/** The vault closes by itself after so many ms without a touch, or out of sight. */
export const LOCK_AFTER = { idle: 5 * 60_000, hidden: 2 * 60_000 };
/** Seconds to wait after the first, second … wrong try; the last holds for all that follow. */
const PAUSES = [0, 0, 0, 5, 30, 120, 600, 1800];
const { subtle } = crypto;
const WRAPPED = ["AES-KW", { name: "AES-GCM" }];

let key = null;
let touched = 0;
let hidden = null;

/** @returns {Promise<"new"|"locked"|"open">} */
export async function state() {
  if (key) return "open";
  return (await meta.get("vault")) ? "locked" : "new";
}

/** @returns {boolean} without asking the storage */
export const isOpen = () => key !== null;

async function wrapping(secret, salt) {
  const material = await subtle.importKey("raw", utf8(secret.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return subtle.deriveKey(rule, material, { name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

/** Throws Trouble("short_secret", {least}). */
export function goodEnough(secret) {
  if (secret.length < SHORTEST) throw new Trouble("short_secret", { least: SHORTEST });
}

async function wrapped(secret, fresh) {
  goodEnough(secret);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const kept = new Uint8Array(await subtle.wrapKey("raw", fresh, await wrapping(secret, salt), "AES-KW"));
  return { salt, kept, tries: 0, until: 0 };
}

async function unwrapped(secret, { salt, kept }, extractable) {
  return subtle.unwrapKey("raw", kept, await wrapping(secret, salt), ...WRAPPED, extractable, ["encrypt", "decrypt"]);
}

/** Keep facts about this device, together. */
export const keep = (facts) => write("meta", async (tx) => {
  for (const [name, value] of Object.entries(facts)) await tx.store.put(value, name);
});

/**
 * Make the vault of a new worker and open it. `facts` are kept in the same transaction: device,
 * epoch, server_key (raw P-256 public key). Throws Trouble: enrolled, short_secret.
 * @param {string} secret PIN or passphrase
 */
export async function enrol(secret, facts) {
  if ((await state()) !== "new") throw new Trouble("enrolled");
  const fresh = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const vault = await wrapped(secret, fresh);
  const opened = await unwrapped(secret, vault, false);
  await keep({ ...facts, vault });
  use(opened);
}

/** The data key, or null for a wrong secret. Throws Trouble("wait", {until}), Trouble("new"). */
function tried(secret, extractable) {
  // One try at a time, in all tabs; counted before it is made, so that killing the page helps nobody.
  return navigator.locks.request("maplebridge-field-unlock", async () => {
    const vault = await meta.get("vault");
    if (!vault) throw new Trouble("new");
    const now = Date.now();
    // A clock that was set back must not lock its owner out for days.
    if (now < vault.until && vault.until <= now + 1000 * PAUSES.at(-1)) throw new Trouble("wait", { until: vault.until });
    const tries = vault.tries + 1;
    const until = now + 1000 * PAUSES[Math.min(tries, PAUSES.length - 1)];
    await meta.put("vault", { ...vault, tries, until });
    try {
      const opened = await unwrapped(secret, vault, extractable);
      await meta.put("vault", { ...vault, tries: 0, until: 0 });
      return opened;
    } catch {
      return null;
    }
  });
}

/** @returns {Promise<boolean>} false for a wrong secret; throws Trouble("wait", {until}) in a pause */
export async function unlock(secret) {
  const opened = await tried(secret, false);
  if (opened) use(opened);
  return opened !== null;
}

/** @returns {Promise<boolean>} false when `old` is wrong; throws as unlock() and enrol() */
export async function changeSecret(old, secret) {
  const opened = await tried(old, true);
  if (opened) await meta.put("vault", await wrapped(secret, opened));
  return opened !== null;
}

/** Forget the key, in every tab. */
export const lock = () => tellAll("vault", "locked");

/**
 * Destroy the key and what was encrypted under it. Drafts go to the outbox as they were sealed when
 * they were saved last; what waits there is still sent. Works while locked.
 */
export async function destroy() {
  await write([...LAID, "meta", "blocks"], async (tx) => {
    for (const draft of await tx.objectStore("drafts").getAll()) await lay(tx, draft.parcel);
    for (const name of ["vault", "pack", "pack_tag", "scopes", "cursor", "reading"]) await tx.objectStore("meta").delete(name);
    for (const name of ["thumbs", "blocks"]) await tx.objectStore(name).clear();
  });
  tellAll("vault", "new");
  tellAll("outbox");
}

/** @param {BufferSource} bytes @param {string} aad what it is, so that nothing stands in for another */
export async function encryptBytes(bytes, aad) {
  if (!key) throw new Trouble("locked");
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return join(iv, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(aad) }, key, bytes)));
}

/** Throws Trouble("locked"), Trouble("unreadable") for what another key or name closed. */
export async function decryptBytes(bytes, aad) {
  if (!key) throw new Trouble("locked");
  const rule = { name: "AES-GCM", iv: bytes.subarray(0, 12), additionalData: utf8(aad) };
  try {
    return await subtle.decrypt(rule, key, bytes.subarray(12));
  } catch {
    throw new Trouble("unreadable");
  }
}

/** Any plain data. @returns {Promise<Uint8Array>} */
export const encrypt = (value, aad) => encryptBytes(utf8(JSON.stringify(value)), aad);

export const decrypt = async (bytes, aad) => JSON.parse(text(await decryptBytes(bytes, aad)));

function use(opened) {
  key = opened;
  touched = Date.now();
  tell("vault", "open"); // other tabs have to open theirs
}

/** Timers sleep in a phone's pocket: what counts is the clock when it wakes. */
function watch() {
  const now = Date.now();
  if (key && (now - touched > LOCK_AFTER.idle || (hidden !== null && now - hidden > LOCK_AFTER.hidden))) tell("vault", "locked");
}

/** The worker is here; also to be called while he is busy without touching, such as speaking. */
export function stay() {
  watch(); // the touch that wakes a phone comes too late
  touched = Date.now();
}

listen("vault", (what) => {
  if (what !== "open") key = null;
});
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, stay, { capture: true, passive: true });
document.addEventListener("visibilitychange", () => {
  watch();
  hidden = document.hidden ? Date.now() : null;
});
setInterval(watch, 10_000);
