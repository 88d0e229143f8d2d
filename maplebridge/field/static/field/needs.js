/** Why somebody should go somewhere, with the place or matter it is about. */
import * as holdings from "mb/field/holdings";
import { dayOf } from "mb/field/words";

/** @param {object} need @returns {Promise<object>} with `about`: its place, else its matter, else null */
export async function withThing(need) {
  const place = need.place ? await holdings.place(need.place) : null;
  const matter = need.matter ? await holdings.matter(need.matter) : null;
  return { ...need, about: place ?? matter };
}

/** @param {(need: object) => boolean} fits @returns {Promise<object[]>} those that have begun, by when they are due */
export async function due(fits) {
  return Promise.all((await holdings.needs((need) => need.from_on <= dayOf() && fits(need))).map(withThing));
}
