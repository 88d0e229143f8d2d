/**
 * Maps: areas from a GeoJSON URL, markers from the list beside the map, one pin to place.
 * WGS-84 throughout. Draws without any base map; labels are drawn with the reader's own fonts.
 */
import * as maplibre from "maplibre-gl";
import { baseMap } from "mb/basemap";

const MAPLE = "#b5382a";
const INK = "#1f2a37";

function style(base, areas) {
  const sources = { ...base.sources };
  const layers = [{ id: "ground", type: "background", paint: { "background-color": "#eef0ea" } }, ...base.layers];
  if (areas) {
    sources.areas = { type: "geojson", data: areas };
    sources.names = { type: "geojson", data: labels(areas) };
    layers.push(
      { id: "fill", type: "fill", source: "areas", paint: { "fill-color": "#fffdf8", "fill-opacity": base.layers.length ? 0.15 : 0.9 } },
      { id: "edge", type: "line", source: "areas", paint: { "line-color": "#8a8f86", "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 14, 1.6] } },
      {
        id: "names", type: "symbol", source: "names",
        layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-font": ["sans-serif"], "text-size": 12, "text-max-width": 8 },
        paint: { "text-color": "#515c6b", "text-halo-color": "#ffffff", "text-halo-width": 1.4 },
      },
    );
  }
  return { version: 8, sources, layers };
}

/** @param {string} colour @param {boolean} large @returns {HTMLElement} a pin of our own */
function pin(colour, large) {
  const element = document.createElement("div");
  element.className = "map-pin";
  element.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 22.5c4.6-5 7.5-9 7.5-12.5a7.5 7.5 0 0 0-15 0c0 3.5 2.9 7.5 7.5 12.5z" stroke-width="1.5"/><circle cx="12" cy="10" r="2.8" fill="#fff"/></svg>';
  element.style.color = colour;
  if (!large) element.style.width = element.style.height = "1.6rem";
  return element;
}

/** Walk every coordinate of a GeoJSON geometry. */
function walk(coordinates, see) {
  if (typeof coordinates[0] === "number") see(coordinates);
  else for (const inner of coordinates) walk(inner, see);
}

/** One point for each area's name: an area cut into tiles would carry its name once a tile. */
function labels(areas) {
  const features = areas.features.filter((feature) => feature.geometry).map((feature) => {
    const box = new maplibre.LngLatBounds();
    walk(feature.geometry.coordinates, (point) => box.extend(point));
    const { label_lon: lon, label_lat: lat } = feature.properties;
    return { type: "Feature", properties: feature.properties, geometry: { type: "Point", coordinates: lon ? [lon, lat] : box.getCenter().toArray() } };
  });
  return { type: "FeatureCollection", features };
}

function extent(data, areas, points) {
  if (data.bounds) {
    const [west, south, east, north] = data.bounds.split(",").map(Number);
    return new maplibre.LngLatBounds([west, south], [east, north]);
  }
  const bounds = new maplibre.LngLatBounds();
  if (data.lon) return bounds.extend(at(data)); // one place is shown close up
  for (const point of points) bounds.extend(point);
  for (const feature of areas?.features ?? []) if (feature.geometry) walk(feature.geometry.coordinates, (point) => bounds.extend(point));
  return bounds;
}

function mount(canvas, box, areas, bounds, base) {
  const map = new maplibre.Map({
    container: canvas, style: style(base, areas), attributionControl: base.layers.length ? {} : false,
    dragRotate: false, pitchWithRotate: false, cooperativeGestures: matchMedia("(hover: none)").matches, maxZoom: 18,
    bounds: bounds.isEmpty() ? undefined : bounds, fitBoundsOptions: { padding: 28, maxZoom: base.layers.length || canvas.dataset.pick ? 13.5 : 12, animate: false }, // without a base map the neighbours say where it is
    locale: {
      "Map.Title": canvas.getAttribute("aria-label"), "NavigationControl.ZoomIn": canvas.dataset.textIn,
      "NavigationControl.ZoomOut": canvas.dataset.textOut, "CooperativeGesturesHandler.MobileHelpText": canvas.dataset.textFingers,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  for (const place of box.querySelectorAll("[data-marker][data-lon]")) {
    const popup = new maplibre.Popup({ offset: 24 }).setDOMContent(place.cloneNode(true));
    new maplibre.Marker({ element: pin(INK, false), anchor: "bottom" }).setLngLat(at(place.dataset)).setPopup(popup).addTo(map);
  }
  return map;
}

const at = (data) => [Number(data.lon), Number(data.lat)];

function pickable(map, canvas, box) {
  const form = canvas.closest("form");
  const [lon, lat] = canvas.dataset.pick.split(",").map((name) => form?.elements[name]);
  const tools = box.querySelector("[data-map-tools]");
  const said = box.querySelector("[data-map-said]");
  const marker = new maplibre.Marker({ element: pin(MAPLE, true), anchor: "bottom", draggable: true });
  const set = (point) => {
    marker.setLngLat(point).addTo(map);
    if (lon && lat) [lon.value, lat.value] = [point.lng.toFixed(6), point.lat.toFixed(6)];
    said.textContent = said.dataset.set;
    canvas.dispatchEvent(new CustomEvent("map:picked", { bubbles: true, detail: { lon: point.lng, lat: point.lat } }));
  };
  if (lon?.value && lat?.value) set(new maplibre.LngLat(Number(lon.value), Number(lat.value)));
  map.on("click", (event) => set(event.lngLat));
  marker.on("dragend", () => set(marker.getLngLat()));
  tools.hidden = false;
  tools.querySelector("[data-map-centre]").addEventListener("click", () => set(map.getCenter()));
  // Asked once for this report; the position is never watched.
  tools.querySelector("[data-map-here]").addEventListener("click", () => {
    const denied = () => { said.textContent = said.dataset.denied; };
    if (!navigator.geolocation) return denied();
    return navigator.geolocation.getCurrentPosition(({ coords }) => {
      const here = new maplibre.LngLat(coords.longitude, coords.latitude);
      map.jumpTo({ center: here, zoom: canvas.dataset.base ? 16 : 14 }); // without a base map there is little to see closer
      set(here);
    }, denied, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 0 });
  });
  const cross = document.createElement("div");
  cross.className = "map-cross";
  cross.innerHTML = '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><path d="M12 2v20M2 12h20"/></svg>';
  canvas.append(cross);
}

async function draw(canvas) {
  const box = canvas.closest(".map");
  const data = canvas.dataset;
  if (data.css && !document.querySelector(`link[href="${data.css}"]`)) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: data.css }));
  }
  const points = [...box.querySelectorAll("[data-marker][data-lon]")].map((place) => at(place.dataset));
  canvas.classList.add("is-awake");
  try {
    const areas = data.areas && await (await fetch(data.areas)).json();
    const base = await baseMap(JSON.parse(data.base || "null"), maplibre);
    const map = mount(canvas, box, areas, extent(data, areas, points), base);
    if (data.lon && !data.pick) new maplibre.Marker({ element: pin(MAPLE, true), anchor: "bottom" }).setLngLat(at(data)).addTo(map);
    if (data.pick) pickable(map, canvas, box);
    canvas.maplibre = map;
  } catch (error) {
    canvas.classList.remove("is-awake");
    canvas.replaceChildren();
    box.querySelector("[data-map-failed]").hidden = false;
    console.warn("map:", error.message);
  }
}

/** Draw every map under `root` that isn't drawn yet. @param {ParentNode} root */
export function drawMaps(root = document) {
  for (const canvas of root.querySelectorAll("[data-map]:not([data-awake])")) {
    canvas.dataset.awake = "";
    draw(canvas);
  }
}
