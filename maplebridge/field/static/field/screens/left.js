/** This phone is no device any more: signed out here, or taken out of use by the command room. */
import { fill } from "mb/field/fill";
import { say } from "mb/field/words";

export default async function show(app) {
  return fill("left", { why: app.trouble === "revoked" ? say("trouble_revoked") : say("sign-out.done") });
}
