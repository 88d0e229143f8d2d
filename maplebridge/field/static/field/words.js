/** The shell's words in its language, and moments as people say them. Times are Shanghai's. */
import { relative } from "mb/times";

const ZONE = "Asia/Shanghai";
export const lang = document.documentElement.lang;
const texts = {};
for (const holder of document.querySelectorAll("template#words, template[id$='-words']")) {
  const group = holder.id === "words" ? "" : `${holder.id.slice(0, -6)}.`;
  for (const one of holder.content.children) texts[group + one.dataset.word] = one.textContent.trim();
}

/** @param {string} key @returns {boolean} */
export const knows = (key) => key in texts;

/**
 * A sentence of the shell: {name} is filled from `values`, "one|many" chosen by `values.n`.
 * @param {string} key @param {Object} values @returns {string}
 */
export function say(key, values = {}) {
  const forms = (texts[key] ?? key).split("|");
  const text = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const written = (options) => new Intl.DateTimeFormat(lang, { timeZone: ZONE, ...options });
const hour = written({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const short = written({ month: "long", day: "numeric" });
const long = written({ month: "long", day: "numeric", weekday: "long" });
const whole = written({ year: "numeric", month: "long" });
const iso = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });

/** @param {Date|string|number} at @returns {string} "2026-11-25", the day where the township is */
export const dayOf = (at = Date.now()) => iso.format(new Date(at));
/** @param {Date|string|number} at @returns {string} "10:32" */
export const clock = (at) => hour.format(new Date(at));
/** @param {Date|string|number} at @returns {string} "10:32" today, else "25 November 10:32" */
export const moment = (at) => (dayOf(at) === dayOf() ? clock(at) : `${short.format(new Date(at))} ${clock(at)}`);
/** @param {string} date "2026-11-25" @returns {string} */
export const day = (date) => short.format(new Date(`${date.slice(0, 10)}T12:00:00+08:00`));
/** @param {string[]} all @returns {string} "a, b and c" */
export const listed = (all) => new Intl.ListFormat(lang).format(all);
export const today = () => long.format(new Date());
/** @param {string} month "2026-11" @returns {string} */
export const month = (text) => whole.format(new Date(`${text}-15T12:00:00+08:00`));
/** @param {Date|string|number} at @returns {string} "3 hours ago" */
export function ago(at) {
  const seconds = (new Date(at) - Date.now()) / 1000;
  return Math.abs(seconds) < 45 ? say("just_now") : relative(seconds, lang);
}
/** @param {number} days @param {string} from @returns {string} the day so many days later */
export const later = (days, from = dayOf()) => dayOf(Date.parse(`${from}T12:00:00+08:00`) + days * 86_400_000);
