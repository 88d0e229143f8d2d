/**
 * Forms that search while one types, [data-typing]: what an input method is still composing
 * ("la'ji" on the way to 垃圾) is nothing to search for; the finished word is.
 */
for (const form of document.querySelectorAll("[data-typing]")) {
  form.addEventListener("input", (event) => event.isComposing && event.stopPropagation(), true);
  form.addEventListener("compositionend", (event) => event.target.dispatchEvent(new Event("input", { bubbles: true })));
}
