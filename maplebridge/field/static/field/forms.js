/** Which forms there are to begin, and what they are about when they begin. */
import { uuid7 } from "mb/field/bytes";
import * as drafts from "mb/field/drafts";
import * as holdings from "mb/field/holdings";
import { asks } from "mb/field/fields";
import { names as readNames } from "mb/field/names";
import { say } from "mb/field/words";

/** Kinds in the order in which they are offered. */
export const KINDS = ["report", "visit", "inspection", "note", "mediation", "place"];
// Notes and photos have a form of their own, which asks the same.
const ELSEWHERE = new Set(["remark"]);

/** @returns {Object[]} the steps of this matter that the phone can record: name, label, primary, fields */
export function stepsFor(matter, names) {
  return (matter.steps ?? [])
    .filter((name) => !ELSEWHERE.has(name))
    .map(names.step)
    .filter((step) => step?.fields.every((field) => asks(field.kind) || !field.required))
    .sort((a, b) => Number(Boolean(b.primary)) - Number(Boolean(a.primary)));
}

/**
 * A draft that is stored with its first change.
 * @param {string} kind of record
 * @param {{matter?: string, place?: string, need?: string, step?: string}} about
 * @returns {Promise<Object|null>} null where there is no such form, or no longer this step
 */
export async function begin(kind, about = {}) {
  const names = await readNames();
  const need = await found(holdings.need, about.need);
  const matter = await found(holdings.matter, about.matter ?? need?.matter);
  const place = await found(holdings.place, about.place ?? need?.place);
  const subject = {};
  if (matter) Object.assign(subject, { matter: matter.id, version: matter.version });
  if (place) Object.assign(subject, { place: place.id, version: place.version });
  if (need) subject.need = need.id;
  const asked = kind === "step" ? stepForm(matter, about.step, names) : names.form(kind);
  if (!asked) return null;
  const form = structuredClone(asked);
  form.fixed = [matter && "matter", place && "place"].filter(Boolean);
  if (kind === "visit" && (matter || (need && !place))) form.fields = form.fields.filter((field) => field.kind !== "place");
  const body = {};
  if (kind === "report" && place) body.address = place.address || place.name;
  if (kind === "step") Object.assign(body, { step: about.step, fields: {} });
  if (kind === "place") {
    Object.assign(form, placeForm(form, place, names));
    if (!place) Object.assign(body, { place: uuid7(), create: {} });
  }
  const draft = await drafts.begin(form, subject);
  const where = (thing) => thing?.address || names.area(thing?.area);
  const title = kind === "step" ? `${form.label} · ${matter.title}` : place ? `${form.label} · ${place.name}` : need?.title ? `${form.label} · ${need.title}` : "";
  return Object.assign(draft, { body, title, where: where(place) || where(matter) || where(need) });
}

const found = async (read, id) => (id ? ((await read(id)) ?? null) : null);

function stepForm(matter, name, names) {
  const step = matter && stepsFor(matter, names).find((one) => one.name === name);
  return step && { key: "step", version: 1, step: name, label: step.label, lead: matter.title, icon: "check", fields: step.fields.filter((field) => asks(field.kind) && field.name !== "before") };
}

/** A new place asks kind, name and address; one that is known also the facts of its kind. */
function placeForm(form, place, names) {
  if (!place) return { label: say("place.new") };
  const facts = names.factsOf(place).map((fact) => ({ ...fact, required: false, choices: [] }));
  const fields = [...form.fields.filter((field) => field.name !== "kind"), ...facts];
  const base = Object.fromEntries(fields.map(({ name }) => [name, place[name] ?? place.facts?.[name] ?? null]));
  return { label: say("place.mend"), lead: place.name, base, fields };
}
