/** Screens are cloned from the shell's <template>s. What people typed enters as text only. */
import { icon as draw } from "mb/toast";

const SPRITE = document.getElementById("toasts").dataset.icons;
const all = (root, what) => [...root.querySelectorAll(`[data-${what}]`)];

/** @param {string} name of a symbol of icons.svg @returns {SVGElement} */
export const icon = (name) => draw(SPRITE, name);

/**
 * Clone a template and fill it.
 * @param {string} name the template is `t-<name>`
 * @param {Object} data by the names in the template: `data-slot` takes text, a node, or a list of
 *   them, and is hidden when there is nothing; `data-show` shows its element; `data-link` is its
 *   address; `data-act` is what a press does.
 * @returns {Element|DocumentFragment}
 */
export function fill(name, data = {}) {
  const copy = document.getElementById(`t-${name}`).content.cloneNode(true);
  for (const at of all(copy, "show")) at.hidden = true;
  put(copy, data);
  return copy.children.length === 1 ? copy.firstElementChild : copy;
}

/** Fill again what stands already; names missing from `data` stay as they are. */
export function put(root, data) {
  const [slots, shows, links, acts] = ["slot", "show", "link", "act"].map((what) => all(root, what));
  for (const at of slots) if (at.dataset.slot in data) set(at, data[at.dataset.slot]);
  for (const at of shows) if (at.dataset.show in data && !(data[at.dataset.show] instanceof Function)) at.hidden = nothing(data[at.dataset.show]);
  for (const at of links) if (data[at.dataset.link]) at.setAttribute("href", data[at.dataset.link]);
  for (const at of acts) if (data[at.dataset.act] instanceof Function) at.addEventListener("click", data[at.dataset.act]);
}

const nothing = (value) => !value || value.length === 0;

function set(at, value) {
  const parts = [value].flat(2).filter((one) => one !== null && one !== undefined && one !== false && one !== "");
  at.hidden = !parts.length;
  at.replaceChildren(...parts.map((one) => (one instanceof Node ? one : String(one))));
}

/** @param {Element} root @param {string} name @returns {Element} the place of that name */
export const slot = (root, name) => root.querySelector(`[data-slot="${name}"]`);
