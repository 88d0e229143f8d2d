/**
 * What came down: matters, places, needs, messages, and the state of one's own records.
 *
 * At rest it is a log: every page of changes is one encrypted block, and the cursor that follows it
 * is written in the same transaction. In memory it is a map by kind and id, made when the vault
 * opens: thirty blocks open faster than ten thousand rows. A full reading writes its blocks beside
 * the old ones; when it is through, the old ones go, and with them whatever is no longer ours.
 */
import { sha256, unbase64, utf8 } from "mb/field/bytes";
import { listen, tell, tellAll } from "mb/field/signal";
import { meta, read, write } from "mb/field/store";
import { decrypt, encrypt, isOpen } from "mb/field/vault";

const PER_BLOCK = 500;
const SPARE_BLOCKS = 24; // small blocks that may gather before all are written anew
const KINDS = ["matter", "place", "need", "message", "record"];
const COUNTED = ["matter", "place", "need"]; // what the digest is made of

const nothing = () => Object.fromEntries(KINDS.map((kind) => [kind, new Map()]));

let rows = nothing();
let fresh = null; // what a full reading has brought so far
let from = 0; // first block of the present reading
let held = []; // numbers of the blocks in memory
let buried = 0; // rows that stand in a block although they are gone, or newer in another
let loading = null;
let packed = null;

const name = (n) => `block:${n}`;

/** Put a block's rows where they belong. @returns {number} how many took the place of others */
function take(into, { put, gone }) {
  let over = 0;
  for (const row of put) {
    const those = into[row.kind];
    over += those?.has(String(row.id)) ?? 0;
    those?.set(String(row.id), row);
  }
  for (const { kind, id } of gone) over += into[kind]?.delete(String(id)) ?? 0;
  return over;
}

async function readBlocks() {
  const { numbers, bytes, reading, first } = await read(["blocks", "meta"], async (tx) => {
    const blocks = tx.objectStore("blocks");
    const all = await blocks.getAllKeys();
    const known = held.length > 0 && held.every((n, at) => all[at] === n);
    return {
      numbers: all,
      first: known ? held.length : 0,
      bytes: await (known ? blocks.getAll(IDBKeyRange.lowerBound(held.at(-1), true)) : blocks.getAll()),
      reading: await tx.objectStore("meta").get("reading"),
    };
  });
  if (first === 0) {
    rows = nothing();
    fresh = null;
    buried = 0;
  }
  if (reading == null) fresh = null;
  else if (!fresh || reading !== from) fresh = nothing();
  from = reading ?? 0;
  const pages = await Promise.all(bytes.map((block, at) => decrypt(block, name(numbers[first + at]))));
  for (const [at, page] of pages.entries()) {
    const n = numbers[first + at];
    buried += take(rows, page);
    if (fresh && n >= from) take(fresh, page);
  }
  held = numbers;
}

/** Bring memory up to what stands in the database. Throws Trouble("locked"). */
export function load() {
  loading = (loading ?? Promise.resolve()).catch(() => {}).then(readBlocks);
  return loading;
}

const ready = () => loading ?? load();

listen("vault", (what) => {
  if (what === "open") return void load().catch(() => {});
  [rows, fresh, held, loading, packed] = [nothing(), null, [], null, null];
});
listen("holdings", (by) => {
  if (by !== "elsewhere" || !isOpen()) return;
  packed = null;
  load().then(() => tell("holdings", "loaded")).catch(() => {});
});

/**
 * Keep one page of changes and the cursor after it, together or not at all.
 * @param {{cursor: string, more: boolean, restart: boolean, put: object[], gone: object[], scopes: object[]}} page
 */
export async function apply(page) {
  await load(); // another tab may have read before
  const number = (held.at(-1) ?? 0) + 1;
  if (page.restart) [fresh, from] = [nothing(), number];
  const whole = fresh !== null && !page.more;
  const content = page.put.length || page.gone.length || page.restart;
  const [block, scopes] = await Promise.all([
    content && encrypt({ put: page.put, gone: page.gone }, name(number)),
    encrypt(page.scopes, "scopes"),
  ]);
  await write(["blocks", "meta", "outbox"], async (tx) => {
    const [blocks, facts, outbox] = ["blocks", "meta", "outbox"].map((store) => tx.objectStore(store));
    if (content) await blocks.put(block, number);
    if (page.restart) await facts.put(number, "reading");
    if (whole) {
      await blocks.delete(IDBKeyRange.upperBound(from, true));
      await facts.delete("reading");
    }
    await facts.put(page.cursor, "cursor");
    await facts.put(!page.more, "at_end");
    await facts.put(scopes, "scopes");
    for (const row of page.put) {
      const own = row.kind === "record" && (await outbox.get(row.id));
      if (own?.receipt) await outbox.put(told(own, row.state));
    }
  });
  buried += take(rows, page);
  if (fresh) take(fresh, page);
  if (content) held = [...held, number];
  if (whole) {
    [rows, held, buried] = [fresh, held.filter((n) => n >= from), 0];
    fresh = null;
  }
  tell("holdings", "read");
}

