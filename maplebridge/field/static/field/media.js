/** Photos and voice notes inside a form. */
import * as files from "mb/field/files";
import { fill, put, slot } from "mb/field/fill";
import { say } from "mb/field/words";

const LONGEST = 170; // seconds of one voice note; the recorder itself ends a little later

/** Both side by side, or photos alone. @returns {Element} */
export function media(draft, changed, { spoken }) {
  const box = document.createElement("div");
  box.className = "medias";
  box.append(photos(draft, changed), ...(spoken ? [voice(draft, changed)] : []));
  return box;
}

/** @param {Object} draft @param {Function} changed told after each change @returns {Element} */
export function photos(draft, changed) {
  const box = fill("photos");
  const strip = slot(box, "photos");
  const problem = (text) => put(box, { problem: text });
  problem("");
  const show = (photo) => {
    const one = fill("photo", {
      remove: async () => {
        await files.remove(draft, photo.id);
        one.remove();
        strip.hidden = !strip.children.length;
        box.querySelector("input").focus();
        changed();
      },
    });
    const name = say("photo_n", { n: strip.children.length + 1 });
    Object.assign(one.querySelector("img"), { src: photo.thumb, alt: name });
    one.querySelector("button").setAttribute("aria-label", `${say("remove")}: ${name}`);
    strip.append(one);
    strip.hidden = false;
  };
  for (const input of box.querySelectorAll("input")) {
    input.addEventListener("change", async () => {
      problem("");
      for (const file of input.files) {
        try {
          show(await files.addPhoto(draft, file));
          changed();
        } catch (error) {
          problem(say(error.code === "storage_full" ? "photo_full" : "photo_bad"));
        }
      }
      input.value = "";
    });
  }
  strip.hidden = true;
  files.thumbs(draft).then((found) => found.filter((file) => file.kind === "photo").forEach(show));
  return box;
}

/** A voice note: pressed once it records, pressed again it is kept. */
export function voice(draft, changed) {
  const box = fill("voice");
  const list = slot(box, "voices");
  const [begin, end] = ["record", "stop"].map((act) => box.querySelector(`[data-act="${act}"]`));
  let recording = null;
  let tick = 0;
  const show = (note) => {
    const label = say("voice_n", { n: Math.round(note.seconds) });
    const one = fill("voice-one", {
      label,
      remove: async () => {
        await files.remove(draft, note.id);
        one.remove();
        changed();
        begin.focus();
      },
    });
    one.querySelector("audio").src = note.thumb;
    one.querySelector("audio").setAttribute("aria-label", label);
    one.querySelector("button").setAttribute("aria-label", `${say("remove")}: ${label}`);
    list.append(one);
    list.hidden = false;
  };
  const keep = async () => {
    clearInterval(tick);
    const taken = recording;
    recording = null;
    if (!taken) return;
    const { blob, seconds } = await taken.stop();
    begin.hidden = false;
    end.hidden = true;
    put(box, { recording: "" });
    try {
      show(await files.addVoice(draft, blob, seconds));
      changed();
    } catch {
      put(box, { problem: say("photo_full") });
    }
    begin.focus();
  };
  begin.addEventListener("click", async () => {
    put(box, { problem: "" });
    try {
      recording = await files.recordVoice();
    } catch {
      return put(box, { problem: say("voice_denied") });
    }
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    tick = setInterval(() => {
      put(box, { recording: say("recording", { n: seconds() }) });
      if (!box.isConnected || seconds() >= LONGEST) keep();
    }, 500);
    put(box, { recording: say("recording", { n: 0 }) });
    begin.hidden = true;
    end.hidden = false;
    return end.focus();
  });
  end.addEventListener("click", keep);
  put(box, { problem: "", recording: "" });
  list.hidden = true;
  files.thumbs(draft).then((found) => found.filter((file) => file.kind === "voice").forEach(show));
  return box;
}
