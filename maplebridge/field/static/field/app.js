/**
 * The start of the phone's app, and its screens by the part of the address behind `#/`. A screen is a
 * function that makes an element; `leave` on it is called before it goes.
 */
import * as drafts from "mb/field/drafts";
import * as outbox from "mb/field/outbox";
import * as sync from "mb/field/sync";
import * as update from "mb/field/update";
import * as vault from "mb/field/vault";
import { fill } from "mb/field/fill";
import { listen } from "mb/field/signal";
import { drawStrip } from "mb/field/strip";
import { elder } from "mb/field/view";
import { say } from "mb/field/words";

const UNDO = 8000; // ms in which a form that was thrown away comes back
/** Address → module, what it is told beside the rest of the address, the part of the menu it is in. */
const SCREENS = {
  "": ["today", [], "today"],
  record: ["kinds", [], "record"],
  new: ["form", ["new"], "record"],
  draft: ["form", ["draft"], "record"],
  saved: ["saved", [], "record"],
  matters: ["list", ["matters"], "today"],
  places: ["list", ["places"], "today"],
  visits: ["list", ["visits"], "today"],
  inspections: ["list", ["inspections"], "today"],
  messages: ["list", ["messages"], "today"],
  matter: ["matter", [], "today"],
  place: ["place", ["place"], "today"],
  need: ["place", ["need"], "today"],
  mine: ["mine", [], "mine"],
  of: ["record", [], "mine"],
  settings: ["settings", [], "settings"],
  pin: ["pin", [], "settings"],
  "sign-out": ["signout", [], "settings"],
  selftest: ["selftest", []],
  enrol: ["enrol", []],
  first: ["first", []],
  left: ["left", []],
};
const WITHOUT_VAULT = new Set(["selftest", "enrol", "left"]);
const MODULES = {
  today: () => import("mb/field/screens/today"),
  kinds: () => import("mb/field/screens/kinds"),
  form: () => import("mb/field/screens/form"),
  saved: () => import("mb/field/screens/saved"),
  list: () => import("mb/field/screens/list"),
  matter: () => import("mb/field/screens/matter"),
  place: () => import("mb/field/screens/place"),
  mine: () => import("mb/field/screens/mine"),
  record: () => import("mb/field/screens/record"),
  settings: () => import("mb/field/screens/settings"),
  pin: () => import("mb/field/screens/pin"),
  signout: () => import("mb/field/screens/signout"),
  selftest: () => import("mb/field/screens/selftest"),
  enrol: () => import("mb/field/screens/enrol"),
  first: () => import("mb/field/screens/first"),
  unlock: () => import("mb/field/screens/unlock"),
  left: () => import("mb/field/screens/left"),
};
const main = document.getElementById("main");
let shown = null; // the element on the screen
let turn = 0; // counts openings: a slow one must not cover a later one
let opening = 0; // screens that somebody asked for and that are on their way

const app = {
  trouble: null,
  thrown: null, // id of the draft that is thrown away unless "undo" is pressed
  /** Open an address; `replace` leaves no way back to the present one. */
  go(address, { replace = false } = {}) {
    if (location.hash === address) return open();
    return replace ? location.replace(address) : location.assign(address);
  },
  refresh: open,
  unlocked: open,
  /** Words for whoever looks, and for whoever listens. */
  say(text) {
    document.getElementById("said").textContent = text;
    toast(fill("undo", { text }), 5000);
  },
  /** Leave for Today; the draft is thrown away unless "undo" is pressed in time, which leads back. */
  discard(id) {
    const undo = () => {
      app.thrown = null;
      box.remove();
      app.go(`#/draft/${id}`);
    };
    const box = fill("undo", { text: say("discarded"), undoable: true, undo });
    if (app.thrown && app.thrown !== id) drafts.discard(app.thrown); // the one before has no undo any more
    app.thrown = id;
    toast(box, UNDO, async () => {
      if (app.thrown !== id) return;
      await drafts.discard(id);
      app.thrown = null;
    });
    app.go("#/", { replace: true });
  },
};