/** An outbox row with the state that the server told; `open` is gone when nothing more will come. */
export function told({ open: _open, ...row }, state) {
  const over = ["applied", "quarantined", "set_aside"].includes(state);
  return { ...row, state, ...(over ? {} : { open: 1 }) };
}

/** Tell the other tabs; write all blocks anew when too many small or half-empty ones have gathered. */
export async function finishReading() {
  const count = KINDS.reduce((sum, kind) => sum + rows[kind].size, 0);
  const full = Math.ceil(count / PER_BLOCK);
  if (!fresh && (held.length > full + SPARE_BLOCKS || buried > PER_BLOCK)) await rewrite();
  tellAll("holdings", "elsewhere");
}

async function rewrite() {
  const all = KINDS.flatMap((kind) => [...rows[kind].values()]);
  const first = (held.at(-1) ?? 0) + 1;
  const blocks = [];
  for (let at = 0; at < all.length; at += PER_BLOCK) {
    const number = first + blocks.length;
    blocks.push([number, await encrypt({ put: all.slice(at, at + PER_BLOCK), gone: [] }, name(number))]);
  }
  await write("blocks", async (tx) => {
    await tx.store.clear();
    for (const [number, block] of blocks) await tx.store.put(block, number);
  });
  [held, buried] = [blocks.map(([number]) => number), 0];
}

/** @returns {Promise<string>} what the server compares with its own list (docs/sync.md) */
export async function digest() {
  await ready();
  const lines = COUNTED.flatMap((kind) => [...rows[kind].values()].map((row) => `${kind}:${row.id}:${row.version}\n`));
  return sha256(utf8(lines.sort().join("")));
}

/** Keep what changes seldom, with the tag by which it is asked for again. */
export async function keepPack(pack, tag) {
  const bytes = await encrypt(pack, "pack");
  await write("meta", async (tx) => {
    await tx.store.put(bytes, "pack");
    await tx.store.put(tag, "pack_tag");
    if (pack.key) await tx.store.put(unbase64(pack.key), "server_key");
  });
  packed = pack;
  tellAll("holdings", "elsewhere");
}

/** Me, forms, categories, steps, units, outlines, statuses; null before the first contact. */
export async function pack() {
  if (packed) return packed;
  const bytes = await meta.get("pack");
  packed = bytes ? await decrypt(bytes, "pack") : null;
  return packed;
}

/** The areas this phone holds: [{code, name}]. */
export async function scopes() {
  const bytes = await meta.get("scopes");
  return bytes ? decrypt(bytes, "scopes") : [];
}

const before = (a, b) => (a ?? "9") < (b ?? "9") ? -1 : (a ?? "9") > (b ?? "9") ? 1 : 0;

/** Rows of a kind that pass: a function, or an object whose facts they must have. */
async function those(kind, filter, due) {
  await ready();
  const wanted = Object.entries(filter);
  const fits = typeof filter === "function" ? filter : (row) => wanted.every(([key, value]) => row[key] === value);
  return [...rows[kind].values()].filter(fits).sort((a, b) => before(a[due], b[due]));
}

/** @param {object|((row: object) => boolean)} filter e.g. {mine: true} @returns by when they are due */
export const matters = (filter = {}) => those("matter", filter, "due_at");

/** By when they are due. */
export const needs = (filter = {}) => those("need", filter, "due_on");

/** The newest first. */
export const messages = async (filter = {}) => (await those("message", filter, "at")).reverse();

/** Places whose name or address has all words of `text`, by name; at most `most`. */
export async function places(text = "", most = 50) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = await those("place", (row) => {
    const said = `${row.name} ${row.address}`.toLowerCase();
    return words.every((word) => said.includes(word));
  }, "name");
  return found.slice(0, most);
}

const one = (kind) => async (id) => {
  await ready();
  return rows[kind].get(String(id)) ?? null;
};
export const matter = one("matter");
export const place = one("place");
export const need = one("need");
export const record = one("record");

/** How many rows of each kind are held. */
export async function count() {
  await ready();
  return Object.fromEntries(KINDS.map((kind) => [kind, rows[kind].size]));
}
