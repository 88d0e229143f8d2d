/** What lies under the matters, as MapLibre has it: outlines, names, units; and over them the matters. */

const KINDS = { police: ["#1d4f7c", [4, 2]], school: ["#5b4a12", [1, 1.5]], forest: ["#1e6244", [6, 2, 1, 2]], water: ["#0b6478", [2, 2]], other: ["#4b5563", [3, 1]] };
const NOTHING = { type: "FeatureCollection", features: [] };
const FONT = ["sans-serif"];
// A name steps aside for the signs and rings over it, which are placed first; only then it is left out.
const ASIDE = { "text-variable-anchor": ["center", "bottom", "top", "left", "right"], "text-radial-offset": 1.7 };

/** One point for each name: an outline cut into tiles would carry its name once a tile. */
function names({ features }) {
  const named = features.filter(({ properties }) => properties.label_lon).map(({ properties }) => ({
    type: "Feature", properties, geometry: { type: "Point", coordinates: [properties.label_lon, properties.label_lat] },
  }));
  return { type: "FeatureCollection", features: named };
}

/** @param {Object} outlines the server's GeoJSON @returns {Object} sources of a style */
export const outlinesOf = (outlines) => ({
  outlines: { type: "geojson", data: outlines },
  names: { type: "geojson", data: names(outlines) },
  matters: { type: "geojson", data: NOTHING },
  marked: { type: "geojson", data: NOTHING },
});

/** @param {Array} base layers of the base map @param {number} scale of text, for the elder view */
export function layersOf(base, scale) {
  const of = (layer) => ["==", ["get", "layer"], layer];
  const name = (id, layer, size, colour, more = {}) => ({
    id, type: "symbol", source: "names", filter: more.filter ?? of(layer), metadata: { layer: more.layer ?? layer }, minzoom: more.minzoom ?? 0,
    layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": size * scale, "text-max-width": 8, "text-padding": 2, ...ASIDE },
    paint: { "text-color": colour, "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
  });
  const line = (id, layer, paint) => ({ id, type: "line", source: "outlines", filter: of(layer), metadata: { layer }, layout: { "line-join": "round" }, paint });
  const jurisdictions = Object.entries(KINDS).flatMap(([kind, [colour, dash]]) => {
    const only = ["all", of("jurisdiction"), ["==", ["get", "kind"], kind]];
    return [
      { ...line(`jurisdiction-${kind}`, "jurisdiction", { "line-color": colour, "line-width": 3, "line-dasharray": dash }), filter: only, metadata: { layer: kind } },
      name(`jurisdiction-${kind}-name`, "jurisdiction", 14, colour, { filter: only, layer: kind }),
    ];
  });
  const seen = base.length > 0;
  return [
    { id: "ground", type: "background", paint: { "background-color": "#eef0ea" } },
    ...base,
    { id: "land", type: "fill", source: "outlines", filter: of("village"), paint: { "fill-color": "#fffdf8", "fill-opacity": seen ? 0.12 : 0.9 } },
    line("grid", "grid", { "line-color": "#a9aca3", "line-width": 1, "line-dasharray": [3, 2] }),
    line("village", "village", { "line-color": "#8a8f86", "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.8, 14, 2] }),
    ...jurisdictions,
    name("grid-name", "grid", 11, "#515c6b", { minzoom: 13 }),
    name("village-name", "village", 12.5, "#3d4754"),
    {
      id: "units", type: "symbol", source: "outlines", filter: of("unit"), metadata: { layer: "unit" },
      layout: { "icon-image": "unit", "icon-allow-overlap": true, "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 * scale, "text-anchor": "top", "text-offset": [0, 0.9], "text-optional": true },
      paint: { "text-color": "#1d4f7c", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
    },
    { id: "marked", type: "circle", source: "marked", paint: { "circle-radius": 25, "circle-color": "#b5382a", "circle-opacity": 0.18, "circle-stroke-color": "#b5382a", "circle-stroke-width": 3 } },
    {
      id: "signs", type: "symbol", source: "matters", filter: ["has", "number"],
      layout: { "icon-image": ["get", "picture"], "icon-size": scale, "icon-allow-overlap": true },
    },
    {
      id: "piles", type: "symbol", source: "matters", filter: ["has", "pile"],
      layout: { "text-field": ["get", "pile"], "text-font": FONT, "text-size": 13 * scale, "text-anchor": "left", "text-offset": [1.3, 0.6], "text-allow-overlap": true },
      paint: { "text-color": "#1f2a37", "text-halo-color": "#ffffff", "text-halo-width": 2 },
    },
    {
      id: "squares", type: "symbol", source: "matters", filter: ["has", "n"],
      layout: {
        "icon-image": ["get", "picture"], "icon-size": scale, "icon-allow-overlap": true, "symbol-sort-key": ["get", "n"],
        "text-field": ["get", "said"], "text-font": FONT, "text-size": 13 * scale, "text-allow-overlap": true,
      },
      paint: { "text-color": "#1f2a37" },
    },
    {
      id: "late", type: "symbol", source: "matters", filter: ["all", ["has", "n"], ["!=", ["get", "late"], ""]],
      layout: {
        "text-field": ["get", "late"], "text-font": FONT, "text-size": 11.5 * scale, "text-anchor": "top", "text-allow-overlap": true,
        "text-offset": ["step", ["get", "n"], ["literal", [0, 1.5]], 10, ["literal", [0, 1.9]], 100, ["literal", [0, 2.3]], 1000, ["literal", [0, 2.7]]],
      },
      paint: { "text-color": "#a3161d", "text-halo-color": "#ffffff", "text-halo-width": 2 },
    },
  ];
}
