/** The text of a reply: fields put in by a press, and how it would read while it is typed. */
const text = document.getElementById("id_text");
const box = document.querySelector("[data-preview]");
const out = document.querySelector("[data-preview-text]");
const sample = JSON.parse(document.getElementById("reply-sample").textContent);

function show() {
  out.textContent = text.value.replace(/\{(.*?)\}/g, (whole, name) => sample[name] ?? whole);
  box.hidden = text.value === "";
}

for (const button of document.querySelectorAll("[data-put]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    text.setRangeText(button.dataset.put, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    show();
  });
}
text.addEventListener("input", show);
show();
