/** The first reading, with how far it is. */
import * as sync from "mb/field/sync";
import { fill, put } from "mb/field/fill";
import { notice } from "mb/field/parts";
import { say } from "mb/field/words";

export default async function show(app) {
  const node = fill("first", { problem: null });
  let begun = false;
  const follow = ({ phase, progress, trouble }) => {
    begun ||= phase === "reading";
    put(node, {
      read: say("rows_read", { n: progress }),
      problem: trouble ? notice("warn", say(`trouble_${trouble}`)) : null,
    });
    if (begun && phase === "idle" && !trouble) app.go("#/", { replace: true });
  };
  node.leave = sync.onChange(follow);
  sync.now();
  return node;
}
