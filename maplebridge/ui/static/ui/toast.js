/** Short words at the edge of the page, read out by screen readers. */

/**
 * @param {string} text already translated
 * @param {"info"|"good"|"warn"|"bad"} tone
 */
export function toast(text, tone = "info") {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const box = document.createElement("div");
  box.className = `notice tone-${tone}`;
  const shape = { good: "check-circle", info: "info" }[tone] ?? "alert";
  box.append(icon(region.dataset.icons, shape), Object.assign(document.createElement("p"), { textContent: text }));
  region.append(box);
  // Bad news stays until pressed; the rest leaves by itself once there was time to read it.
  if (tone === "bad" || tone === "warn") {
    const close = Object.assign(document.createElement("button"), { className: "btn btn-quiet", textContent: region.dataset.close });
    close.addEventListener("click", () => box.remove());
    box.append(document.createElement("span"), close);
  } else {
    setTimeout(() => box.remove(), 8000);
  }
}

/** @param {string} sprite URL of icons.svg @param {string} name @returns {SVGElement} */
export function icon(sprite, name) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(ns, "use"));
  svg.firstChild.setAttribute("href", `${sprite}#${name}`);
  return svg;
}
