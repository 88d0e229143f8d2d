/** What goes up: records first, then their files in parts. Needs no open vault. */
import { ask, browserName } from "mb/field/net";
import * as outbox from "mb/field/outbox";
import { Trouble, tell, tellAll } from "mb/field/signal";
import { meta, read, space, write } from "mb/field/store";

const MOST = 100; // records at once
const SIZE = 1_500_000; // bytes at once
const PART = 256 * 1024; // bytes of a file at once
const TELL = 10 * 60_000; // ms after which the server is told how this phone stands, even if no record waits
const ASKED = 1000; // ids at once

let most = MOST; // fewer after a batch that did not come through, more after one that did
let told = 0;

/** The app's build, which the shell names. */
export const build = () => document.querySelector('meta[name="mb-build"]')?.content ?? "";

async function standing() {
  const [{ unsent, quarantined, drafts, seq }, { free, persistent }] = await Promise.all([outbox.counts(), space()]);
  return { unsent, quarantined, drafts, free_bytes: free, seq, app: build(), persistent, browser: browserName() };
}

const isAnswer = (data) => typeof data.now === "string" && typeof data.epoch === "string" && Array.isArray(data.receipts);

const isList = (data) => Array.isArray(data.missing) && Array.isArray(data.files);

/** Server minus phone, from an answer that was asked for at `sent` and came at `came`. */
async function setClock({ data, sent, came }) {
  const offset = Math.round(Date.parse(data.now) - (sent + came) / 2);
  if (Number.isFinite(offset)) await write("meta", async (tx) => {
    await tx.store.put(offset, "offset_ms");
    await tx.store.put(came, "last_contact");
  });
}

/**
 * Send every record that has no receipt, oldest first; tell how this phone stands.
 * @param {() => Promise<void>} progress called after each batch
 */
export async function sendRecords(progress) {
  const tried = new Set(); // each at most once a round: what was damaged on the way waits for the next
  for (;;) {
    const records = await outbox.batch(most, SIZE, tried);
    if (!records.length && Date.now() - told < TELL) return;
    const [epoch, last, state] = await Promise.all([meta.get("epoch"), meta.get("last"), standing()]);
    const json = { sent_at: new Date().toISOString(), epoch: epoch ?? "", last: last ?? null, state, records };
    let answer;
    try {
      answer = await ask("POST", "records", { json, shape: isAnswer });
    } catch (error) {
      const heavy = error.status === 413 || error.slow;
      if (!heavy || records.length < 2) throw error;
      most = Math.max(1, records.length >> 1);
      if (error.slow) throw error; // the next round tries with less
      continue;
    }
    told = Date.now();
    most = Math.min(MOST, most * 2);
    for (const { id } of records) tried.add(id);
    await heed(answer.data); // before new receipts hide that older ones are not known there
    await outbox.settle(answer.data.receipts);
    await setClock(answer);
    await sameMemory(answer.data, tried);
    await progress();
    if (!records.length) return;
  }
}

/** Keep in mind that the server may lack what it once had, until it was asked. */
async function heed({ epoch, lost = false }) {
  const known = await meta.get("epoch");
  const behind = Boolean(known) && (lost || known !== epoch);
  if (behind) await meta.put("behind", true);
  return { known, behind: behind || Boolean(await meta.get("behind")) };
}

/** When the server was restored it may lack what it once had: ask, and offer it again. */
export async function sameMemory(told, tried = new Set()) {
  const { epoch } = told;
  const { known, behind } = await heed(told);
  if (behind) {
    const ids = await outbox.receipted();
    const [missing, wanted] = [[], []];
    for (let at = 0; at < ids.length; at += ASKED) {
      const { data } = await ask("POST", "which", { json: { ids: ids.slice(at, at + ASKED) }, shape: isList });
      missing.push(...data.missing);
      wanted.push(...data.files);
    }
    await outbox.offerAgain(missing, wanted, epoch);
    for (const id of missing) tried.delete(id);
    if (missing.length || wanted.length) tell("saved");
  } else if (known !== epoch) {
    await meta.put("epoch", epoch);
  }
}

/** Is this device still ours? Asked when the vault is closed and nothing may be read. */
export async function stillOurs() {
  const tag = await meta.get("pack_tag");
  await ask("GET", "pack", { headers: tag ? { "If-None-Match": tag } : {}, expect: [200, 304] });
}

/** The file to send next: of the oldest record that itself was received. */
async function nextFile(tried) {
  return read(["files", "outbox"], async (tx) => {
    for (const file of await tx.objectStore("files").index("waiting").getAll()) {
      if (tried.has(file.id)) continue;
      const row = await tx.objectStore("outbox").get(file.record);
      if (row?.receipt) return file;
    }
    return null;
  });
}

const keep = (file, facts) => write("files", async (tx) => {
  const { waiting, ...rest } = { ...(await tx.store.get(file.id)), ...facts };
  await tx.store.put(rest.state === "waiting" ? { ...rest, waiting } : rest);
});

/** How far the server is with a file. A page that poses as the server does not know this header. */
function offsetOf({ headers }, size) {
  const said = headers.get("Upload-Offset");
  const offset = Number(said);
  if (said === null || !Number.isInteger(offset) || offset < 0 || offset > size) throw new Trouble("portal");
  return offset;
}

async function sendFile(file) {
  const path = `files/${file.sealed}`;
  const head = await ask("HEAD", path, { expect: [200, 404] });
  let offset = offsetOf(head, file.size);
  if (head.status === 200) return keep(file, { state: "sent", offset: file.size });
  const bytes = await read("bytes", (tx) => tx.store.get(file.sealed));
  if (!bytes) return keep(file, { state: "gone" });
  for (let anew = 0; ;) {
    const part = bytes.subarray(offset, offset + PART);
    const answer = await ask("PATCH", path, {
      bytes: part,
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset), "Upload-Length": String(file.size) },
      expect: [201, 204, 409, 422],
    });
    if (answer.status === 422) return keep(file, { state: "refused" });
    offset = offsetOf(answer, file.size);
    if (answer.status === 201) return keep(file, { state: "sent", offset });
    if (answer.status === 409 && (anew += 1) > 3) throw new Trouble("server", { status: 409 });
    await keep(file, { offset });
  }
}

/**
 * Send the next waiting file, in parts of 256 kB, from where it stopped.
 * @param {Set<string>} tried files of this round @returns {Promise<boolean>} false when none is left
 */
export async function sendNextFile(tried) {
  const file = await nextFile(tried);
  if (!file) return false;
  tried.add(file.id);
  await sendFile(file);
  tellAll("outbox");
  return true;
}
