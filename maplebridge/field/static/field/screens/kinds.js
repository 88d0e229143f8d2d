/** What to record. */
import { fill, icon } from "mb/field/fill";
import { KINDS } from "mb/field/forms";
import { names as readNames } from "mb/field/names";
import { head } from "mb/field/parts";
import { say } from "mb/field/words";

export default async function show() {
  const names = await readNames();
  const kinds = KINDS.map((key) => names.form(key)).filter(Boolean);
  const tiles = kinds.map(({ key, label, icon: shape }) => {
    const made = fill("kind", { href: `#/new/${key}`, icon: icon(shape), label: key === "place" ? say("place.new") : label, what: say(`kind.${key}`) });
    made.querySelector("a").classList.toggle("tile-primary", key === "report");
    return made;
  });
  tiles.push(fill("kind", { href: "#/matters/mine", icon: icon("check"), label: say("kind.step_label"), what: say("kind.step") }));
  return fill("kinds", { head: head(say("kind.title"), { back: "#/" }), kinds: tiles });
}
