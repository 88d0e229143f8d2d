/** What codes are called: the pack's names for areas, categories, units, kinds and reasons. */
import { pack as readPack } from "mb/field/holdings";

/** @returns {Promise<Object>} the pack with ways to name what it holds */
export async function names() {
  const pack = await readPack();
  const by = (list, key = "code") => new Map((list ?? []).map((one) => [String(one[key]), one]));
  const areas = by(pack.areas ?? pack.me?.areas);
  const categories = by(pack.categories);
  const units = by(pack.units, "id");
  const kinds = by(pack.place_kinds);
  return {
    pack,
    areas: [...areas.values()],
    categories,
    units: [...units.values()],
    area: (code) => nearest(areas, code),
    category: (code) => categories.get(code)?.label ?? "",
    dispute: (matter) => String(matter.category ?? "").startsWith("A"), // the catalogue's group of disputes
    unit: (code) => units.get(String(code))?.name ?? "",
    kind: (code) => kinds.get(code)?.label ?? code,
    facts: new Map((pack.place_kinds ?? []).flatMap((kind) => kind.facts.map((fact) => [fact.name, fact]))),
    kindOf: (place) => kinds.get(place.place_kind)?.label ?? "",
    factsOf: (place) => kinds.get(place.place_kind)?.facts ?? [],
    sheetOf: (place) => pack.checklists.find((sheet) => sheet.place_kinds.includes(place.place_kind)),
    form: (key) => pack.forms.find((form) => form.key === key),
    reason: (need) => pack.reasons?.[need.reason] ?? need.reason,
  };
}

/** The name of the smallest area we know that holds the code. */
function nearest(areas, code = "") {
  for (let length = code.length; length >= 6; length -= 3) {
    const found = areas.get(code.slice(0, length));
    if (found) return found.name;
  }
  return "";
}