function toast(box, ms, then) {
  document.getElementById("toasts").replaceChildren(box);
  setTimeout(() => {
    box.remove();
    then?.();
  }, ms);
}

/** Go to the present address: its screen, with the focus on its heading. */
async function open() {
  opening += 1;
  try {
    await make({ quiet: false });
  } finally {
    opening -= 1;
  }
}

/** The screen of the present address, or the lock before it; `quiet` leaves focus and place alone. */
async function make({ quiet }) {
  const mine = (turn += 1);
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/").map(decodeURIComponent);
  const state = await vault.state();
  const free = WITHOUT_VAULT.has(name);
  let [module, given, part] = SCREENS[name] ?? SCREENS[""];
  if (state === "new" && !free) [module, given, part] = SCREENS[app.trouble === "revoked" ? "left" : "selftest"];
  if (state === "locked" && !free) [module, given, part] = ["unlock", [], null];
  let node;
  let made;
  try {
    made = await MODULES[module]();
    node = await made.default({ ...app, query: Object.fromEntries(new URLSearchParams(query)) }, ...given, ...rest);
  } catch (error) {
    if (error.code === "locked") return make({ quiet });
    console.error(error);
    node = fill("trouble", { what: `${error.code ?? error.name}: ${error.message}` });
  }
  if (mine !== turn || !node) return;
  if (quiet && node.outerHTML === shown?.outerHTML) return; // nothing new to show, or to read out
  const held = quiet && place(document.activeElement);
  const before = shown;
  shown = node;
  shown.live = made?.live ?? [];
  await before?.leave?.();
  document.body.toggleAttribute("data-bare", !part);
  document.body.dataset.screen = module;
  for (const link of document.querySelectorAll("#nav a")) {
    if (link.dataset.nav === part) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const top = scrollY;
  main.replaceChildren(node);
  const heading = node.querySelector("h1");
  document.title = [heading?.textContent, say("app")].filter(Boolean).join(" · ");
  if (quiet) {
    if (held) main.querySelector(held)?.focus({ preventScroll: true });
    return scrollTo(0, top);
  }
  scrollTo(0, 0);
  (node.focusFirst ?? heading)?.focus({ preventScroll: true });
}

/** How to find again what has the focus, once its screen was made anew. */
function place(element) {
  if (!main.contains(element)) return "";
  if (element.id) return `#${CSS.escape(element.id)}`;
  const [name] = ["href", "data-act", "tabindex"].filter((one) => element.hasAttribute(one));
  return name ? `${element.localName}[${name}="${CSS.escape(element.getAttribute(name))}"]` : "";
}

/** A screen made of what lies on the phone is made again when that changes; what has focus stays. */
let again = 0;
function renew(kind) {
  if (!shown?.live?.includes(kind)) return;
  clearTimeout(again);
  again = setTimeout(() => {
    const busy = document.activeElement?.matches("input, textarea, select");
    if (!busy && !opening && shown?.live?.includes(kind)) make({ quiet: true });
  }, 300);
}

addEventListener("hashchange", open);
addEventListener("pagehide", () => shown?.leave?.());
document.addEventListener("visibilitychange", () => document.hidden && shown?.leave?.());
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault(); // the address is the screen's
  main.focus();
});
document.getElementById("lock").addEventListener("click", () => vault.lock());
for (const kind of ["holdings", "outbox", "drafts"]) listen(kind, () => renew(kind));
listen("vault", (what) => what !== "open" && open());
elder();
const news = document.getElementById("news");
listen("update", () => (news.hidden = !update.isReady()));
document.getElementById("news-use").addEventListener("click", async () => {
  await shown?.leave?.();
  await update.take().catch(() => app.say(say("form_open")));
});
update.install(() => document.body.dataset.screen === "form");
sync.onChange(async (state) => {
  const revoked = state.trouble === "revoked" && app.trouble !== "revoked";
  app.trouble = state.trouble;
  drawStrip(state, await outbox.list().catch(() => null));
  if (revoked) app.go("#/left");
});
sync.start();
open();
