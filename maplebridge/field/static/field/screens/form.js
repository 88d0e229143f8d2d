/** A form that is being filled in: kept at every change, judged only when it is saved. */
import * as drafts from "mb/field/drafts";
import * as holdings from "mb/field/holdings";
import * as outbox from "mb/field/outbox";
import { blame, field } from "mb/field/fields";
import { fill, put, slot } from "mb/field/fill";
import { begin } from "mb/field/forms";
import { likely } from "mb/field/likely";
import { beside, distanceWords, head, matterRow, row, status } from "mb/field/parts";
import { names as readNames } from "mb/field/names";
import { position } from "mb/field/position";
import { work as workOn } from "mb/field/work";
import { clock, say } from "mb/field/words";

const WITH_POSITION = new Set(["report", "visit", "inspection", "place", "note"]);
const ANSWERS = "input, textarea, select, button";

/**
 * @param {Object} app `query` says what a new form is about, see forms.begin
 * @param {"new"|"draft"} how @param {string} name kind of record to begin, or id of the draft
 */
export default async function show(app, how, name) {
  const draft = how === "new" ? await begin(name, app.query) : await drafts.open(name);
  if (!draft) return fill("gone", { head: head(say("unfinished"), { back: "#/mine" }) });
  const names = await readNames();
  const work = await workOn(draft, names);
  const { form } = draft;
  const node = fill("form", {
    head: head(form.label, { back: "#/", lead: form.lead ?? "" }),
    subject: await subject(draft, names),
    save: form.step ? say("save_step", { step: form.label }) : say("save"),
  });
  const keeper = keep(draft, (words) => put(node, { saved: words }));
  work.onChange = () => {
    if (!draft.touched) {
      draft.touched = true;
      history.replaceState(null, "", `#/draft/${draft.id}`); // a killed browser opens it again here
    }
    keeper.changed();
    for (const made of fields) made.input.refresh?.();
    react();
  };

  work.discard = () => (draft.touched ? app.discard(draft.id) : app.go("#/"));
  const fields = (work.fields = []);
  const add = (question) => {
    const made = field(question, work);
    fields.push(made);
    slot(node, "fields").append(made);
    return made;
  };
  put(node, { adds: questions(draft, work, add) });
  if (WITH_POSITION.has(form.key) && !form.base) {
    const byHand = form.key === "report" || form.key === "place";
    put(node, { position: position(work, { byHand, fresh: how === "new" && !draft.position }) });
  }
  const same = form.key === "report" ? alike(node, work) : null;
  const react = same ? slowly(same.look) : () => {};
  work.onPosition = react;
  await same?.look();

  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = fields.filter((made) => !work.answered(made.question));
    for (const made of fields) blame(made, missing.includes(made) ? lacking(made.question, form) : "");
    if (missing.length) return missing[0].querySelector(ANSWERS).focus();
    if (same?.asks()) return undefined;
    const press = slot(node, "save");
    press.disabled = true;
    try {
      keeper.changed();
      await keeper.flush();
      const record = await outbox.finish(draft);
      keeper.over = true;
      return app.go(`#/saved/${record}`, { replace: true });
    } catch (error) {
      press.disabled = false;
      if (error.code === "locked") throw error;
      return put(node, { saved: say(error.code === "storage_full" ? "not_saved" : "went_wrong") });
    }
  });
  put(node, { discard: work.discard });
  node.leave = () => keeper.flush();
  return node;
}

/** Ask what must be asked; what is asked more rarely waits behind a button. */
function questions(draft, work, add) {
  const later = [];
  for (const question of together(draft.form.fields)) {
    if (draft.form.fixed?.includes(question.kind)) continue;
    if (question.more && !work.has(question.name)) later.push(question);
    else add(question);
  }
  return later.map((question) => {
    const one = fill("add", { label: question.label.split(/[:：]/)[0] });
    one.addEventListener("click", () => {
      one.remove();
      const made = add(question);
      if (question.name === "urgency") made.prepend(fill("call"));
      made.querySelector(ANSWERS).focus();
    });
    return one;
  });
}

