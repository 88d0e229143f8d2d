/**
 * Finished records: sealed, durable, kept until 30 days after the server's receipt. Beside the sealed
 * bytes stands a few words about each, encrypted under the PIN, for the worker's own list.
 */
import { base64 } from "mb/field/bytes";
import * as drafts from "mb/field/drafts";
import * as holdings from "mb/field/holdings";
import { LAID, lay, sealRecord } from "mb/field/seal";
import { listen, tell, tellAll } from "mb/field/signal";
import { meta, read, write } from "mb/field/store";
import { decrypt, encrypt } from "mb/field/vault";

const KEPT = 30 * 86400_000; // ms after the receipt
const SHOWN = { applied: "counted", quarantined: "returned", set_aside: "returned", kept: "sent" };
const TIES = ["matter", "place", "need", "record"]; // what chains two records together

let summaries = new Map();
listen("vault", (what) => {
  if (what !== "open") summaries = new Map();
});

/** What a record is about: `matter:12`. Two records about one thing keep their order. */
function ties(draft) {
  const facts = { ...draft.body, ...draft.subject };
  return TIES.filter((kind) => facts[kind] != null && typeof facts[kind] !== "object").map((kind) => `${kind}:${facts[kind]}`);
}

async function summaryOf(row) {
  if (!summaries.has(row.id)) {
    // A record of an earlier worker, or a draft handed over: its words can't be read any more.
    const none = { kind: null, title: "", where: "", ties: [] };
    const said = row.summary ? await decrypt(row.summary, `summary:${row.id}`).catch((error) => {
      if (error.code === "locked") throw error;
      return none;
    }) : none;
    summaries.set(row.id, said);
  }
  return summaries.get(row.id);
}

/** The record that must be applied before one about `about`: the latest of this phone still open. */
async function predecessor(id, about) {
  const open = await read("outbox", (tx) => tx.store.index("open").getAll());
  for (const row of open.sort((a, b) => b.seq - a.seq)) {
    if (row.id === id) continue;
    if (about.includes(`record:${row.id}`)) return row.id;
    if ((await summaryOf(row)).ties.some((tie) => about.includes(tie))) return row.id;
  }
  return null;
}

/** The first words of what was typed, for the list. */
function titleOf({ title, body, form }) {
  const said = title || body.text || body.result || body.said || body.note || body.name;
  return String(said || form.label || form.key).slice(0, 60);
}

/**
 * Make a draft a record: sealed, durable when it resolves, then sent as soon as may be. The same
 * draft again is the same record. Throws Trouble: locked, no_key, storage_full (what was typed then
 * stands in its draft).
 * @returns {Promise<string>} its id
 */
export async function finish(draft) {
  await navigator.locks.request("maplebridge-field-finish", async () => {
    await drafts.settled(draft.id);
    const seq = ((await meta.get("seq")) ?? 0) + 1;
    const about = ties(draft);
    const made_at = new Date().toISOString();
    const after = await predecessor(draft.id, about);
    const made = await drafts.record(draft, { after, seq, made_at });
    const summary = { kind: made.kind, title: titleOf(draft), where: String(draft.where || draft.body.address || ""), ties: about };
    const parcel = {
      id: draft.id, seq, made_at, summary: await encrypt(summary, `summary:${draft.id}`), ...(await sealRecord(made)),
    };
    await write([...LAID, "meta"], async (tx) => {
      if (await tx.objectStore("outbox").getKey(draft.id)) return;
      await tx.objectStore("meta").put(seq, "seq");
      await lay(tx, parcel);
    });
  });
  tellAll("drafts", draft.id);
  tellAll("outbox");
  tell("saved");
  return draft.id;
}

/**
 * Every record on this phone, the latest first, with its state and what the server says of it:
 * `files_left` are still to be sent, `files_failed` could not be read by the server.
 */
export async function list() {
  const [rows, files] = await read(["outbox", "files"], (tx) => Promise.all([
    tx.objectStore("outbox").getAll(), tx.objectStore("files").getAll(),
  ]));
  const count = {};
  for (const { record, state } of files) {
    count[record] ??= { waiting: 0, refused: 0, gone: 0 };
    count[record][state] += 1;
  }
  rows.sort((a, b) => (a.made_at < b.made_at ? 1 : -1));
  return Promise.all(rows.map(async (row) => {
    const [{ kind, title, where, ties: about }, news] = await Promise.all([summaryOf(row), holdings.record(row.id)]);
    const { waiting = 0, refused = 0, gone = 0 } = count[row.id] ?? {};
    return {
      id: row.id, kind: kind ?? news?.record ?? null, title, where, about, made_at: row.made_at,
      state: SHOWN[row.state] ?? row.state, reason: news?.reason ?? "", matter: news?.matter ?? null,
      fields: news?.fields ?? null, sent_at: row.sent_at, files_left: waiting, files_failed: refused + gone,
    };
  }));
}

