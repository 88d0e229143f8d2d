/** Matters that may be the one about to be reported: near in place and time, alike in kind or words. */
import { matters } from "mb/field/holdings";

// As the server looks (matters/queries/duplicates.py), on what this phone holds.
const NEAR = 300; // metres
const DAYS = 30;
const ALIKE = 0.3; // share of common pairs of characters
const FEW = 5;
const OTHER = ["declined", "merged", "referred", "withdrawn", "archived"];

/** Metres between two points: flat, which is exact enough over a township. */
export function metres(lon1, lat1, lon2, lat2) {
  const east = (lon2 - lon1) * Math.cos(((lat1 + lat2) * Math.PI) / 360);
  return 111_195 * Math.hypot(east, lat2 - lat1);
}

function pairs(text) {
  const bare = [...text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")].slice(0, 200);
  return new Set(bare.slice(1).map((letter, at) => bare[at] + letter));
}

/** @returns {number} 0..1: pairs of neighbouring characters that two texts share */
export function alike(a, b) {
  const [left, right] = [pairs(a), pairs(b)];
  if (!left.size || !right.size) return 0;
  let both = 0;
  for (const pair of left) both += right.has(pair);
  return (2 * both) / (left.size + right.size);
}

/**
 * @param {{lon?: number, lat?: number, area?: string, category?: string, text?: string}} wanted
 * @returns {Promise<(object & {metres: number|null, words: number})[]>} at most five, the nearest first
 */
export async function likely({ lon = null, lat = null, area = "", category = "", text = "" }) {
  const since = Date.now() - DAYS * 86400_000;
  const found = [];
  for (const row of await matters((one) => !OTHER.includes(one.status) && Date.parse(one.reported_at) >= since)) {
    const placed = lon !== null && lat !== null && row.lon != null && row.lat != null;
    const far = placed ? metres(lon, lat, row.lon, row.lat) : null;
    if (placed ? far > NEAR : !area || row.area !== area) continue;
    const words = text ? alike(text, row.title) : 0;
    const same = Boolean(category) && row.category === category;
    // Without a point nearness says little: kind and words must both agree.
    if (placed ? same || words >= ALIKE : same && words >= ALIKE) found.push({ ...row, metres: far, words });
  }
  return found.sort((a, b) => (a.metres ?? NEAR) - (b.metres ?? NEAR) || b.words - a.words).slice(0, FEW);
}
