/** The base map of the installation's settings, under every map: raster tiles, PMTiles, or none. */

const NONE = { sources: {}, layers: [] };
const INK = "#515c6b";

/** @param {Object} base what the page's data-base says @returns {Promise<{sources, layers}>} */
export async function baseMap(base, maplibre) {
  if (base?.pmtiles) return fromFile(base, maplibre);
  if (base?.tiles?.length) return fromTiles(base);
  return NONE;
}

function fromTiles({ tiles, credit }) {
  const sources = {};
  const layers = tiles.map((urls, n) => {
    sources[`base${n}`] = { type: "raster", tiles: urls, tileSize: 256, maxzoom: 18, attribution: n ? "" : credit };
    return { id: `base${n}`, type: "raster", source: `base${n}` };
  });
  return { sources, layers };
}

async function fromFile({ pmtiles: url, credit }, maplibre) {
  const { PMTiles, Protocol, TileType } = await import("pmtiles");
  const archive = new PMTiles(new URL(url, location.href).href);
  const protocol = new Protocol();
  protocol.add(archive);
  maplibre.addProtocol("pmtiles", protocol.tile);
  const { tileType } = await archive.getHeader();
  const source = { url: `pmtiles://${archive.source.getKey()}`, attribution: credit };
  if (tileType !== TileType.Mvt) {
    return { sources: { base: { ...source, type: "raster", tileSize: 256 } }, layers: [{ id: "base", type: "raster", source: "base" }] };
  }
  return { sources: { base: { ...source, type: "vector" } }, layers: drawn() };
}

/** A quiet drawing of the layers that Protomaps files have; a layer a file lacks stays empty. */
function drawn() {
  const layer = (id, type, from, paint, more = {}) => ({ id: `base-${id}`, type, source: "base", "source-layer": from, paint, ...more });
  const text = { "text-field": ["coalesce", ["get", "name:zh-Hans"], ["get", "name:zh"], ["get", "name"], ""], "text-font": ["sans-serif"], "text-size": 12 };
  const road = (kinds, colour, width) => layer(`road-${kinds[0]}`, "line", "roads", { "line-color": colour, "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 8, width / 4, 18, width * 5] }, { filter: ["in", ["get", "kind"], ["literal", kinds]] });
  return [
    layer("earth", "fill", "earth", { "fill-color": "#f4f1ea" }),
    layer("green", "fill", "landuse", { "fill-color": "#e3ead9" }, { filter: ["in", ["get", "kind"], ["literal", ["forest", "wood", "park", "grass", "farmland", "nature_reserve"]]] }),
    layer("water", "fill", "water", { "fill-color": "#cfe0ea" }, { filter: ["==", ["geometry-type"], "Polygon"] }),
    layer("stream", "line", "water", { "line-color": "#a9c6d8" }, { filter: ["==", ["geometry-type"], "LineString"] }),
    layer("houses", "fill", "buildings", { "fill-color": "#e2dbd0" }, { minzoom: 14 }),
    road(["path", "minor_road"], "#ffffff", 1.2),
    road(["major_road", "medium_road"], "#f3e3bf", 2),
    road(["highway"], "#eccf9b", 2.6),
    layer("places", "symbol", "places", { "text-color": INK, "text-halo-color": "#ffffff", "text-halo-width": 1.4 }, { layout: text }),
  ];
}
