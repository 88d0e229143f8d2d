/** Signing out of this phone: what becomes of what is not sent, said before. */
import * as drafts from "mb/field/drafts";
import * as outbox from "mb/field/outbox";
import * as sync from "mb/field/sync";
import { fill, put } from "mb/field/fill";
import { head, unsent } from "mb/field/parts";
import { say } from "mb/field/words";

export default async function show(app) {
  const node = fill("sign-out", { head: head(say("sign-out.title"), { back: "#/settings" }), said: "" });
  const draw = async () => {
    const [records, unfinished] = await Promise.all([outbox.list(), drafts.all()]);
    const waiting = records.filter(unsent).length;
    put(node, {
      unsent: waiting ? say("unsent_kept", { n: waiting }) : say("all_sent"),
      drafts: unfinished.length ? say("drafts_kept", { n: unfinished.length }) : "",
    });
    node.querySelector('[data-act="send"]').hidden = !waiting;
  };
  put(node, {
    send: async () => {
      await sync.now({ files: true });
      await draw();
      put(node, { said: say("mine.sent_now") });
    },
    leave: async (event) => {
      event.currentTarget.disabled = true;
      await sync.signOut();
      app.go("#/left", { replace: true });
    },
  });
  await draw();
  return node;
}
