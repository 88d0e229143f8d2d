/** Which matters are meant, and in which order they stand. */

const ENDINGS = new Set(["closed", "archived", "declined", "merged", "referred", "withdrawn"]);
const STEPS_BACK = new Set(["rework", "return_back", "overturn", "reopen", "ask_reopening"]);
const LATE = new Set(["yellow", "orange", "red"]);
/** Lights in the order of their urgency. */
export const LIGHTS = ["red", "orange", "yellow", "soon", "green", "paused", "stopped"];

export const isOpen = (matter) => !ENDINGS.has(matter.status);
export const isLate = (matter) => LATE.has(matter.light);
/** It is our unit's turn: to accept it, or because it was sent back. */
export const waitsForMe = (matter) => matter.mine && isOpen(matter) && (matter.status === "dispatched" || STEPS_BACK.has(matter.last?.step));

/** @param {string} text @returns {(matter: object) => boolean} whether all its words stand there */
export function withWords(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (matter) => {
    const said = `${matter.number} ${matter.title} ${matter.text} ${matter.address}`.toLowerCase();
    return words.every((word) => said.includes(word));
  };
}

/** Danger first, then by light, then by when it is due. */
export function byUrgency(a, b) {
  const rank = (matter) => (matter.urgent && isOpen(matter) ? -1 : (LIGHTS.indexOf(matter.light) + 9) % 9);
  return rank(a) - rank(b) || String(a.due_at ?? "9").localeCompare(String(b.due_at ?? "9"));
}
