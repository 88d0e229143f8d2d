/**
 * Keyboard of lists: j/k move along [data-row], "/" searches, "?" helps, [data-key] is pressed, or
 * with [data-key-focus], which is what the help calls it, only gets the focus.
 */

const OFF = "mb-keys-off";

function off() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false; // storage is closed to us: keys stay on
  }
}

function typing(target) {
  return target.closest?.("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true],.maplibregl-map");
}

/** Focus the main link of the next (1) or previous (-1) row, or of the first one. */
function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const here = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1)];
  const link = next.querySelector("[data-row-link]") ?? next.querySelector("a,button");
  next.scrollIntoView({ block: "nearest" });
  link?.focus();
  if (link?.dataset.rowOpens !== undefined) link.click(); // a screen with panes opens what is chosen
}

/** Put the focus on something, wherever it is folded away. */
function show(element) {
  element.closest("details:not(.more)")?.setAttribute("open", "");
  element.scrollIntoView({ block: "nearest" });
  element.focus();
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (!dialog) return;
  const list = dialog.querySelector(".keys-list");
  for (const old of list.querySelectorAll("[data-own]")) old.remove();
  for (const element of document.querySelectorAll("[data-key]")) {
    const enter = element.matches("[data-confirm]") ? " <kbd>Enter</kbd>" : "";
    const key = Object.assign(document.createElement("dt"), { innerHTML: `<kbd></kbd>${enter}` });
    key.firstChild.textContent = element.dataset.key;
    const label = element.cloneNode(true);
    for (const extra of label.querySelectorAll("kbd,.count,svg")) extra.remove();
    const words = document.createElement("dd");
    words.textContent = element.dataset.keyFocus || (element.getAttribute("aria-label") ?? label.textContent.trim());
    for (const part of [key, words]) part.dataset.own = "";
    list.append(key, words);
  }
  dialog.showModal();
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]") || typing(event.target)) return;
  if (event.key === "?") help();
  else if (off()) return;
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") document.querySelector("[data-search]")?.focus();
  else {
    const wanted = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
    if (!wanted || wanted.disabled || wanted.getAttribute("aria-disabled") === "true") return;
    if (wanted.matches("input,select,textarea,[data-key-focus]")) show(wanted);
    else wanted.click();
  }
  event.preventDefault();
}

/** Start listening; a reader can turn single keys off in the help dialog (WCAG 2.1.4). */
export function listenToKeys() {
  document.addEventListener("keydown", press);
  const box = document.querySelector("[data-keys-off]");
  if (!box) return;
  box.checked = off();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, box.checked ? "1" : "0");
    } catch {
      // nothing to remember it in: the choice holds until the page is left
    }
  });
  for (const opener of document.querySelectorAll("[data-keys-help]")) opener.addEventListener("click", help);
}
