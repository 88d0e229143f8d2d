/**
 * Signing on the screen. Without this script, or without a hand for it, the printed sheet is signed
 * and its box ticked: the field of the drawing stays empty then.
 */
const WIDTH = 900;
const HEIGHT = 300;

for (const box of document.querySelectorAll("[data-sign]")) {
  const field = document.getElementById(box.dataset.field);
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT, className: "sign-pad" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${box.querySelector("legend").textContent}. ${box.dataset.hint}`);
  const hint = Object.assign(document.createElement("p"), { className: "help", textContent: box.dataset.hint });
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: box.dataset.clear });
  field.before(hint, canvas, clear);
  const pen = canvas.getContext("2d");

  const blank = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    field.value = "";
  };
  const at = (event) => {
    const shown = canvas.getBoundingClientRect();
    return [((event.clientX - shown.left) * WIDTH) / shown.width, ((event.clientY - shown.top) * HEIGHT) / shown.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    pen.lineWidth = 6;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#111";
    pen.beginPath();
    pen.moveTo(...at(event));
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    field.value = canvas.toDataURL("image/png");
  });
  // A form that came back for another reason brings the drawing with it: nobody signs twice.
  const drawn = async (kept) => {
    const bytes = Uint8Array.from(atob(kept.slice(kept.indexOf(",") + 1)), (c) => c.charCodeAt(0));
    pen.drawImage(await createImageBitmap(new Blob([bytes], { type: "image/png" })), 0, 0);
    field.value = kept;
  };
  clear.addEventListener("click", blank);
  const kept = field.value;
  blank();
  if (kept.startsWith("data:image/png;base64,")) drawn(kept).catch(blank);
}
