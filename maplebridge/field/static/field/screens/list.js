/** Long lists with a search: matters, places, visits, inspections, messages. */
import * as holdings from "mb/field/holdings";
import { fill, put } from "mb/field/fill";
import { byUrgency, isLate, isOpen, withWords } from "mb/field/matters";
import { names as readNames } from "mb/field/names";
import { due } from "mb/field/needs";
import { button, head, matterRow, messageRow, needRow, pills, row, rows } from "mb/field/parts";
import { say } from "mb/field/words";

const PAGE = 30;
const FILTERS = {
  every: isOpen,
  mine: (matter) => isOpen(matter) && matter.mine,
  late: (matter) => isOpen(matter) && isLate(matter),
  urgent: (matter) => isOpen(matter) && matter.urgent,
  closed: (matter) => !isOpen(matter),
};

/** Each list: how it is read, its row, its icon, and what it says when it is empty. */
const LISTS = {
  matters: {
    shape: "flag",
    search: "search_matters",
    read: async (text, filter) => {
      const [chosen, said] = [FILTERS[filter] ?? isOpen, withWords(text)];
      return (await holdings.matters((matter) => chosen(matter) && said(matter))).sort(byUrgency);
    },
    row: matterRow,
    filters: Object.keys(FILTERS),
  },
  places: {
    shape: "places",
    search: "search_places",
    read: (text) => holdings.places(text, Infinity),
    row: (place, names) => row(`#/place/${place.id}`, place.name, [names.kindOf(place), place.address || names.area(place.area)], []),
    next: () => button(say("place.new"), "plus", "#/new/place"),
  },
  visits: { shape: "visit", read: () => due((need) => need.need_kind === "visit"), row: needRow },
  inspections: { shape: "inspection", read: () => due((need) => need.need_kind === "inspection"), row: needRow },
  messages: { shape: "bell", read: () => holdings.messages(), row: messageRow },
};

/** @param {string} name of the list @param {string} filter chosen at first */
export default async function show(_app, name, filter = "every") {
  const list = LISTS[name];
  const names = await readNames();
  let text = "";
  let shown = PAGE;
  const node = fill("list", { head: head(say(`list.${name}`), { back: "#/" }), search: list.search, label: list.search ? say(`list.${list.search}`) : "" });
  const draw = async () => {
    const found = await list.read(text, filter);
    const empty = say(`list.no_${name === "inspections" ? "visits" : name}`);
    put(node, {
      rows: rows(found.slice(0, shown).map((one) => list.row(one, names)), list.shape, empty),
      more: found.length > shown,
      shown: found.length > shown ? `${shown} / ${found.length}` : "",
    });
  };
  const input = node.querySelector("input");
  input.placeholder = list.search ? say(`list.${list.search}`) : "";
  input.addEventListener("input", () => {
    text = input.value.trim();
    shown = PAGE;
    draw();
  });
  put(node, { more: () => {}, pills: "" });
  node.querySelector('[data-act="more"]').addEventListener("click", () => {
    shown += PAGE;
    draw();
  });
  if (list.filters) {
    const box = node.querySelector(".pills");
    box.hidden = false;
    pills(box, list.filters.map((one) => [one, say(`list.${one}`)]), filter, (chosen) => {
      filter = chosen;
      shown = PAGE;
      draw();
    });
  }
  if (list.next) node.append(list.next());
  await draw();
  return node;
}
