/** The dispatcher's screen: Enter confirms what is proposed, d changes it, m merges. */

const screen = () => document.getElementById("dispatch");
const KEYS = { d: "select[name=category]", m: "[data-merge]" };

/** Focus what comes next: an error, what is missing, the button that confirms, or the list. */
function settle() {
  const confirm = screen().querySelector("[data-confirm]");
  const empty = confirm && [...confirm.form.elements].find((field) => field.required && !field.value);
  const next =
    screen().querySelector(".summary-errors") ?? empty ?? confirm ?? screen().querySelector("[aria-current=true] [data-row-link]");
  next?.focus({ preventScroll: true });
  screen().querySelector("[data-row][aria-current=true]")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:after:swap", (event) => {
  // List and bell renew themselves now and then: that must not take the focus from anybody.
  if (event.detail?.ctx?.target?.id === "dispatch") settle();
});
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]):not([type=radio]),textarea,select,dialog")) return;
  const found = KEYS[event.key] && screen().querySelector(KEYS[event.key]);
  if (!found) return;
  event.preventDefault();
  found.closest("details")?.setAttribute("open", "");
  found.scrollIntoView({ block: "nearest" });
  found.focus();
});
settle();
