/** What codes are called, from the pack: areas, categories, kinds of places, steps, statuses. */
import { pack as readPack } from "mb/field/holdings";

/** @returns {Promise<Object>} the pack with ways to name what it holds */
export async function names() {
  const pack = (await readPack()) ?? { me: { name: "", posts: [], areas: [] }, forms: [], fields: {} };
  const by = (list, key = "code") => new Map((list ?? []).map((one) => [one[key], one]));
  const outlines = (pack.outlines ?? []).map(({ code, name, shape }) => ({ code, name, geometry: shape }));
  const areas = by([...(pack.me.areas ?? []), ...outlines]);
  const [categories, kinds, steps] = [by(pack.categories), by(pack.place_kinds), by(pack.steps, "name")];
  return {
    pack,
    areas: [...areas.values()],
    outlines,
    categories,
    units: pack.units ?? [],
    area: (code) => nearest(areas, code),
    category: (code) => categories.get(code)?.label ?? "",
    dispute: (matter) => Boolean(categories.get(matter.category)?.dispute),
    kind: (code) => kinds.get(code)?.label ?? code,
    kindOf: (place) => kinds.get(place.place_kind)?.label ?? "",
    factsOf: (place) => kinds.get(place.place_kind)?.facts ?? [],
    fact: (name) => [...kinds.values()].flatMap((kind) => kind.facts).find((one) => one.name === name),
    sheetOf: (place) => pack.checklists?.find((sheet) => sheet.place_kinds.includes(place.place_kind)),
    form: (key) => pack.forms.find((form) => form.key === key),
    status: (code) => pack.statuses?.[code] ?? code,
    stepLabel: (name) => steps.get(name)?.label ?? "",
    step: (name) => steps.get(name) && asked(steps.get(name), pack.fields),
  };
}

/** A step with its questions, those it needs first. */
function asked({ name, label, primary, needs, optional }, fields) {
  const question = (required) => (one) => ({ name: one, required, ...fields[one] });
  return { name, label, primary, fields: [...needs.map(question(true)), ...optional.map(question(false))] };
}

/** The name of the smallest area we know that holds the code. */
function nearest(areas, code = "") {
  for (let length = code.length; length >= 6; length -= 3) {
    const found = areas.get(code.slice(0, length));
    if (found) return found.name;
  }
  return "";
}
