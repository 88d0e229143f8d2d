/** Settings of this phone. */
import { build } from "mb/field/send";
import * as holdings from "mb/field/holdings";
import * as store from "mb/field/store";
import * as vault from "mb/field/vault";
import { fill } from "mb/field/fill";
import { names as readNames } from "mb/field/names";
import { wifi } from "mb/field/screens/mine";
import { elder } from "mb/field/view";
import { listed, say } from "mb/field/words";

export default async function show() {
  const [names, count, areas, space, estimate] = await Promise.all([
    readNames(), holdings.count(), holdings.scopes(), store.space(), navigator.storage?.estimate?.() ?? {},
  ]);
  const { me } = names.pack;
  const megabytes = (bytes) => Math.max(1, Math.round((bytes ?? 0) / 1_000_000)).toLocaleString();
  const node = fill("settings", {
    me: [me.name, ...new Set((me.posts ?? []).map((post) => post.title))].join(" · "),
    areas: listed(areas.map((area) => area.name)),
    held: say("settings.held", { matters: count.matter, places: count.place, needs: count.need }),
    space: [say("used_space", { used: megabytes(estimate.usage), free: megabytes(space.free) }), say(space.persistent ? "space_kept" : "space_loose")].join(" · "),
    version: build(),
    lock: () => vault.lock(),
  });
  wifi(node.querySelector("#wifi-only"));
  const large = node.querySelector("#elder");
  large.checked = elder();
  large.addEventListener("change", () => elder(large.checked));
  return node;
}
