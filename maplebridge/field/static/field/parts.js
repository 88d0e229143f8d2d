/** Parts that several screens show: head, notice, badge, light, and a row of each kind of thing. */
import { fill, icon } from "mb/field/fill";
import { ago, day, dayOf, moment, say } from "mb/field/words";

/** Icon and tone of each state of a record made on this phone. */
export const STATES = {
  saved: ["device", "info"],
  sent: ["send", "info"],
  counted: ["check-circle", "good"],
  waiting: ["clock", "calm"],
  conflict: ["alert", "warn"],
  returned: ["return", "bad"],
};
const KIND_ICONS = { report: "report", visit: "visit", inspection: "inspection", note: "note", mediation: "handshake", place: "places", step: "check" };

/** @param {string} kind of record @returns {string} name of its icon */
export const kindIcon = (kind) => KIND_ICONS[kind] ?? "file";

const DAY = 86_400_000;
/** @returns {boolean} whether something of this record has not reached the server */
export const unsent = (record) => record.state === "saved" || record.files_left > 0;
/** @returns {boolean} unsent for more than a day */
export const old = (record) => unsent(record) && Date.now() - new Date(record.made_at) > DAY;

/** @returns {boolean} */
export const needsAnswer = (record) => record.state === "conflict" || record.state === "returned";

export const head = (title, { lead = "", back = "" } = {}) => fill("head", { title, lead, back });

export function notice(tone, text, { title = "", next = null, role = "" } = {}) {
  const box = fill("notice", { text, title, next, icon: icon({ good: "check-circle", info: "info" }[tone] ?? "alert") });
  box.classList.add(`tone-${tone}`);
  if (role) box.setAttribute("role", role);
  return box;
}

export function badge(tone, shape, word) {
  const made = fill("badge", { icon: icon(shape), word });
  made.classList.add(`tone-${tone}`);
  return made;
}

export const nothing = (shape, why) => fill("nothing", { icon: icon(shape), why });

/** A template that the server drew: a light, a status. Unknown ones show their bare name. */
function drawn(id, otherwise) {
  const made = document.getElementById(id);
  return made ? made.content.firstElementChild.cloneNode(true) : badge("calm", "circle", otherwise);
}

export const status = (code) => drawn(`t-status-${code}`, code);

export function light(state, due) {
  if (!state) return null;
  const made = drawn(`t-light-${state}`, state);
  if (due) made.append(Object.assign(document.createElement("span"), { className: "light-due", textContent: dueWords(due, false) }));
  return made;
}

/** @param {string} due a day or a moment @param {boolean} late say that it is over @returns {string} */
export function dueWords(due, late = true) {
  const date = due.length > 10 ? dayOf(due) : due;
  if (date === dayOf()) return say("due_today");
  return say(late && date < dayOf() ? "since" : "due_on", { day: day(date) });
}

/** @param {number} metres @returns {string} */
export function distanceWords(metres) {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return "";
  return metres < 1000
    ? say("metres", { n: Math.max(10, Math.round(metres / 10) * 10) })
    : say("kilometres", { n: (metres / 1000).toFixed(1) });
}

const span = (text) => Object.assign(document.createElement("span"), { textContent: text });
const spans = (...texts) => beside(texts);

/** Facts side by side: texts become spans, what is empty falls out. */
export const beside = (facts) => facts.filter(Boolean).map((one) => (one instanceof Node ? one : span(one)));

export function row(href, title, facts, state) {
  return fill("row", { href, title, facts: beside(facts), state });
}

export function matterRow(matter, names, facts = []) {
  return row(
    `#/matter/${matter.id}`,
    matter.title,
    [...facts, ...spans(names.category(matter.category), matter.address || names.area(matter.area))],
    [matter.urgent ? badge("bad", "alert", say("urgent")) : null, matter.status === "closed" ? status("closed") : light(matter.light, matter.due_at)].filter(Boolean),
  );
}

export function needRow(need, names) {
  const late = need.due_on < dayOf();
  return row(
    `#/need/${need.id}`,
    need.about?.name ?? need.about?.title ?? need.label,
    spans(need.about && need.label, need.note, need.about?.address || names.area(need.area)),
    [badge(late ? "warn" : "calm", late ? "alert" : "calendar", dueWords(need.due_on))],
  );
}

export function recordRow(record) {
  const [shape, tone] = STATES[record.state];
  const made = row(
    `#/of/${record.id}`,
    record.title || say("sealed_record"),
    spans(moment(record.made_at), record.where, record.reason && record.state === "returned" ? record.reason : "", record.files_left ? say("n_files", { n: record.files_left }) : ""),
    [badge(tone, shape, say(`state_${record.state}`))],
  );
  made.querySelector("a").prepend(icon(kindIcon(record.kind)), " ");
  return made;
}

export function draftRow(draft) {
  const { body } = draft;
  const text = body.text || body.result || body.said || body.note || body.fields?.result || body.create?.name || "";
  return row(`#/draft/${draft.id}`, draft.title || draft.form.label, spans(text.slice(0, 60) || say("empty_draft"), say("changed_at", { ago: ago(draft.updated_at) })), [badge("calm", "edit", say("unfinished"))]);
}

export function messageRow(message) {
  const made = row(message.matter ? `#/matter/${message.matter}` : "#/messages", message.text, spans(message.matter, ago(message.at)), message.read ? [] : [badge("info", "bell", say("not_read"))]);
  return made;
}

/** A list of rows, or the sentence that says why there are none. */
export function rows(made, shape, why) {
  if (!made.length) return nothing(shape, why);
  const list = document.createElement("ul");
  list.className = "rows";
  list.append(...made);
  return list;
}

/** A link that leads to the whole list. */
export function whole(href, text) {
  return Object.assign(document.createElement("a"), { className: "btn btn-quiet btn-block", href, textContent: text });
}

export function button(label, shape, act, kind = "secondary") {
  const made = Object.assign(document.createElement(act instanceof Function ? "button" : "a"), { className: `btn btn-${kind}` });
  if (act instanceof Function) {
    made.type = "button";
    made.addEventListener("click", act);
  } else made.href = act;
  if (shape) made.append(icon(shape));
  made.append(span(label));
  return made;
}

/** Chips of which one is pressed. `choices` are [value, label]; `pick` is told the value. */
export function pills(box, choices, current, pick) {
  box.replaceChildren(
    ...choices.map(([value, label]) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "pill", textContent: label });
      made.setAttribute("aria-pressed", String(value === current));
      if (value === current) made.setAttribute("aria-current", "true");
      made.addEventListener("click", () => {
        pills(box, choices, value, pick);
        box.querySelector("[aria-current]")?.focus();
        pick(value);
      });
      return made;
    }),
  );
}
