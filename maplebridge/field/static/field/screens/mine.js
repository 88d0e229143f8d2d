/** My records: each with where it is and how old, the month as the server counts it, and a way out. */
import * as drafts from "mb/field/drafts";
import * as outbox from "mb/field/outbox";
import * as sync from "mb/field/sync";
import { fill, put } from "mb/field/fill";
import { draftRow, needsAnswer, notice, old, pills, recordRow, rows } from "mb/field/parts";
import { dayOf, month as monthWords, say } from "mb/field/words";

const PAGE = 30;
const FILTERS = {
  every: () => true,
  open: (record) => record.state !== "counted",
  answer: needsAnswer,
};

export default async function show(app, filter = "every") {
  const [records, unfinished] = await Promise.all([outbox.list(), drafts.all()]);
  const kept = unfinished.filter((draft) => draft.id !== app.thrown);
  let shown = PAGE;
  const node = fill("mine", {
    notice: [records.some(old) && notice("bad", say("mine.old_why"), { title: say("mine.old") }), asksForFiles() && notice("info", say("ask_files"))],
    drafts: kept.map(draftRow),
    n_drafts: kept.length || null,
    send: async () => {
      await sync.now({ files: true });
      app.say(say("mine.sent_now"));
    },
    export: async () => download(await outbox.exportUnsent()),
  });
  wifi(node.querySelector("#wifi-only"));
  const draw = () => {
    const found = records.filter(FILTERS[filter]);
    put(node, {
      rows: rows(found.slice(0, shown).map(recordRow), "list", say(records.length ? "mine.none_fit" : "mine.none")),
      more: found.length > shown,
    });
  };
  node.querySelector('[data-act="more"]').addEventListener("click", () => {
    shown += PAGE;
    draw();
  });
  pills(node.querySelector(".pills"), Object.keys(FILTERS).map((one) => [one, say(`mine.${one}`)]), filter, (chosen) => {
    filter = chosen;
    draw();
  });
  draw();
  ledger(node, records);
  return node;
}

export const live = ["holdings", "outbox", "drafts"];

/** The browser does not say what network this is, so photos wait until they are sent by hand. */
function asksForFiles() {
  let asks = false;
  sync.onChange((state) => (asks = state.askFiles))(); // told at once, then not listened to any more
  return asks;
}

/** A box that says whether photos wait for Wi-Fi. */
export async function wifi(box) {
  box.checked = await sync.wifiOnly.get();
  box.addEventListener("change", () => sync.wifiOnly.set(box.checked));
}

/** The figures of a month: the server's, with what has not reached it apart. */
function ledger(node, records) {
  let shown = dayOf().slice(0, 7);
  const step = (by) => () => {
    const [year, number] = shown.split("-").map(Number);
    shown = new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
    draw();
  };
  put(node, { earlier: step(-1), later: step(1) });
  async function draw() {
    const asked = shown;
    put(node, { month: monthWords(shown), ledger: null });
    node.querySelector('[data-act="later"]').disabled = shown >= dayOf().slice(0, 7);
    const here = records.filter((record) => record.state === "saved" && dayOf(record.made_at).startsWith(asked)).length;
    const told = await sync.ledger(asked).catch(() => null);
    if (asked !== shown) return;
    const counts = told?.counts;
    put(node, { ledger: counts ? fill("ledger", { ...texts(counts), unsent: String(here) }) : notice("info", say("mine.no_ledger")) });
  }
  draw();
}

const texts = (counts) => Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, String(n)]));

function download(blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${say("mine.exported")}-${dayOf()}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
