/** The one script of every page: loads what the page asks for. Pages work without any of it. */
import { refreshTimes } from "mb/times";
import { listenToKeys } from "mb/keys";
import { toast } from "mb/toast";

/** How many messages are not read stands in the title too: the page may lie behind others. */
function countInTitle() {
  const bell = document.getElementById("desk-bell");
  const unread = Number(bell?.dataset.unread);
  if (bell) document.title = (unread ? `(${unread}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}

/** Load the parts that only some pages have. */
async function wake(root) {
  refreshTimes(root);
  countInTitle();
  if (root.querySelector("[data-map]")) (await import("mb/map")).drawMaps(root);
  if (root.querySelector("[data-photos]")) (await import("mb/photos")).watchPhotos(root);
}

if (document.querySelector("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete],[hx-boost]")) {
  import("htmx.org").catch(() => {}); // links and forms under hx-* attributes work without it
}
document.addEventListener("htmx:after:swap", () => wake(document));
document.addEventListener("htmx:error", () => toast(document.getElementById("toasts").dataset.offline, "warn"));
document.addEventListener("htmx:response:error", (event) => {
  // A refused form comes back with what is wrong written above it: one message is enough.
  if (event.detail?.ctx?.response?.status !== 422) toast(document.getElementById("toasts").dataset.failed, "bad");
});

listenToKeys();
wake(document);
document.querySelector(".pane-list [data-row][aria-current=true]")?.scrollIntoView({ block: "nearest" });
// On a narrow screen menu and tabs go on beside it: the one that is open shows.
for (const open of document.querySelectorAll(".desk-nav [aria-current], .tabs [aria-current]")) {
  open.scrollIntoView({ block: "nearest", inline: "center" });
}
document.querySelector("[data-focus]")?.focus();
// A ready text goes where the cursor stands; without this script its link opens the form with it.
document.addEventListener("click", (event) => {
  const ready = event.target.closest("[data-insert]");
  const field = ready && document.getElementById(ready.dataset.insert);
  if (!field) return;
  event.preventDefault();
  field.setRangeText(ready.dataset.text, field.selectionStart, field.selectionEnd, "end");
  ready.closest("details").open = false;
  field.focus();
});
// A menu under "more" closes when something else is pressed, or with Escape.
document.addEventListener("click", (event) => {
  for (const more of document.querySelectorAll("details.more[open]")) {
    if (!more.contains(event.target)) more.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const more = event.key === "Escape" && document.querySelector("details.more[open]");
  if (more) {
    more.open = false;
    more.querySelector("summary").focus();
  }
});
