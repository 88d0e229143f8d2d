/** What is finished is closed to everyone but the server: docs/sync.md, "Sealing". */
import { join, sha256, utf8 } from "mb/field/bytes";
import { Trouble } from "mb/field/signal";
import { meta } from "mb/field/store";

const INFO = utf8("maplebridge/seal/1");
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const { subtle } = crypto;

/**
 * @param {Uint8Array} plain
 * @returns {Promise<Uint8Array>} 0x01, key id (4), ephemeral public key (65), ciphertext with tag
 */
export async function seal(plain) {
  const server = await meta.get("server_key");
  if (!server) throw new Trouble("no_key");
  const [theirs, pair] = await Promise.all([
    subtle.importKey("raw", server, CURVE, false, []),
    subtle.generateKey(CURVE, false, ["deriveBits"]),
  ]);
  const ephemeral = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
  const key = await subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: join(INFO, ephemeral, server) },
    await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  // The nonce may be zero: no key is used twice.
  const closed = await subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, plain);
  const id = new Uint8Array(await subtle.digest("SHA-256", server)).subarray(0, 4);
  return join(Uint8Array.of(1), id, ephemeral, new Uint8Array(closed));
}

/** @param {object} record @returns {Promise<{sealed: Uint8Array, sha256: string}>} */
export async function sealRecord(record) {
  const sealed = await seal(utf8(JSON.stringify(record)));
  return { sealed, sha256: await sha256(sealed) };
}

/** The stores that `lay` writes to. */
export const LAID = ["outbox", "bytes", "files", "drafts", "thumbs"];

/**
 * Inside a transaction over LAID: a sealed record takes its place in the outbox, its files begin to
 * wait, its draft is gone. The same record again changes nothing.
 * @param {{id: string, seq: number, made_at: string, sealed: Uint8Array, sha256: string,
 *   summary: Uint8Array|null}} parcel
 */
export async function lay(tx, { sealed, ...row }) {
  const [outbox, files, thumbs] = ["outbox", "files", "thumbs"].map((name) => tx.objectStore(name));
  await tx.objectStore("drafts").delete(row.id);
  if (await outbox.getKey(row.id)) return;
  await outbox.put({ ...row, size: sealed.length, state: "saved", receipt: null, sent_at: null, unsent: row.seq, open: 1 });
  await tx.objectStore("bytes").put(sealed, row.sha256);
  for (const file of await files.index("record").getAll(row.id)) {
    await files.put({ ...file, state: "waiting", waiting: row.seq });
    await thumbs.delete(file.id);
  }
}