/** Photos and voice stand in one row, as equals. */
function together(fields) {
  const photos = fields.find((one) => one.kind === "photos");
  const voice = fields.find((one) => one.kind === "voice" || one.kind === "voices");
  if (!photos || !voice) return fields;
  const both = { ...photos, spoken: true, label: `${photos.label} · ${voice.label}`, help: [photos.help, voice.help].filter(Boolean).join(" ") };
  return fields.filter((one) => one !== voice).map((one) => (one === photos ? both : one));
}

function lacking(question, form) {
  const spoken = question.kind === "text" && form.fields.some((one) => one.kind.startsWith("voice"));
  return [say("missing", { label: question.label }), spoken ? say("missing_words") : ""].join(" ").trim();
}

/** Save at every change, one write at a time; what changed meanwhile goes with the next. */
function keep(draft, tell) {
  let running = null;
  let dirty = false;
  async function run() {
    while (dirty && !keeper.over) {
      dirty = false;
      try {
        await drafts.save(draft);
        tell(say("saved_at", { time: clock(Date.now()) }));
      } catch (error) {
        tell(say("not_saved"));
        if (error.code !== "storage_full") break;
      }
    }
    running = null;
  }
  const keeper = {
    over: false,
    changed() {
      dirty = true;
      running ??= run();
    },
    flush: async () => running,
  };
  return keeper;
}

/** Run after the typing pauses. */
function slowly(act) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, 400);
  };
}

/** Open matters that may be the same: shown while one writes, and asked once before saving. */
function alike(node, work) {
  const { draft, names } = work;
  const { body } = draft;
  let found = [];
  let asked = false;
  const follow = async (matter) => {
    body.duplicate_of = matter?.id ?? null;
    asked ||= Boolean(matter);
    work.changed();
    await look();
    slot(node, "save").focus();
  };
  async function look() {
    const chosen = names.categories.get(body.category);
    slot(node, "save").disabled = Boolean(chosen?.hand_over);
    const settled = work.fields.find((made) => made.question.name === "settled");
    if (settled) put(settled, { help: chosen?.on_spot === false ? say("not_on_spot") : settled.question.help });
    if (chosen?.hand_over) return put(node, { likely: fill("handed", { drop: work.discard }) });
    if (body.duplicate_of) {
      const matter = await holdings.matter(body.duplicate_of);
      const text = say("follows", { number: [matter?.number, matter?.title].filter(Boolean).join(" ") });
      return put(node, { likely: fill("follows", { text, other: () => follow(null) }) });
    }
    found = (await likely({ ...draft.position, area: body.area, category: body.category, text: body.text })).slice(0, 3);
    const choices = found.map((matter) =>
      fill("likely-one", {
        title: matter.title,
        facts: beside([status(matter.status), names.category(matter.category), matter.address, distanceWords(matter.metres)]),
        same: () => follow(matter),
      }),
    );
    return put(node, { likely: choices.length ? fill("likely", { rows: choices }) : null, save: say(asked && choices.length ? "save_anyway" : "save") });
  }
  const asks = () => {
    if (asked || !found.length || body.duplicate_of) return false;
    asked = true;
    put(node, { save: say("save_anyway") });
    const heading = document.getElementById("likely-head");
    heading.scrollIntoView({ block: "center" });
    heading.focus({ preventScroll: true });
    return true;
  };
  return { look, asks };
}

/** What the form is about, where that was chosen before it was opened. */
async function subject({ form, subject: about }, names) {
  const list = (made) => {
    const box = Object.assign(document.createElement("ul"), { className: "rows" });
    box.append(made);
    return box;
  };
  if (form.fixed?.includes("place")) {
    const place = await holdings.place(about.place);
    return place && list(row(`#/place/${place.id}`, place.name, [names.kindOf(place), place.address || names.area(place.area)].filter(Boolean), []));
  }
  if (!form.fixed?.includes("matter") || form.step) return null;
  const matter = await holdings.matter(about.matter);
  return matter && list(matterRow(matter, names));
}
