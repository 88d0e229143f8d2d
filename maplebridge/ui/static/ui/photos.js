/**
 * Photo inputs: shrink in the browser, send by hash, keep the hash in the form.
 * Whatever can't be sent this way stays in the plain file input and travels with the form.
 */
import { icon } from "mb/toast";

const LONGEST = 1600;
const QUALITY = 0.8;

/** @param {Blob} file @returns {Promise<Blob>} JPEG of at most 1600 px; throws if it is no image */
export async function shrink(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a transparent picture becomes white, not black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("not drawn"))), "image/jpeg", QUALITY);
  });
}

/** @param {Blob} blob @returns {Promise<string>} SHA-256 in lower-case hex */
export async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function watch(box) {
  const input = box.querySelector("input[type=file]");
  const strip = box.querySelector("[data-photo-strip]");
  const problem = box.querySelector("[data-photo-error]");
  const words = box.dataset;
  const unsent = new Map(); // list item -> photo that must travel with the form
  const sending = new Set();

  const keepUnsent = () => {
    const files = new DataTransfer();
    for (const [n, blob] of [...unsent.values()].entries()) files.items.add(blob instanceof File ? blob : new File([blob], `photo-${n + 1}.jpg`, { type: blob.type }));
    input.files = files.files;
  };
  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  async function send(item, blob) {
    item.dataset.state = words.textSending;
    try {
      const hash = await sha256(blob);
      const answer = await fetch(words.put + hash, { method: "PUT", body: blob, headers: { "Content-Type": blob.type } });
      if (!answer.ok) throw new Error(String(answer.status));
      if (!item.isConnected) return;
      item.append(Object.assign(document.createElement("input"), { type: "hidden", name: words.hashName, value: hash }));
      delete item.dataset.state;
    } catch {
      if (!item.isConnected) return;
      item.dataset.state = words.textFailed;
      unsent.set(item, blob);
      keepUnsent();
    }
  }

  async function add(file) {
    let blob;
    try {
      blob = await shrink(file);
    } catch {
      // Some phones save a format that this browser can't draw: the server may still read it.
      if (!/^image\/hei[cf]/.test(file.type)) return say(`${file.name}: ${words.textNotphoto}`);
      blob = file;
    }
    const item = document.createElement("li");
    const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(blob), alt: file.name, width: 120, height: 120 });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn" });
    remove.setAttribute("aria-label", `${words.textRemove}: ${file.name}`);
    remove.append(icon(document.getElementById("toasts").dataset.icons, "x"));
    remove.addEventListener("click", () => {
      URL.revokeObjectURL(image.src);
      unsent.delete(item);
      item.remove();
      keepUnsent();
      input.focus();
    });
    item.append(image, remove);
    strip.append(item);
    if (blob !== file) return send(item, blob);
    item.dataset.state = words.textFailed;
    unsent.set(item, blob);
    return keepUnsent();
  }

  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    say("");
    keepUnsent(); // the input now holds only what still has to travel with the form
    const room = Number(words.max) - strip.children.length;
    if (chosen.length > room) say(words.textToomany);
    const work = Promise.all(chosen.slice(0, Math.max(room, 0)).map(add));
    sending.add(work);
    await work;
    sending.delete(work);
  });
  input.form?.addEventListener("submit", async (event) => {
    if (!sending.size) return;
    event.preventDefault();
    await Promise.all(sending);
    input.form.requestSubmit(event.submitter ?? undefined);
  });
}

/** @param {ParentNode} root Without crypto (plain http from another machine) the input stays plain. */
export function watchPhotos(root = document) {
  if (!globalThis.crypto?.subtle || !globalThis.createImageBitmap) return;
  for (const box of root.querySelectorAll("[data-photos]:not([data-awake])")) {
    box.dataset.awake = "";
    watch(box);
  }
}
