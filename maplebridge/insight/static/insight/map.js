/**
 * The staff's map. Squares from afar, single matters from near, and beside it the same as a list.
 * What is drawn comes from the server for a box wider than the view, and is asked for again only
 * when the view leaves that box, the zoom changes or the filter does.
 */
import * as maplibre from "maplibre-gl";
import { baseMap } from "mb/basemap";
import { layersOf, outlinesOf } from "mb/insight/layers";
import { drawWhenAsked, ringName, signName } from "mb/insight/symbols";
import { createList } from "mb/insight/view_list";

const PAD = 0.25; // of the view, asked for on each side
const KEPT = 24; // answers kept, each for at most a minute
const KEPT_MS = 60_000;
const desk = document.querySelector("[data-mapdesk]");
const canvas = desk.querySelector("[data-map-canvas]");
const form = desk.querySelector("[data-map-filter]");
const facts = JSON.parse(desk.dataset.facts);
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = new Intl.NumberFormat(document.documentElement.lang);
const kept = new Map();
let shown = null; // {box, zoom, query, answer, at}
let waiting = null; // the request under way
let map;
let list;

/** The filter as an address has it: empty fields left out, but "all" said, as "open" is silent. */
function query() {
  const said = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...said]) if (!value && name !== "state") said.delete(name);
  return said.toString();
}

const view = () => {
  const [[west, south], [east, north]] = map.getBounds().toArray();
  return [west, south, east, north];
};
const within = (inner, outer) => inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];

/** The view with a margin, its edges on lines that come again, so that answers can be kept. */
function wide([west, south, east, north], zoom) {
  const grain = 180 / 2 ** zoom;
  const [padX, padY] = [(east - west) * PAD, (north - south) * PAD];
  const low = (edge, least) => Math.max(Math.floor(edge / grain) * grain, least);
  const high = (edge, most) => Math.min(Math.ceil(edge / grain) * grain, most);
  return [low(west - padX, -180), low(south - padY, -90), high(east + padX, 180), high(north + padY, 90)];
}

/** Does what is shown hold for this view too? Single matters do when one only looks closer. */
function serves(held, box, zoom, said) {
  if (!held || held.query !== said || Date.now() - held.at > KEPT_MS || !within(box, held.box)) return false;
  const whole = !held.answer.more && !held.answer.squares.length && held.zoom >= facts.singlesFrom;
  return held.zoom === zoom || (whole && zoom > held.zoom);
}

async function refresh() {
  const [box, zoom, said] = [view(), Math.floor(map.getZoom()), query()];
  if (serves(shown, box, zoom, said)) return tell();
  waiting?.abort();
  const asked = { box: wide(box, zoom), zoom, query: said };
  const key = `${said}|${zoom}|${asked.box}`;
  const old = kept.get(key);
  if (old && serves(old, box, zoom, said)) return draw(old);
  waiting = new AbortController();
  try {
    const bbox = asked.box.map((edge) => edge.toFixed(6)).join();
    const reply = await fetch(`${facts.points}?bbox=${bbox}&zoom=${zoom}&${said}`, { signal: waiting.signal });
    if (!reply.ok || reply.redirected) throw new Error(`${reply.status} ${reply.url}`);
    const made = { ...asked, answer: await reply.json(), at: Date.now() };
    kept.delete(key);
    kept.set(key, made);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return draw(made);
  } catch (error) {
    if (error.name !== "AbortError") list.say(facts.words.failed);
    return undefined;
  }
}

const point = (lon, lat, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } });

/** Places, to a metre, with several matters: one sign hides the others. @returns {Array} [lon, lat, n] */
function piles(matters) {
  const found = new Map();
  for (const { lon, lat } of matters) {
    const key = `${lon.toFixed(5)} ${lat.toFixed(5)}`;
    found.set(key, [lon, lat, (found.get(key)?.[2] ?? 0) + 1]);
  }
  return [...found.values()].filter(([, , n]) => n > 1);
}

function draw(made) {
  const begun = performance.now();
  if (shown !== made) {
    shown = made;
    const { squares, matters } = made.answer;
    map.getSource("matters").setData({
      type: "FeatureCollection",
      features: [
        ...squares.map(([lon, lat, n, late], index) =>
          point(lon, lat, { index, n, said: number.format(n), picture: ringName(n, late), late: late ? facts.words.late.replace("%(late)s", number.format(late)) : "" })),
        ...matters.map((matter, index) => point(matter.lon, matter.lat, { index, number: matter.number, picture: signName(matter) })),
        ...piles(matters).map(([lon, lat, n]) => point(lon, lat, { pile: `×${number.format(n)}` })),
      ],
    });
  }
  tell();
  performance.measure("map:drawn", { start: begun }); // read by tools/map_frames.py
}

