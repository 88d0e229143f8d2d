/** The list beside the map: what is in view, its equal for whoever does not use the drawing. */

const ROWS = 50;

/**
 * @param {Element} desk @param {Object} facts words and addresses of the page
 * @param {{closer, mark, home}} hands what a row may do to the map
 */
export function createList(desk, facts, { closer, mark, home }) {
  const rows = desk.querySelector("[data-view-rows]");
  const said = desk.querySelector("[data-view-said]");
  const rest = desk.querySelector("[data-view-rest]");
  const panel = desk.querySelector("[data-map-panel]");
  const { words } = facts;
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const places = new WeakMap();

  const number = new Intl.NumberFormat(document.documentElement.lang);
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => (typeof values[name] === "number" ? number.format(values[name]) : values[name]));
  const counted = (both, n, values = {}) => fill(both[plural.select(n) === "one" ? 0 : 1], { n, ...values });
  const piece = (kind, name) => desk.querySelector(`template[data-${kind}="${name}"]`)?.content.cloneNode(true) ?? "";
  const put = (row, part, text) => { row.querySelector(`[data-part=${part}]`).textContent = text; };

  function matterRow(matter) {
    const row = desk.querySelector("template[data-matter-row]").content.firstElementChild.cloneNode(true);
    row.querySelector("a").href = facts.matter.replace("NUMBER", encodeURIComponent(matter.number));
    for (const part of ["title", "number", "place"]) put(row, part, matter[part]);
    put(row, "group", facts.groups[matter.group] ?? "");
    row.querySelector("[data-part=state]").append(matter.urgent ? piece("light", "urgent") : "", piece("status", matter.status), piece("light", matter.light));
    places.set(row, [matter.lon, matter.lat]);
    return row;
  }

  function squareRow(square) {
    const [lon, lat, n, late, , , , , place] = square;
    const row = desk.querySelector("template[data-square-row]").content.firstElementChild.cloneNode(true);
    put(row, "title", counted(words.square, n));
    put(row, "place", place ? fill(words.near, { place }) : "");
    put(row, "late", late ? fill(words.late, { late }) : words.allInTime);
    row.querySelector("[data-part=late]").classList.add(late ? "tone-red" : "tone-green");
    row.querySelector("button").addEventListener("click", () => closer([lon, lat]));
    places.set(row, [lon, lat]);
    return row;
  }

  function sayOnce(text) {
    if (said.textContent !== text) said.textContent = text;
  }

  function show({ squares, matters, about, more }) {
    const held = rows.contains(document.activeElement);
    squares.sort((a, b) => b[3] - a[3] || b[2] - a[2]);
    const n = squares.reduce((sum, square) => sum + square[2], matters.length);
    const late = squares.reduce((sum, square) => sum + square[3], matters.filter((matter) => matter.late).length);
    sayOnce(n === 0 ? words.none : about ? fill(words.about, { n, late }) : counted(words.view, n, { late }));
    const drawn = [...squares.slice(0, ROWS).map(squareRow), ...matters.slice(0, Math.max(ROWS - squares.length, 0)).map(matterRow)];
    rows.replaceChildren(...drawn);
    const left = squares.length + matters.length - drawn.length;
    rest.textContent = more ? fill(words.more, { n: matters.length }) : left > 0 ? fill(words.rest, { n: left }) : "";
    if (held) (rows.querySelector("[data-row-link]") ?? said).focus({ preventScroll: true });
    mark(null);
  }

  function openPanel(heading, content) {
    panel.querySelector("h2").textContent = heading;
    panel.querySelector("[data-panel-rows]").replaceChildren(...content);
    panel.hidden = false;
    panel.querySelector("h2").focus({ preventScroll: true });
  }

  function close() {
    if (panel.hidden) return;
    const held = panel.contains(document.activeElement);
    panel.hidden = true;
    mark(null);
    if (held) home();
  }

  const over = (event) => mark(places.get(event.target.closest("[data-row]")) ?? null);
  for (const kind of ["focusin", "pointerover"]) rows.addEventListener(kind, over);
  for (const kind of ["focusout", "pointerleave"]) rows.addEventListener(kind, () => mark(null));
  rows.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const links = [...rows.querySelectorAll("[data-row-link]")];
    links[links.indexOf(document.activeElement) + by]?.focus();
    event.preventDefault();
  });
  panel.querySelector("[data-panel-close]").addEventListener("click", close);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  return {
    show,
    close,
    say: sayOnce,
    open(matters) {
      mark([matters[0].lon, matters[0].lat]);
      openPanel(counted(words.here, matters.length), matters.slice(0, ROWS).map(matterRow));
    },
    openUnits(units) {
      openPanel(words.units, units.map((unit) => Object.assign(document.createElement("li"), { textContent: unit })));
    },
  };
}
