/**
 * Records not yet finished. Each save is durable and has two halves: one the worker opens again,
 * one sealed to the server, so that nothing is lost when this phone may no longer open it.
 */
import { uuid7 } from "mb/field/bytes";
import * as holdings from "mb/field/holdings";
import { sealRecord } from "mb/field/seal";
import { Trouble, tellAll } from "mb/field/signal";
import { meta, read, write } from "mb/field/store";
import { decrypt, encrypt } from "mb/field/vault";

const saving = new Map(); // draft id -> what is being written, and what waits to be

/**
 * A new draft; nothing is stored before the first save. It keeps the whole form it was begun with.
 * @param {string|object} form key of a form in the pack, or the form @param {object} subject
 */
export async function begin(form, subject = {}) {
  const pinned = typeof form === "string" ? (await holdings.pack())?.forms.find((one) => one.key === form) : form;
  if (!pinned) throw new Trouble("no_form", { form });
  const now = new Date().toISOString();
  return {
    id: uuid7(), form: structuredClone(pinned), subject, body: {}, position: null, files: [],
    title: "", where: "", made_at: now, updated_at: now,
  };
}

/** The record that a draft makes, as docs/sync.md wants it. */
export async function record(draft, facts) {
  const [device, offset] = await Promise.all([meta.get("device"), meta.get("offset_ms")]);
  return {
    id: draft.id, kind: draft.form.key, device, form: draft.form.key, form_version: draft.form.version,
    after: null, seq: 0, made_at: draft.updated_at, offset_ms: offset ?? null, subject: draft.subject,
    position: draft.position,
    files: draft.files.map(({ sha256, sealed, size, kind }) => ({ sha256, sealed, size, kind })),
    body: draft.body, ...facts,
  };
}

async function put(draft, also) {
  const [bytes, parcel] = await Promise.all([
    encrypt(draft, `draft:${draft.id}`),
    record(draft, { kind: "draft" }).then(sealRecord),
  ]);
  const { id, made_at, updated_at } = draft;
  const stores = ["drafts", "outbox", ...(also ? ["files", "thumbs", "bytes"] : [])];
  await write(stores, async (tx) => {
    if (await tx.objectStore("outbox").getKey(id)) return; // finished in the meantime
    await tx.objectStore("drafts").put({ id, updated_at, bytes, parcel: { id, made_at, seq: 0, summary: null, ...parcel } });
    await also?.(tx);
  }, { spare: Boolean(also) });
}

/**
 * Keep a draft as it is now; durable when it resolves. Saves of one draft go one after another, and
 * those that would be overtaken are left out. `also` writes a photo in the same transaction.
 */
export function save(draft, also) {
  draft.updated_at = new Date().toISOString();
  const line = saving.get(draft.id) ?? { last: Promise.resolve(), next: null };
  saving.set(draft.id, line);
  const copy = structuredClone(draft);
  if (!also && line.next) {
    line.next.draft = copy;
    return line.next.done;
  }
  const entry = { draft: copy };
  entry.done = line.last.catch(() => {}).then(async () => {
    if (line.next === entry) line.next = null;
    await put(entry.draft, also);
    tellAll("drafts", draft.id);
  });
  line.next = also ? null : entry;
  line.last = entry.done;
  return entry.done;
}

/** Wait for the saves of a draft that are under way. */
export const settled = (id) => saving.get(id)?.last.catch(() => {});

async function opened(row) {
  return decrypt(row.bytes, `draft:${row.id}`);
}

/** All drafts, the latest first. */
export async function all() {
  const rows = await read("drafts", (tx) => tx.store.getAll());
  const drafts = await Promise.all(rows.map(opened));
  return drafts.sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
}

/** One draft, or null. */
export async function open(id) {
  await settled(id);
  const row = await read("drafts", (tx) => tx.store.get(id));
  return row ? opened(row) : null;
}

/** @returns {Promise<number>} how many there are; needs no open vault */
export const count = () => read("drafts", (tx) => tx.store.count());

/** Throw a draft away with its photos and voice notes. */
export async function discard(id) {
  await settled(id);
  await write(["drafts", "files", "thumbs", "bytes"], async (tx) => {
    await tx.objectStore("drafts").delete(id);
    for (const file of await tx.objectStore("files").index("record").getAll(id)) {
      await tx.objectStore("files").delete(file.id);
      await tx.objectStore("thumbs").delete(file.id);
      await tx.objectStore("bytes").delete(file.sealed);
    }
  });
  saving.delete(id);
  tellAll("drafts", id);
}