/** Say and list what is in view, out of what is held. */
function tell() {
  const box = view();
  const inside = (lon, lat) => lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3];
  const { squares, matters, more } = shown.answer;
  const seen = squares.filter(([lon, lat]) => inside(lon, lat));
  // Of a square over the edge only some matters are in view: then the number is not exact.
  const cut = squares.some(([, , , , west, south, east, north]) =>
    west <= box[2] && east >= box[0] && south <= box[3] && north >= box[1] && !within([west, south, east, north], box));
  list.show({ squares: seen, matters: matters.filter(({ lon, lat }) => inside(lon, lat)), about: cut, more });
  desk.dataset.drawn = String(Number(desk.dataset.drawn ?? 0) + 1);
}

function closer([lon, lat]) {
  const to = { center: [lon, lat], zoom: Math.min(Math.floor(map.getZoom()) + 2, map.getMaxZoom()) };
  if (calm) map.jumpTo(to);
  else map.easeTo({ ...to, duration: 400 });
}

function pressed(event) {
  const { x, y } = event.point;
  const hits = map.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], { layers: ["squares", "signs", "units"] });
  const found = new Set(hits.filter((hit) => hit.layer.id === "signs").map((hit) => hit.properties.index));
  const square = hits.find((hit) => hit.layer.id === "squares");
  const unit = hits.find((hit) => hit.layer.id === "units");
  if (found.size) list.open([...found].map((index) => shown.answer.matters[index]));
  else if (square) closer(shown.answer.squares[square.properties.index]);
  else if (unit) list.openUnits(JSON.parse(unit.properties.names));
  else list.close();
}

/** A new filter: the address says it, the map and the counts of the page follow. */
async function filtered() {
  const said = query();
  if (said === shown?.query) return;
  history.replaceState(history.state, "", `?${said}${location.hash}`);
  list.close();
  const [, reply] = await Promise.all([refresh(), fetch(`?${said}`).catch(() => null)]);
  if (!reply?.ok || query() !== said) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  for (const part of desk.querySelectorAll("[data-renewed]")) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    const open = [...part.querySelectorAll("details")].map((details) => details.open);
    part.replaceChildren(...document.importNode(other, true).childNodes);
    part.querySelectorAll("details").forEach((details, n) => { details.open = open[n] ?? false; });
  }
}

function listen() {
  map.on("moveend", refresh);
  map.on("click", pressed);
  for (const layer of ["squares", "signs", "units"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(filtered, 350);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    filtered();
  });
  for (const box of desk.querySelectorAll("[data-map-layer]")) {
    const set = () => {
      for (const { id, metadata } of map.getStyle().layers) {
        if (metadata?.layer === box.dataset.mapLayer) map.setLayoutProperty(id, "visibility", box.checked ? "visible" : "none");
      }
    };
    box.addEventListener("change", set);
    set();
  }
}

async function start() {
  desk.classList.add("is-awake");
  const narrow = matchMedia("(max-width: 59.99rem)").matches;
  for (const part of desk.querySelectorAll("details[data-open-wide]")) part.open = !narrow;
  for (const part of desk.querySelectorAll("details[data-closed-awake]")) part.open = false;
  try {
    const base = await baseMap(JSON.parse(canvas.dataset.base || "null"), maplibre);
    const outlines = await (await fetch(facts.layers)).json();
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const [west, south, east, north] = (canvas.dataset.bounds || "73,18,135,54").split(",").map(Number);
    map = new maplibre.Map({
      container: canvas, bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 32 }, hash: "map", maxZoom: 18,
      style: { version: 8, sources: { ...base.sources, ...outlinesOf(outlines) }, layers: layersOf(base.layers, scale) },
      attributionControl: base.layers.length ? {} : false, dragRotate: false, pitchWithRotate: false,
      cooperativeGestures: matchMedia("(hover: none)").matches, fadeDuration: 0,
      locale: {
        "Map.Title": canvas.getAttribute("aria-label"), "NavigationControl.ZoomIn": canvas.dataset.textIn,
        "NavigationControl.ZoomOut": canvas.dataset.textOut, "CooperativeGesturesHandler.MobileHelpText": canvas.dataset.textFingers,
      },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    drawWhenAsked(map, facts.signs);
    list = createList(desk, facts, {
      closer,
      mark: (at) => map.getSource("marked").setData({ type: "FeatureCollection", features: at ? [point(...at, {})] : [] }),
      home: () => map.getCanvas().focus(),
    });
    await map.once("load");
    listen();
    await refresh();
    canvas.maplibre = map;
  } catch (error) {
    desk.classList.remove("is-awake");
    canvas.replaceChildren();
    desk.querySelector("[data-map-failed]").hidden = false;
    console.warn("map:", error.message);
  }
}

start();
