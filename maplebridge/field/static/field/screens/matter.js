/** One matter: what it is, where it stands, and what may be done about it here. */
import * as drafts from "mb/field/drafts";
import * as holdings from "mb/field/holdings";
import * as outbox from "mb/field/outbox";
import { fill } from "mb/field/fill";
import { stepsFor } from "mb/field/forms";
import { areaAt, draw } from "mb/field/geometry";
import { isOpen } from "mb/field/matters";
import { names as readNames } from "mb/field/names";
import { badge, button, draftRow, head, light, messageRow, nothing, recordRow, status } from "mb/field/parts";
import { ago, say } from "mb/field/words";

const ON_ITS_WAY = new Set(["saved", "sent", "waiting"]);

/** @param {string} id */
export default async function show(app, id) {
  const [matter, names, records, unfinished, messages] = await Promise.all([
    find(id), readNames(), outbox.list(), drafts.all(), holdings.messages(),
  ]);
  if (!matter) return gone();
  const about = records.filter((record) => record.matter === matter.number || record.about.includes(`matter:${matter.id}`));
  const begun = unfinished.filter((draft) => String(draft.subject?.matter) === String(matter.id));
  const point = matter.place_known && matter.lon ? { lon: matter.lon, lat: matter.lat } : null;
  const area = point && areaAt(point, names.outlines);
  const taken = about.filter((record) => record.kind === "step" && ON_ITS_WAY.has(record.state));
  const steps = stepsFor(matter, names).filter((step) => !taken.some((record) => record.title.startsWith(`${step.label} · `)));
  const open = isOpen(matter);
  return fill("matter", {
    back: "#/matters",
    title: matter.title,
    status: status(matter.status),
    light: light(matter.light, matter.due_at),
    returns: matter.returns ? badge("warn", "return", say("returns", { n: matter.returns })) : null,
    urgent: matter.urgent ? badge("bad", "alert", say("urgent")) : null,
    text: matter.text === matter.title ? "" : matter.text,
    number: matter.number,
    category: [names.category(matter.category), matter.reports > 1 ? ` · ${say("reports", { n: matter.reports })}` : ""],
    place: [matter.address, names.area(matter.area)].filter(Boolean).join(" · ") || say("matter.nowhere"),
    lead: matter.mine ? say("my_unit") : matter.lead || say("matter.nobody"),
    last: matter.last ? [names.stepLabel(matter.last.step), ago(matter.last.at)].filter(Boolean).join(" · ") : "",
    outline: area ? draw(area, point) : null,
    steps: steps.map((step, n) => button(step.label, "check", `#/new/step?matter=${matter.id}&step=${step.name}`, n === 0 && step.primary ? "primary" : "secondary")),
    nosteps: taken.length ? say("matter.begun") : steps.length ? "" : say("matter.nosteps"),
    adds: [
      open && button(say("matter.note"), "note", `#/new/note?matter=${matter.id}`),
      open && names.dispute(matter) && button(say("matter.mediation"), "handshake", `#/new/mediation?matter=${matter.id}`),
    ],
    pending: [...begun.map(draftRow), ...about.map(recordRow)],
    messages: messages.filter((message) => message.matter === matter.number).map(messageRow),
  });
}

/** By its id, or by its number, which is what receipts name. */
async function find(id) {
  return (await holdings.matter(id)) ?? (await holdings.matters({ number: id }))[0] ?? null;
}

export const live = ["holdings", "outbox", "drafts"];

/** What moved to another area or was closed for long is not on the phone any more. */
export function gone() {
  const node = document.createElement("div");
  node.className = "stack";
  node.append(head(say("list.gone"), { back: "#/" }), nothing("archive", say("list.gone_why")));
  return node;
}
