/** Where the answers of a form live in its draft, and what its questions ask of it. */
import * as holdings from "mb/field/holdings";

const filled = (value) => value !== undefined && value !== null && value !== "" && !(typeof value === "object" && !Object.keys(value).length);

/**
 * @param {Object} draft @param {Object} names
 * @returns {Promise<Object>} get(name), set(name, value), has(name), answered(question), changed(),
 *   choosePlace(place), chooseMatter(matter), sheet; `onChange` is told of every change
 */
export async function work(draft, names) {
  const { body, form, subject } = draft;
  const answers = form.step ? (body.fields ??= {}) : form.base ? (body.fields ??= {}) : form.key === "place" ? (body.create ??= {}) : body;
  const made = {
    draft,
    names,
    sheet: form.sheet ?? null,
    onChange() {},
    changed: () => made.onChange(),
    get: (name) => (form.base ? (name in answers ? answers[name].mine : form.base[name]) : answers[name]),
    set(name, value) {
      const was = form.base?.[name] ?? null;
      if (form.base && String(was ?? "") === String(value ?? "")) delete answers[name]; // typed again as it was
      else if (form.base) answers[name] = { base: was, mine: value };
      else answers[name] = value;
      made.changed();
    },
    has: (name) => filled(made.get(name)),
    answered(question) {
      if (!question.required) return true;
      if (question.kind === "place" || question.kind === "matter") return Boolean(subject[question.kind]);
      if (question.kind === "checklist") return Boolean(made.sheet) && made.sheet.items.every((item) => answers[question.name]?.[item.code]);
      // What is said counts like what is written.
      if (question.kind === "text" && draft.files.some((file) => file.kind === "voice")) return true;
      return made.has(question.name);
    },
    choosePlace(place) {
      about("place", place);
      if (form.key === "inspection") made.sheet = place ? sheetOf(place) : null;
      made.changed();
    },
    chooseMatter(matter) {
      about("matter", matter);
      made.changed();
    },
  };

  function about(kind, thing) {
    delete subject[kind];
    if (thing) Object.assign(subject, { [kind]: thing.id, version: thing.version });
    draft.where = thing?.address || names.area(thing?.area) || "";
    draft.title = kind === "place" && thing ? `${form.label} · ${thing.name}` : "";
  }

  /** The checklist of this kind of place; another one begins anew. */
  function sheetOf(place) {
    const sheet = names.sheetOf(place) ?? names.pack.checklists[0];
    if (body.checklist !== sheet.code) Object.assign(body, { checklist: sheet.code, checklist_version: sheet.version, items: {}, report: [] });
    form.sheet = sheet;
    return sheet;
  }

  if (form.key === "inspection" && subject.place && !made.sheet) {
    const place = await holdings.place(subject.place);
    if (place) made.sheet = sheetOf(place);
  }
  return made;
}