/** How many records have no receipt, and what else the server is told about this phone. */
export async function counts() {
  return read(["outbox", "files", "drafts", "meta"], async (tx) => {
    const [outbox, files] = [tx.objectStore("outbox"), tx.objectStore("files")];
    const rows = await outbox.getAll();
    return {
      unsent: rows.filter((row) => row.unsent !== undefined).length,
      quarantined: rows.filter((row) => row.state === "quarantined").length,
      drafts: await tx.objectStore("drafts").count(),
      files: await files.index("waiting").count(),
      seq: (await tx.objectStore("meta").get("seq")) ?? null,
    };
  });
}

/**
 * The next records to send, in the order they were made.
 * @param {number} most records @param {number} size bytes as sent @param {Set<string>} without ids
 * @returns {Promise<{id: string, sha256: string, sealed: string}[]>}
 */
export function batch(most, size, without) {
  return read(["outbox", "bytes"], async (tx) => {
    const found = [];
    let sum = 0;
    for (let at = await tx.objectStore("outbox").index("unsent").openCursor(); at && found.length < most; at = await at.continue()) {
      const { id, sha256 } = at.value;
      if (without.has(id)) continue;
      const sealed = await tx.objectStore("bytes").get(sha256);
      sum += (sealed.length * 4) / 3 + 160;
      if (found.length && sum > size) break;
      found.push({ id, sha256, sealed: base64(sealed) });
    }
    return found;
  });
}

/**
 * Take the server's receipts: a record is sent only when the receipt names exactly our bytes.
 * @returns {Promise<number>} how many records it settled
 */
export async function settle(receipts) {
  const settled = await write(["outbox", "meta"], async (tx) => {
    const [outbox, facts] = [tx.objectStore("outbox"), tx.objectStore("meta")];
    let last = await facts.get("last");
    let done = 0;
    for (const { id, sha256, receipt, state } of receipts) {
      const row = await outbox.get(id);
      if (row?.sha256 !== sha256 || !Number.isInteger(receipt)) continue;
      const { unsent: _unsent, ...rest } = holdings.told(row, state);
      await outbox.put({ ...rest, receipt, sent_at: row.sent_at ?? Date.now() });
      if (receipt > (last?.receipt ?? 0)) last = { receipt, id };
      done += 1;
    }
    if (done) await facts.put(last, "last");
    return done;
  });
  if (settled) tellAll("outbox");
  return settled;
}

/** Ids of the records that the server once had. */
export async function receipted() {
  const rows = await read("outbox", (tx) => tx.store.getAll());
  return rows.filter((row) => row.receipt !== null).map((row) => row.id);
}

/**
 * The server lost these records and waits for these files (by the hash of their sealed bytes): they
 * wait here again. The last receipt is forgotten, for the server forgot it too.
 */
export async function offerAgain(ids, hashes, epoch) {
  await write(["outbox", "files", "meta"], async (tx) => {
    const [outbox, files] = [tx.objectStore("outbox"), tx.objectStore("files")];
    for (const id of ids) {
      const row = await outbox.get(id);
      if (row) await outbox.put({ ...row, state: "saved", receipt: null, unsent: row.seq, open: 1 });
    }
    for (const file of await files.getAll()) {
      const lost = ids.includes(file.record) || hashes.includes(file.sealed);
      if (lost && file.state !== "draft") await files.put({ ...file, state: "waiting", waiting: 1 });
    }
    await tx.objectStore("meta").delete("last");
    await tx.objectStore("meta").put(epoch, "epoch");
    await tx.objectStore("meta").put(false, "behind");
  });
  tellAll("outbox");
}

/** Drop what the server has had for thirty days, with its files. */
export async function purge(now = Date.now()) {
  await write(["outbox", "bytes", "files"], async (tx) => {
    const [outbox, bytes, files] = ["outbox", "bytes", "files"].map((store) => tx.objectStore(store));
    for (const row of await outbox.getAll()) {
      if (row.receipt === null || now - row.sent_at < KEPT) continue;
      const own = await files.index("record").getAll(row.id);
      if (own.some((file) => file.state === "waiting")) continue;
      for (const file of own) {
        await bytes.delete(file.sealed);
        await files.delete(file.id);
      }
      await bytes.delete(row.sha256);
      await outbox.delete(row.id);
    }
  });
}

/** Everything unsent as one file, sealed as it is: a last way out for a phone that cannot send. */
export async function exportUnsent() {
  const device = await meta.get("device");
  const [records, files] = await read(["outbox", "bytes", "files"], async (tx) => {
    const bytes = tx.objectStore("bytes");
    const rows = await tx.objectStore("outbox").index("unsent").getAll();
    const waiting = await tx.objectStore("files").index("waiting").getAll();
    return [
      await Promise.all(rows.map(async ({ id, sha256 }) => ({ id, sha256, sealed: await bytes.get(sha256) }))),
      await Promise.all(waiting.map(async ({ sealed }) => ({ sha256: sealed, sealed: await bytes.get(sealed) }))),
    ];
  });
  const letters = (rows) => rows.filter((row) => row.sealed).map((row) => ({ ...row, sealed: base64(row.sealed) }));
  const whole = { maplebridge: "unsent 1", device, records: letters(records), files: letters(files) };
  return new Blob([JSON.stringify(whole)], { type: "application/json" });
}
