/** The phone's database. Everything in it is written `{durability: "strict"}`. */
import { openDB } from "idb";
import { Trouble, tell } from "mb/field/signal";

const NAME = "maplebridge-field";
const RESERVE = 2 << 20; // bytes kept free for text: about a thousand records
const ROOM = 20 << 20; // bytes that must be free for a photo
const WAITS = [0, 100, 400, 1500, 4000]; // ms until freed space counts as free

/** One step a version. A step only ever adds: what stands in a phone's outbox is nowhere else. */
const STEPS = [
  (db) => {
    db.createObjectStore("meta");
    db.createObjectStore("drafts", { keyPath: "id" });
    const outbox = db.createObjectStore("outbox", { keyPath: "id" });
    outbox.createIndex("unsent", "unsent"); // its place in the queue; gone with the receipt
    outbox.createIndex("open", "open"); // 1 until the server is through with it
    const files = db.createObjectStore("files", { keyPath: "id" });
    files.createIndex("record", "record");
    files.createIndex("waiting", "waiting");
    db.createObjectStore("thumbs"); // encrypted, by file
    db.createObjectStore("bytes"); // sealed, by their hash
    db.createObjectStore("blocks"); // encrypted pages of what came down
  },
];

let connection = null;

/** Open the database, once. Throws Trouble("storage"). @returns {Promise<import("idb").IDBPDatabase>} */
export function open() {
  connection ??= openDB(NAME, STEPS.length, {
    upgrade: (db, from) => STEPS.slice(from).forEach((step) => step(db)),
    blocked: () => tell("storage", "blocked"), // another tab holds an older app: it must be closed
    blocking: async () => {
      (await connection)?.close(); // a newer app waits for us
      connection = null;
      tell("storage", "old");
    },
    terminated: () => {
      connection = null;
      tell("storage", "closed");
    },
  }).catch((error) => {
    connection = null;
    throw new Trouble("storage", { cause: error });
  });
  return connection;
}

async function run(stores, mode, work) {
  const tx = (await open()).transaction(stores, mode, { durability: "strict" });
  const guarded = async () => {
    try {
      return await work(tx);
    } catch (error) {
      try {
        tx.abort();
      } catch {} // it is over already
      throw error;
    }
  };
  const [made, done] = await Promise.allSettled([guarded(), tx.done]);
  // A full disk shows in the transaction alone; its requests only say that they were broken off.
  if (done.status === "rejected") throw tx.error ?? made.reason ?? done.reason;
  if (made.status === "rejected") throw made.reason;
  return made.value;
}

async function attempt(stores, mode, work) {
  try {
    return await run(stores, mode, work);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    connection = null; // the browser closed it under us
    return run(stores, mode, work);
  }
}

/** One reading transaction; `work` may wait for nothing but the database. */
export const read = (stores, work) => attempt(stores, "readonly", work);

/**
 * One writing transaction, durable when it resolves. Text finds room: what is kept free for it goes
 * first. `spare` marks what may be refused (a photo). `work` may run more than once and may wait for
 * nothing but the database. Throws Trouble("storage_full").
 */
export async function write(stores, work, { spare = false } = {}) {
  const waits = spare ? [] : WAITS;
  for (let n = 0; ; n += 1) {
    try {
      return await attempt(stores, "readwrite", work);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      tell("storage", "full");
      if (n >= waits.length) throw new Trouble("storage_full", { cause: error });
      await makeRoom(n);
      await new Promise((done) => setTimeout(done, waits[n]));
    }
  }
}

/** Give up the reserve; then the photos that the server has; then what the server will send again. */
async function makeRoom(step) {
  await attempt(["bytes", "files", "blocks", "meta"], "readwrite", async (tx) => {
    await tx.objectStore("bytes").delete("reserve");
    if (step < 2) return;
    for (const file of await tx.objectStore("files").getAll()) {
      if (file.state === "sent") await tx.objectStore("bytes").delete(file.sealed);
    }
    if (step < 3) return;
    await tx.objectStore("blocks").clear();
    for (const name of ["cursor", "reading"]) await tx.objectStore("meta").delete(name);
  });
}

/**
 * Make sure that text has its reserve and say whether there is room for photos.
 * @returns {Promise<boolean>}
 */
export async function roomForPhotos() {
  const { free } = await space();
  if (free !== null && free < ROOM) return false;
  if (await read("bytes", (tx) => tx.store.getKey("reserve"))) return true;
  const reserve = new Uint8Array(RESERVE); // chance, for a database may pack what repeats
  for (let at = 0; at < RESERVE; at += 65536) crypto.getRandomValues(reserve.subarray(at, at + 65536));
  try {
    await write("bytes", (tx) => tx.store.put(reserve, "reserve"), { spare: true });
    return true;
  } catch (error) {
    if (error.code === "storage_full") return false;
    throw error;
  }
}

/** @returns {Promise<{free: number|null, persistent: boolean}>} bytes this site may still use */
export async function space() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return { free: quota - usage, persistent: await navigator.storage.persisted() };
  } catch {
    return { free: null, persistent: false };
  }
}

/** Ask the browser never to clear us by itself. @returns {Promise<boolean>} */
export async function persist() {
  return (await navigator.storage?.persist?.()) ?? false;
}

/** Small facts by name: device, epoch, cursor, keys. */
export const meta = {
  get: (key) => read("meta", (tx) => tx.store.get(key)),
  put: (key, value) => write("meta", (tx) => tx.store.put(value, key)),
};
