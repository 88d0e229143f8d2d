/** A place, or why somebody should go there: what is known, and what to record. */
import * as holdings from "mb/field/holdings";
import { fill } from "mb/field/fill";
import { draw, areaAt } from "mb/field/geometry";
import { names as readNames } from "mb/field/names";
import { button, dueWords, needRow, notice } from "mb/field/parts";
import { gone } from "mb/field/screens/matter";
import { dayOf, say } from "mb/field/words";

/** @param {string} kind "place" or "need" @param {string} id */
export default async function show(_app, kind, id) {
  const [names, needs] = await Promise.all([readNames(), holdings.needs()]);
  const need = kind === "need" ? needs.find((one) => one.id === id) : null;
  const placeId = kind === "place" ? id : need?.place;
  const place = placeId ? await holdings.place(placeId) : null;
  const matter = need?.matter ? await holdings.matter(need.matter) : null;
  const thing = place ?? matter;
  if (!thing) return gone();
  const sheet = place && names.checklist(place.kind);
  const about = need ? `need=${need.id}` : `place=${place.id}`;
  const point = thing.lon ? { lon: thing.lon, lat: thing.lat } : null;
  const area = point && areaAt(point, names.areas);
  return fill("place", {
    back: need ? "#/" : "#/places",
    title: place?.name ?? matter.title,
    lead: [place && names.kind(place.kind), names.area(thing.area)].filter(Boolean).join(" · "),
    why: need ? reason(need, names) : others(needs, place, names),
    facts: facts(thing, place, names),
    outline: area ? draw(area, point) : null,
    acts: [
      sheet && need?.kind !== "visit" && button(say("place.inspection"), "inspection", `#/new/inspection?${about}`, need ? "primary" : "secondary"),
      need?.kind !== "inspection" && button(say("place.visit"), "visit", `#/new/visit?${about}`, need ? "primary" : "secondary"),
      matter && button(say("place.matter"), "arrow-right", `#/matter/${matter.id}`),
      place && button(say("place.report"), "report", `#/new/report?place=${place.id}`),
      place && button(say("place.mend"), "edit", `#/new/place?place=${place.id}`, "quiet"),
    ],
  });
}

export const live = ["holdings"];

function reason(need, names) {
  return notice(need.due_on < dayOf() ? "warn" : "info", [need.note, dueWords(need.due_on)].filter(Boolean).join(" · "), { title: names.reason(need) });
}

function others(needs, place, names) {
  const open = needs.filter((need) => need.place === place.id && need.from_on <= dayOf());
  if (!open.length) return null;
  const list = document.createElement("ul");
  list.className = "rows";
  list.append(...open.map((need) => needRow(need, names)));
  return list;
}

function facts(thing, place, names) {
  const words = (value) => (typeof value === "boolean" ? say(value ? "yes" : "no") : String(value));
  const pairs = [[say("place.address"), thing.address], [say("place.area"), names.area(thing.area)]];
  for (const fact of (place && names.placeKind(place.kind)?.facts) ?? []) {
    const value = place.facts?.[fact.name];
    if (value !== undefined && value !== null && value !== "") pairs.push([fact.label, words(value)]);
  }
  return pairs.filter(([, value]) => value).map(([label, value]) => fill("pairs", { label, value }));
}
