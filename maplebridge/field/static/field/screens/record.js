/** One record made on this phone: how far it has come, why it came back, which side is right. */
import * as holdings from "mb/field/holdings";
import * as outbox from "mb/field/outbox";
import * as sync from "mb/field/sync";
import { fill, icon, put } from "mb/field/fill";
import { names as readNames } from "mb/field/names";
import { button, notice } from "mb/field/parts";
import { gone } from "mb/field/screens/matter";
import { knows, moment, say } from "mb/field/words";

const WAY = ["saved", "sent", "counted"];
const REACHED = { saved: 0, sent: 1, waiting: 1, conflict: 1, returned: 1, counted: 2 };

/** @param {string} id */
export default async function show(app, id) {
  const record = (await outbox.list()).find((one) => one.id === id);
  if (!record) return gone();
  const [told, names] = await Promise.all([holdings.record(id), readNames()]);
  const node = fill("record", {
    title: record.title,
    lead: [moment(record.made_at), record.where].filter(Boolean).join(" · "),
    way: WAY.map((step, n) => way(step, n <= REACHED[record.state])),
    said: said(record),
    conflict: null,
    next: [
      record.matter && button(say("record.matter"), "arrow-right", `#/matter/${record.matter}`),
      record.state === "returned" && record.kind && button(say("record.again"), "plus", record.kind === "step" || record.kind === "note" || record.kind === "mediation" ? `#/matter/${record.matter}` : `#/new/${record.kind}`),
    ],
  });
  if (record.state === "conflict") put(node, { conflict: conflict(app, record, told, names) });
  return node;
}

export const live = ["holdings", "outbox"];

function way(step, done) {
  const made = fill("way", { icon: icon(done ? "check-circle" : "circle"), word: done ? say(`record.way_${step}`) : `${say(`record.way_${step}`)} (${say("record.yet")})` });
  made.classList.toggle("is-done", done);
  return made;
}

function said(record) {
  if (record.state === "returned") return notice("bad", record.reason, { title: say("record.returned"), next: say("record.returned_next") });
  if (record.state === "waiting") return notice("info", say("record.waiting"));
  if (record.state === "counted" && record.reason) return notice("info", record.reason);
  if (record.files_left) return notice("info", `${say("record.files")} ${say("n_files", { n: record.files_left })}`);
  return null;
}

/** Field by field: what it was, what somebody else wrote, what I wrote; one of the two is kept. */
function conflict(app, record, told, names) {
  const fields = Object.entries(told?.fields ?? {});
  const shown = words(names);
  const node = fill("conflict", {
    problem: null,
    fields: fields.map(([name, side]) => {
      const made = fill("side", {
        label: label(name, names),
        before_label: say("before"),
        base: shown(name, side.base),
        mine: shown(name, side.mine),
        theirs: shown(name, side.theirs),
        who: side.by || say("conflict.somebody"),
        when: side.at ? moment(side.at) : "",
      });
      for (const radio of made.querySelectorAll("input")) radio.name = name;
      return made;
    }),
  });
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const choose = Object.fromEntries(fields.map(([name]) => [name, node.elements[name].value]));
    const open = fields.find(([name]) => !choose[name]);
    if (open) {
      put(node, { problem: notice("warn", say("choose_all")) });
      return node.querySelector(`[name="${open[0]}"]`).focus();
    }
    try {
      await sync.choose(record.id, choose, node.querySelector("textarea").value.trim());
      app.say(say("chosen"));
      return app.go("#/mine");
    } catch (error) {
      return put(node, { problem: notice("warn", say(["offline", "portal", "server"].includes(error.code) ? "conflict.needs_net" : "went_wrong")) });
    }
  });
  return node;
}

function label(name, names) {
  if (knows(`conflict.${name}`)) return say(`conflict.${name}`);
  return names.fact(name)?.label ?? name;
}

function words(names) {
  return (name, value) => {
    if (value === null || value === undefined || value === "") return say("empty_value");
    if (typeof value === "boolean") return say(value ? "yes" : "no");
    if (name === "kind") return names.kind(value);
    if (name === "status") return names.status(value);
    return String(value);
  };
}
