/** Today, from what lies on the phone: by need, with no number to reach. */
import * as drafts from "mb/field/drafts";
import * as holdings from "mb/field/holdings";
import * as outbox from "mb/field/outbox";
import { fill } from "mb/field/fill";
import { LIGHTS, byUrgency, isOpen, waitsForMe } from "mb/field/matters";
import { names as readNames } from "mb/field/names";
import { due } from "mb/field/needs";
import { badge, draftRow, light, matterRow, messageRow, needRow, needsAnswer, recordRow, rows, whole } from "mb/field/parts";
import { say, today } from "mb/field/words";

const SHOWN = 4;

export default async function show(app) {
  const [names, needs, matters, records, unfinished, messages] = await Promise.all([
    readNames(), due(() => true), holdings.matters(isOpen), outbox.list(), drafts.all(), holdings.messages(),
  ]);
  const of = (kind) => needs.filter((need) => need.need_kind === kind);
  const answers = [...records.filter(needsAnswer).map(recordRow), ...matters.filter(waitsForMe).map((matter) => matterRow(matter, names, [why(matter)]))];
  const kept = unfinished.filter((draft) => draft.id !== app.thrown);
  const unread = messages.filter((message) => !message.read);
  const sorted = matters.sort(byUrgency);
  const node = fill("today", {
    day: today(),
    drafts: kept.map(draftRow),
    n_drafts: kept.length || null,
    answers: rows(answers, "check-circle", say("today.no_answers")),
    n_answers: answers.length || null,
    lights: LIGHTS.filter((state) => matters.some((matter) => matter.light === state)).map((state) => counted(state, matters)),
    matters: listed(sorted, (matter) => matterRow(matter, names), "flag", "matters"),
    messages: listed(unread, messageRow, "bell", "messages", messages.length > 0),
    n_messages: unread.length || null,
    ...section("visits", of("visit"), names, "visit"),
    ...section("inspections", of("inspection"), names, "inspection"),
  });
  return node;
}

export const live = ["holdings", "outbox", "drafts"];

function why(matter) {
  return badge("warn", matter.status === "dispatched" ? "signed" : "return", say(matter.status === "dispatched" ? "to_accept" : "sent_back"));
}

function counted(state, matters) {
  const made = light(state);
  made.append(` ${matters.filter((matter) => matter.light === state).length}`);
  return made;
}

function section(name, needs, names, shape) {
  return { [name]: listed(needs, (need) => needRow(need, names), shape, name), [`n_${name}`]: needs.length || null };
}

/** The first few, and the way to all of them; or why there are none. */
function listed(found, row, shape, name, always = false) {
  const list = rows(found.slice(0, SHOWN).map(row), shape, say(`today.no_${name}`));
  return found.length > SHOWN || always ? [list, whole(`#/${name}`, say(`today.all_${name}`, { n: found.length }))] : list;
}
