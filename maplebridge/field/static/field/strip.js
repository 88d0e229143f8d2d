/** The strip at the top: where sending stands, in words and with an icon. */
import { icon } from "mb/field/fill";
import { old } from "mb/field/parts";
import { ago, say } from "mb/field/words";

const LOOK = {
  good: ["check-circle", "good"], wait: ["upload", "info"], busy: ["refresh", "info"],
  offline: ["no-signal", "calm"], warn: ["alert", "warn"], bad: ["alert", "bad"],
};

let heard = "";

/** @param {Object} state of sync @param {Object[]|null} records null while locked */
export function drawStrip(state, records) {
  const strip = document.getElementById("strip");
  strip.toggleAttribute("data-waits", state.unsent > 0); // shown even where nobody is signed in
  const late = records?.some(old);
  const [kind, words] = told(state, late);
  const [shape, tone] = LOOK[kind];
  const text = Object.assign(document.createElement("span"), { textContent: words });
  strip.className = `strip tone-${tone}`;
  strip.replaceChildren(icon(shape), text);
  if (kind !== heard && kind !== "busy") {
    if (heard) document.getElementById("said").textContent = words; // read out when it turns, not at each second
    heard = kind;
  }
  const count = document.getElementById("nav-count");
  count.textContent = String(state.unsent);
  count.classList.toggle("is-late", Boolean(late));
  count.hidden = !state.unsent;
}

function told({ phase, trouble, unsent, filesLeft, lastContact }, late) {
  const waiting = unsent ? say("n_unsent", { n: unsent }) : filesLeft ? say("n_files", { n: filesLeft }) : "";
  const last = lastContact ? say("contact", { ago: ago(lastContact) }) : say("never");
  if (late) return ["bad", [say("too_old"), waiting].join(" · ")];
  if (trouble) return [trouble === "offline" ? "offline" : "warn", [say(`trouble_${trouble}`), waiting || last].join(" · ")];
  if (phase === "sending") return ["busy", [say("sending"), waiting].filter(Boolean).join(" ")];
  if (phase === "reading") return ["busy", say("reading")];
  if (waiting) return ["wait", waiting];
  return ["good", [say("all_sent"), last].join(" · ")];
}
