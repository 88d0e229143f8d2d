/** A place, or why somebody should go there: what is known, and what to record. */
import * as holdings from "mb/field/holdings";
import { fill } from "mb/field/fill";
import { draw, areaAt } from "mb/field/geometry";
import { names as readNames } from "mb/field/names";
import { due, over } from "mb/field/needs";
import { button, dueWords, needRow, notice } from "mb/field/parts";
import { gone } from "mb/field/screens/matter";
import { dayOf, say } from "mb/field/words";

/** @param {string} kind "place" or "need" @param {string} id */
export default async function show(_app, kind, id) {
  const names = await readNames();
  const need = kind === "need" ? await holdings.need(id) : null;
  const placeId = kind === "place" ? id : need?.place;
  const place = placeId ? await holdings.place(placeId) : null;
  const matter = need?.matter ? await holdings.matter(need.matter) : null;
  const thing = place ?? matter ?? (need && over(need));
  if (!thing) return gone();
  const sheet = place && names.sheetOf(place);
  const about = need ? `need=${need.id}` : `place=${place.id}`;
  const point = thing.lon ? { lon: thing.lon, lat: thing.lat } : null;
  const area = point && areaAt(point, names.outlines);
  return fill("place", {
    back: need ? "#/" : "#/places",
    title: place?.name ?? thing.title,
    lead: [place && names.kindOf(place), names.area(thing.area)].filter(Boolean).join(" · "),
    why: need ? reason(need) : await others(place, names),
    facts: facts(thing, place, names),
    outline: area ? draw(area, point) : null,
    acts: [
      sheet && need?.need_kind !== "visit" && button(say("place.inspection"), "inspection", `#/new/inspection?${about}`, need ? "primary" : "secondary"),
      need?.need_kind !== "inspection" && button(say("place.visit"), "visit", `#/new/visit?${about}`, need ? "primary" : "secondary"),
      matter && button(say("place.matter"), "arrow-right", `#/matter/${matter.id}`),
      place && button(say("place.report"), "report", `#/new/report?place=${place.id}`),
      place && button(say("place.mend"), "edit", `#/new/place?place=${place.id}`, "quiet"),
    ],
  });
}

export const live = ["holdings"];

function reason(need) {
  return notice(need.due_on < dayOf() ? "warn" : "info", [need.note, dueWords(need.due_on)].filter(Boolean).join(" · "), { title: need.label });
}

async function others(place, names) {
  const open = await due((need) => need.place === place.id);
  if (!open.length) return null;
  const list = document.createElement("ul");
  list.className = "rows";
  list.append(...open.map((need) => needRow({ ...need, about: null }, names))); // the place stands above
  return list;
}

function facts(thing, place, names) {
  const words = (value) => (typeof value === "boolean" ? say(value ? "yes" : "no") : String(value));
  const pairs = [[say("place.address"), thing.address], [say("place.area"), names.area(thing.area)]];
  for (const fact of place ? names.factsOf(place) : []) {
    const value = place.facts?.[fact.name];
    if (value !== undefined && value !== null && value !== "") pairs.push([fact.label, words(value)]);
  }
  return pairs.filter(([, value]) => value).map(([label, value]) => fill("pairs", { label, value }));
}
