/** The lock: shown over whatever was open, which comes back as it was. */
import * as sync from "mb/field/sync";
import * as vault from "mb/field/vault";
import { fill, put } from "mb/field/fill";
import { say } from "mb/field/words";

const LETTERS = "mb-letters"; // whether the keyboard shows letters; nothing about the secret

export default async function show(app) {
  const node = fill("unlock", { problem: "" });
  const [input, press, keys] = ["#secret", "[type=submit]", '[data-act="letters"]'].map((what) => node.querySelector(what));
  const keyboard = (letters) => {
    input.inputMode = letters ? "text" : "numeric";
    keys.textContent = say(letters ? "unlock.digits" : "unlock.letters");
    localStorage.setItem(LETTERS, letters ? "1" : "");
  };
  keyboard(localStorage.getItem(LETTERS) === "1");
  let pause = 0;
  const wait = (until, before) => {
    clearInterval(pause);
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      press.disabled = left > 0;
      put(node, { problem: left > 0 ? `${before} ${say("wait_pin", { n: left })}`.trim() : before });
      if (left <= 0) {
        clearInterval(pause);
        input.focus();
      }
    };
    tick();
    pause = setInterval(tick, 1000);
  };
  const open = async () => {
    if (!input.value || press.disabled) return;
    press.disabled = true;
    const secret = input.value;
    try {
      if (await vault.unlock(secret)) return app.unlocked();
      input.value = "";
      press.disabled = false;
      put(node, { problem: say("wrong_pin") });
      input.focus();
    } catch (error) {
      press.disabled = false;
      if (error.code === "wait") wait(error.until, say("wrong_pin"));
      else throw error;
    }
  };
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    open();
  });
  input.addEventListener("input", () => {
    if (input.inputMode === "numeric" && /^\d{6}$/.test(input.value)) open();
  });
  put(node, {
    letters: () => {
      keyboard(input.inputMode === "numeric");
      input.focus();
    },
    forget: async () => {
      await sync.signOut();
      app.go("#/left");
    },
  });
  node.leave = () => clearInterval(pause);
  node.focusFirst = input;
  return node;
}
