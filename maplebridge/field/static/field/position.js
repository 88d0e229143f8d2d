/** The one point of a record: taken by recording it, shown, removable before it is saved. */
import { fill, put, slot } from "mb/field/fill";
import { areaAt, draw } from "mb/field/geometry";
import { say } from "mb/field/words";

/**
 * @param {Object} work draft, names, changed()
 * @param {{byHand: boolean, fresh: boolean}} how offer the grids where there is no point; take it now
 * @returns {Element}
 */
export function position(work, { byHand, fresh }) {
  const { draft, names } = work;
  const box = fill("position");
  const { outlines } = names;
  const show = (words) => {
    const point = draft.position;
    const area = point && areaAt(point, outlines);
    const where = point && [area?.name ?? say("position_outside"), say("position_taken", { n: Math.ceil(point.accuracy) })].join(" · ");
    put(box, { where: words ?? where ?? say("position_none"), take: !point, remove: Boolean(point), outline: area ? draw({ ...area, name: "" }, point) : null });
    slot(box, "area").hidden = !byHand || Boolean(point);
  };
  const take = () => {
    if (!navigator.geolocation) return show(say("position_denied"));
    show(say("position_asking"));
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        draft.position = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy };
        if (draft.touched || !fresh) work.changed(); // opening a form alone keeps nothing
        show();
        work.onPosition?.();
      },
      () => show(say("position_denied")),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 },
    );
  };
  put(box, {
    take,
    remove: () => {
      draft.position = null;
      work.changed();
      show();
      box.querySelector('[data-act="take"]').focus();
    },
  });
  if (byHand) slot(box, "area").append(...grid(work));
  show();
  if (fresh) take();
  return box;
}

function grid({ names, get, set }) {
  const label = Object.assign(document.createElement("label"), { htmlFor: "position-area", textContent: document.getElementById("t-area-label").content.textContent });
  const select = Object.assign(document.createElement("select"), { id: "position-area" });
  const least = names.areas.filter((one) => !names.areas.some((other) => other !== one && other.code.startsWith(one.code)));
  select.append(new Option("—", ""), ...least.map((area) => new Option(area.name, area.code, false, area.code === get("area"))));
  select.addEventListener("change", () => set("area", select.value));
  if (least.length === 1) select.value = least[0].code; // the server takes a worker's only grid
  return [label, select];
}
