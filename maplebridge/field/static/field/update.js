/** A newer app: fetched by the service worker beside the present one, taken only when asked to. */
import { Trouble, listen, tell, tellAll } from "mb/field/signal";

const ANSWER = 300; // ms that other tabs have to say that a form is open

let waiting = null;
let busy = () => false;

function found(worker) {
  waiting = worker;
  tell("update", "ready");
}

/** The worker of a newer app is ready once it is installed while an older one is at work. */
function follow(registration) {
  if (registration.waiting && navigator.serviceWorker.controller) found(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && registration.active) found(worker);
      if (worker.state === "activated" && waiting === worker) waiting = null;
    });
  });
}

/**
 * Install the app on this phone and listen for newer ones: `listen("update", …)`.
 * @param {() => boolean} isBusy is a form open in this tab?
 * @returns {Promise<boolean>} false where service workers don't work
 */
export async function install(isBusy) {
  busy = isBusy;
  listen("busy?", () => busy() && tellAll("busy"));
  listen("storage", (what) => what === "old" && location.reload()); // a newer app has our database
  if (!navigator.serviceWorker) return false;
  try {
    const registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" });
    let controlled = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (controlled) location.reload(); // the newer app was taken: its files are those of its shell
      controlled = true;
    });
    follow(registration);
    document.addEventListener("visibilitychange", () => document.hidden || registration.update().catch(() => {}));
    return true;
  } catch {
    return false;
  }
}

/** Is a newer app ready? */
export const isReady = () => waiting !== null;

/** Take the newer app; all tabs load anew. Throws Trouble("form_open") while one has a form open. */
export async function take() {
  if (!waiting) return;
  let open = busy();
  const stop = listen("busy", () => (open = true));
  tellAll("busy?");
  await new Promise((done) => setTimeout(done, ANSWER));
  stop();
  if (open) throw new Trouble("form_open");
  waiting.postMessage("take over");
}
