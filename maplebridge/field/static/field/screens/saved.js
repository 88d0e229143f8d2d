/** What was just recorded is safe; it says where it is, and goes on saying so. */
import * as outbox from "mb/field/outbox";
import { fill, put } from "mb/field/fill";
import { STATES, badge } from "mb/field/parts";
import { listen } from "mb/field/signal";
import { say } from "mb/field/words";

export default async function show(app, id) {
  const find = async () => (await outbox.list()).find((one) => one.id === id);
  const record = await find();
  if (!record) return app.go("#/mine", { replace: true });
  const node = fill("saved", { title: record.title, again: "#/record", record: `#/of/${id}` });
  const state = async () => {
    const now = (await find()) ?? record;
    const [shape, tone] = STATES[now.state];
    put(node, { where: badge(tone, shape, say(`state_${now.state}`)) });
  };
  await state();
  node.leave = listen("outbox", state);
  return node;
}
