/** Why somebody should go somewhere, with the place or matter it is about. */
import * as holdings from "mb/field/holdings";
import { dayOf } from "mb/field/words";

/** @param {object} need @returns {Promise<object>} with `about`: its place, else its matter, else what the need says of a matter that is over */
export async function withThing(need) {
  const place = need.place ? await holdings.place(need.place) : null;
  const matter = need.matter ? await holdings.matter(need.matter) : null;
  return { ...need, about: place ?? matter ?? over(need) };
}

/** @returns {object|null} the matter of a need as far as the need tells of it */
export const over = ({ title, address, area }) => (title ? { title, address, area } : null);

/** @param {(need: object) => boolean} fits @returns {Promise<object[]>} those that have begun, by when they are due */
export async function due(fits) {
  return Promise.all((await holdings.needs((need) => need.from_on <= dayOf() && fits(need))).map(withThing));
}
