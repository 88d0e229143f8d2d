/** Turns <time datetime data-relative> into "3 hours ago"; the exact time is in its title. */

const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400], ["month", 2592000], ["year", 31536000]];

/** @param {number} seconds from now, negative is past @param {string} lang @returns {string} */
export function relative(seconds, lang) {
  const words = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  const size = Math.abs(seconds);
  if (size < 45) return words.format(0, "second");
  const [unit, length] = STEPS.filter(([name, s]) => name === "minute" || size >= s).pop();
  return words.format(Math.trunc(seconds / length) || Math.sign(seconds), unit);
}

/** @param {ParentNode} root */
export function refreshTimes(root = document) {
  const lang = document.documentElement.lang;
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const at = Date.parse(time.dateTime);
    if (!Number.isNaN(at)) time.textContent = relative((at - Date.now()) / 1000, lang);
  }
}

setInterval(refreshTimes, 60_000, document);
