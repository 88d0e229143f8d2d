/** Another PIN or passphrase; the present one is asked first. */
import * as vault from "mb/field/vault";
import { fill, put } from "mb/field/fill";
import { head, notice } from "mb/field/parts";
import { chosenSecret, watchSecret } from "mb/field/secret";
import { say } from "mb/field/words";

export default async function show(app) {
  const node = fill("pin", { head: head(say("pin.title"), { back: "#/settings" }), problem: null });
  watchSecret(node);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const secret = chosenSecret(node);
    if (!secret) return;
    const { old } = node.elements;
    try {
      if (await vault.changeSecret(old.value, secret)) {
        app.say(say("pin_changed"));
        return app.go("#/settings", { replace: true });
      }
      put(node, { problem: notice("bad", say("wrong_pin")) });
    } catch (error) {
      const left = Math.ceil(((error.until ?? 0) - Date.now()) / 1000);
      put(node, { problem: notice("bad", error.code === "wait" ? say("wait_pin", { n: left }) : say("went_wrong")) });
    }
    old.value = "";
    old.focus();
  });
  return node;
}
