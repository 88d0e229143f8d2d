/** Points and outlines of areas: is it inside, and a small drawing of both. */
import { fill } from "mb/field/fill";

const rings = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates);

function within(point, ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    if (ay > point.lat !== by > point.lat && point.lon < ((bx - ax) * (point.lat - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

/** @returns {boolean} holes are outside */
export function inside(point, geometry) {
  return rings(geometry).some(([outer, ...holes]) => within(point, outer) && !holes.some((hole) => within(point, hole)));
}

/** @param {Object[]} outlines {code, name, geometry} @returns {Object|null} the smallest that holds the point */
export function areaAt(point, outlines) {
  const found = outlines.filter((one) => one.geometry && inside(point, one.geometry));
  return found.sort((a, b) => b.code.length - a.code.length)[0] ?? null;
}

/** A drawing of an outline with a point in it. North is up. */
export function draw({ name, geometry }, point) {
  const made = fill("outline", { name });
  const corners = rings(geometry).flat();
  const flat = corners.flat(1);
  const all = point ? [...flat, [point.lon, point.lat]] : flat;
  const [west, east] = [Math.min(...all.map((c) => c[0])), Math.max(...all.map((c) => c[0]))];
  const [south, north] = [Math.min(...all.map((c) => c[1])), Math.max(...all.map((c) => c[1]))];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(92 / ((east - west) * squeeze || 1e-6), 52 / (north - south || 1e-6));
  const at = ([lon, lat]) => [50 + (lon - (west + east) / 2) * squeeze * scale, 30 - (lat - (south + north) / 2) * scale].map((n) => n.toFixed(1));
  made.querySelector("path").setAttribute("d", corners.map((ring) => `M${ring.map((c) => at(c).join(" ")).join("L")}Z`).join(""));
  const dot = made.querySelector("circle");
  if (point) {
    const [x, y] = at([point.lon, point.lat]);
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y);
  } else dot.remove();
  const drawing = made.querySelector("svg");
  if (name) drawing.setAttribute("aria-label", name);
  else drawing.setAttribute("aria-hidden", "true"); // its name stands beside it
  return made;
}
