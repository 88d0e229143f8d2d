/** The elder view, remembered on this phone apart from everything else: it says nothing of anybody. */
const KEY = "mb-elder";

/** @param {boolean} [on] @returns {boolean} whether text and buttons are large */
export function elder(on) {
  if (on !== undefined) localStorage.setItem(KEY, on ? "1" : "");
  const large = localStorage.getItem(KEY) === "1";
  document.documentElement.classList.toggle("elder", large);
  return large;
}
