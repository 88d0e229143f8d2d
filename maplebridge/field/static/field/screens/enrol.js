/** Make this phone a device: its secret, then the first reading. */
import * as sync from "mb/field/sync";
import { fill, put } from "mb/field/fill";
import { notice } from "mb/field/parts";
import { chosenSecret, watchSecret } from "mb/field/secret";
import { say } from "mb/field/words";

const WORDS = { signed_out: "sign_in_first", refused: "no_post", offline: "no_contact", portal: "trouble_portal", short_secret: "short_pin" };

export default async function show(app) {
  const node = fill("enrol", { problem: null });
  watchSecret(node);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const secret = chosenSecret(node);
    if (!secret) return;
    const press = node.querySelector("[type=submit]");
    press.disabled = true;
    put(node, { problem: null });
    try {
      await sync.enrol(secret);
      app.go("#/first", { replace: true });
    } catch (error) {
      press.disabled = false;
      const door = error.code === "signed_out" ? fill("sign-in") : null;
      put(node, { problem: notice("warn", say(WORDS[error.code] ?? "went_wrong"), { next: door }) });
    }
  });
  return node;
}
