/**
 * Photos and voice notes of a draft: made small, stripped, sealed and stored at once. The phone keeps
 * a picture of a photo's size of a thumb, and a voice note, encrypted under its own key until finished.
 */
import { sha256, uuid7 } from "mb/field/bytes";
import { save } from "mb/field/drafts";
import { seal } from "mb/field/seal";
import { Trouble, listen } from "mb/field/signal";
import { read, roomForPhotos, write } from "mb/field/store";
import { decryptBytes, encryptBytes, stay } from "mb/field/vault";

const WANTED = 150_000; // bytes of a photo
/** Longer side in px and quality, tried in this order until it is small enough. */
const STEPS = [[1280, 0.8], [1280, 0.65], [1280, 0.5], [1024, 0.6], [1024, 0.45], [800, 0.5]];
const THUMB = 240;
const SOUNDS = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS = 20_000; // a second of speech
const MOST = 12; // of one record, as the server takes
const LONGEST = 175; // seconds; the server takes three minutes

const shown = new Set(); // object URLs of pictures

function draw(image, longest, quality) {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a transparent picture becomes white, not black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Trouble("not_an_image"))), "image/jpeg", quality);
  });
}

/**
 * A JPEG of about 150 kB and its thumb. Drawing it anew leaves position, time and device behind.
 * @param {Blob} file @returns {Promise<[Blob, Blob]>}
 */
async function reduce(file) {
  let image;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Trouble("not_an_image");
  }
  try {
    const thumb = await draw(image, THUMB, 0.7);
    let blob;
    for (const [longest, quality] of STEPS) {
      blob = await draw(image, longest, quality);
      if (blob.size <= WANTED) break;
    }
    return [blob, thumb];
  } finally {
    image.close();
  }
}

function show(blob) {
  const url = URL.createObjectURL(blob);
  shown.add(url);
  return url;
}

listen("vault", (what) => {
  if (what === "open") return;
  for (const url of shown) URL.revokeObjectURL(url);
  shown.clear();
});

async function add(draft, blob, thumb, facts) {
  if (draft.files.length >= MOST) throw new Trouble("too_many_files", { most: MOST });
  if (!(await roomForPhotos())) throw new Trouble("storage_full");
  const plain = new Uint8Array(await blob.arrayBuffer());
  const hash = await sha256(plain);
  const known = draft.files.find((file) => file.sha256 === hash);
  if (known) return { ...known, thumb: show(thumb) };
  const id = uuid7();
  const bytes = await seal(plain);
  const small = await encryptBytes(await thumb.arrayBuffer(), `thumb:${id}`);
  const file = { id, sha256: hash, sealed: await sha256(bytes), size: bytes.length, type: thumb.type, ...facts };
  draft.files.push(file);
  try {
    await save(draft, async (tx) => {
      await tx.objectStore("bytes").put(bytes, file.sealed);
      await tx.objectStore("thumbs").put(small, id);
      await tx.objectStore("files").put({ id, record: draft.id, sealed: file.sealed, size: file.size, offset: 0, state: "draft" });
    });
  } catch (error) {
    draft.files.splice(draft.files.indexOf(file), 1);
    await save(draft); // what was typed is kept, whatever becomes of the photo
    throw error;
  }
  return { ...file, thumb: show(thumb) };
}

/**
 * Take a photo into a draft; durable when it resolves. The same photo twice is one.
 * Throws Trouble: not_an_image, too_many_files, storage_full.
 * @returns {Promise<{id: string, thumb: string, size: number}>} thumb is an object URL
 */
export async function addPhoto(draft, file) {
  const [blob, thumb] = await reduce(file);
  return add(draft, blob, thumb, { kind: "photo" });
}

/** Take a voice note into a draft, as addPhoto(); `thumb` is the sound itself. */
export const addVoice = (draft, blob, seconds) => add(draft, blob, blob, { kind: "voice", seconds });

/** Take a file out of a draft. */
export async function remove(draft, id) {
  const at = draft.files.findIndex((file) => file.id === id);
  if (at < 0) return;
  const [file] = draft.files.splice(at, 1);
  await save(draft);
  await write(["files", "thumbs", "bytes"], async (tx) => {
    await tx.objectStore("files").delete(id);
    await tx.objectStore("thumbs").delete(id);
    await tx.objectStore("bytes").delete(file.sealed);
  });
}

/** Every file of a draft with its picture or sound as an object URL, good until the vault closes. */
export async function thumbs(draft) {
  const kept = await read("thumbs", (tx) => Promise.all(draft.files.map((file) => tx.store.get(file.id))));
  return Promise.all(draft.files.map(async (file, n) => {
    const plain = kept[n] && new Blob([await decryptBytes(kept[n], `thumb:${file.id}`)], { type: file.type });
    return { ...file, thumb: plain ? show(plain) : null };
  }));
}

/**
 * Begin to record a voice note; it ends by itself before three minutes are over.
 * Throws Trouble: no_microphone.
 * @returns {Promise<{stop: () => Promise<{blob: Blob, seconds: number}>, cancel: () => void}>}
 */
export async function recordVoice() {
  const type = SOUNDS.find((sound) => globalThis.MediaRecorder?.isTypeSupported(sound));
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  } catch (error) {
    throw new Trouble("no_microphone", { cause: error });
  }
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS });
  const parts = [];
  const begun = Date.now();
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const finished = new Promise((done) => {
    recorder.addEventListener("stop", () => {
      clearInterval(awake);
      for (const track of stream.getTracks()) track.stop();
      const seconds = Math.round((Date.now() - begun) / 1000);
      done({ blob: new Blob(parts, { type: type.split(";")[0] }), seconds });
    });
  });
  const awake = setInterval(() => {
    stay();
    if (Date.now() - begun > LONGEST * 1000) stop();
  }, 1000);
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
    return finished;
  };
  recorder.start();
  return { stop, cancel: () => void stop() };
}
