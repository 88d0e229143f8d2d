/** What comes down: changes page by page, and what changes seldom. Needs an open vault. */
import * as holdings from "mb/field/holdings";
import { ask } from "mb/field/net";
import { sameMemory } from "mb/field/send";
import { meta } from "mb/field/store";

const PAGE = 120_000; // bytes that a page may have on the wire
const PACK = 60 * 60_000; // ms after which the pack is asked for again
const CALM = 60 * 60_000; // ms between two full readings that a digest asked for

const isPage = (data) => typeof data.cursor === "string" && Array.isArray(data.put) && Array.isArray(data.gone);
const isPack = (data) => Array.isArray(data.forms) && typeof data.me === "object";

/** Ask for forms, categories and the like when they may have changed. */
export async function readPack(anyway = false) {
  const [asked, tag] = await Promise.all([meta.get("pack_asked"), meta.get("pack_tag")]);
  const language = document.documentElement.lang;
  if (!anyway && tag && asked?.language === language && Date.now() - asked.at < PACK) return;
  const { status, data, headers } = await ask("GET", "pack", {
    headers: tag ? { "If-None-Match": tag } : {}, expect: [200, 304], shape: isPack, down: PAGE,
  });
  if (status === 200) await holdings.keepPack(data, headers.get("ETag") ?? "");
  await meta.put("pack_asked", { at: Date.now(), language });
}

/**
 * Read to the end of what changed. The digest is told where the phone believes itself at the end;
 * when the server says that the two differ, everything is read anew, at most once an hour.
 * @param {(rows: number) => void} progress rows read so far
 */
export async function readChanges(progress) {
  await holdings.load();
  let rows = 0;
  for (;;) {
    const [cursor, atEnd] = await Promise.all([meta.get("cursor"), meta.get("at_end")]);
    const query = new URLSearchParams({ cursor: cursor ?? "" });
    if (cursor && atEnd) query.set("digest", await holdings.digest());
    const { data } = await ask("GET", `changes?${query}`, { shape: isPage, down: PAGE });
    await sameMemory(data);
    if (data.restart) await readPack(true); // other posts may mean other forms and areas
    await holdings.apply(data);
    rows += data.put.length;
    progress(rows);
    if (data.drift && (await mayReadAnew())) await meta.put("cursor", "");
    else if (!data.more || data.cursor === cursor) break;
  }
  await meta.put("last_read", Date.now());
  await holdings.finishReading();
}

async function mayReadAnew() {
  if (Date.now() - ((await meta.get("anew")) ?? 0) < CALM) return false;
  await meta.put("anew", Date.now());
  return true;
}
