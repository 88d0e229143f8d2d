/** Is this browser fit? Shown before a phone is set up, and again from the settings. */
import * as vault from "mb/field/vault";
import { fill, icon, put, slot } from "mb/field/fill";
import { head, notice } from "mb/field/parts";
import { CHECKS, trial } from "mb/field/selftest";
import { say } from "mb/field/words";

const LOOK = { ok: ["check-circle", "good"], warn: ["alert", "warn"], bad: ["x-circle", "bad"], trying: ["refresh", "calm"] };
const VERDICT = { ok: ["good", "good_to_go"], warn: ["warn", "with_limits"], bad: ["bad", "not_fit"] };

export default async function show(app) {
  const first = (await vault.state().catch(() => "new")) === "new";
  const rows = new Map(CHECKS.map(([name]) => [name, fill("check", { name: say(`check.${name}`), result: say("checking") })]));
  const node = fill("selftest", {
    head: head(say("selftest.title"), { back: first ? "" : "#/settings" }),
    checks: [...rows.values()],
    verdict: null,
    next: null,
  });
  const draw = (name, state, words) => {
    const [shape, tone] = LOOK[state];
    const row = rows.get(name);
    put(row, { icon: icon(shape), result: words });
    slot(row, "icon").className = `check-state tone-${tone}`;
  };
  for (const name of rows.keys()) draw(name, "trying", say("checking"));
  trial((name, state, n) => draw(name, state, say(`check_${name}_${state}`, { n: n.toLocaleString() }))).then((worst) => {
    const [tone, words] = VERDICT[worst];
    const again = fill("selftest-again", { again: () => app.refresh() });
    put(node, { verdict: notice(tone, say(words)), next: [first && worst !== "bad" ? fill("selftest-first") : null, again] });
  });
  return node;
}
