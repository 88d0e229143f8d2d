"""What came down: page by page with its cursor, swept by a full reading, open at once."""

import hashlib

import pytest

from tests.browser import NO_BROWSER
from tests.field.conftest import PIN, call, enrol, open_page

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.field.pages"), NO_BROWSER]

ROWS = """let cursor = 0;
const row = (id, version = 1, facts = {}) => ({kind: "matter", id: String(id), version, title: `matter ${id}`, ...facts});
const page = (put, facts = {}) => holdings.apply({
  cursor: `c${cursor += 1}`, more: false, restart: false, gone: [], scopes: [{code: "1", name: "上村"}], put, ...facts});
const ids = async () => (await holdings.matters()).map(({id, version}) => `${id}v${version}`).sort();
const reopen = async () => { vault.lock(); await vault.unlock("135790"); await holdings.load(); };
const blocks = async () => (await (await store.open()).getAllKeys("blocks"));
"""


def test_pages_and_their_cursor_are_kept_together(enrolled):
    said = call(
        enrolled,
        ROWS
        + """const said = [];
        await page([row(1), row(2)], {restart: true, more: true});
        await page([row(3), {kind: "place", id: "p", version: 4, name: "油坊"}, {kind: "hat", id: "1"}]);
        said.push(await ids(), await store.meta.get("cursor"), await blocks());
        await page([row(2, 2)], {gone: [{kind: "matter", id: "1"}]});
        await page([]);
        said.push(await ids(), await store.meta.get("cursor"), (await blocks()).length);
        await reopen();
        said.push(await ids(), await holdings.count(), await holdings.scopes(), (await holdings.matter(3)).title);
        return said""",
    )
    assert said[:3] == [["1v1", "2v1", "3v1"], "c2", [1, 2]]
    assert said[3:6] == [["2v2", "3v1"], "c4", 3]
    assert said[6:] == [
        ["2v2", "3v1"],
        {"matter": 2, "place": 1, "need": 0, "message": 0, "record": 0},
        [{"code": "1", "name": "上村"}],
        "matter 3",
    ]


def test_a_full_reading_sweeps_what_it_did_not_see(enrolled):
    said = call(
        enrolled,
        ROWS
        + """const said = [];
        await page([row(1), row(2), row(3)], {restart: true});
        await page([row(4)]);
        await page([row(2, 2)], {restart: true, more: true});
        said.push(await ids()); // nothing goes before it is through
        await reopen(); // the browser was killed in the middle
        said.push(await ids());
        await page([row(5)], {more: true});
        await page([row(9)], {restart: true, more: true}); // it begins once more
        await page([row(3, 7)], {gone: [{kind: "matter", id: "9"}]});
        said.push(await ids(), await store.meta.get("reading") ?? null, (await blocks()).length);
        await reopen();
        said.push(await ids());
        await page([], {restart: true}); // posts were lost
        said.push(await ids());
        return said""",
    )
    assert said == [
        ["1v1", "2v2", "3v1", "4v1"],
        ["1v1", "2v2", "3v1", "4v1"],
        ["3v7"],
        None,
        2,
        ["3v7"],
        [],
    ]


def test_the_digest_is_the_servers(enrolled):
    told, empty = call(
        enrolled,
        ROWS
        + """const empty = await holdings.digest();
        await page([row(10, 3), row(9), {kind: "need", id: "n", version: 2}, {kind: "place", id: "p", version: 1},
          {kind: "message", id: "5", version: 1}, {kind: "record", id: "r", version: 1}], {restart: true});
        return [await holdings.digest(), empty]""",
    )
    lines = ["matter:10:3\n", "matter:9:1\n", "need:n:2\n", "place:p:1\n"]
    assert told == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert empty == hashlib.sha256(b"").hexdigest()


def test_many_small_pages_are_gathered(enrolled):
    said = call(
        enrolled,
        ROWS
        + """await page(Array.from({length: 40}, (_, n) => row(n)), {restart: true});
        for (let n = 0; n < 30; n += 1) await page([row(n, 2)]);
        const before = await blocks();
        await holdings.finishReading();
        const after = await blocks();
        const one = await ids();
        await reopen();
        const two = await ids();
        await page([row(0, 3)]);
        await reopen();
        return [before.length, after.length, after[0] > before.at(-1), one.length, one.join() === two.join(), (await ids()).includes("0v3")]""",
    )
    assert said == [31, 1, True, 40, True, True]


def test_another_tab_reads_along(chromium, pages, server_key):
    context = chromium.new_context()
    one, two = (open_page(context, f"{pages}/bare") for _ in range(2))
    enrol(one, server_key)
    call(two, "return vault.unlock(given)", PIN)
    read = (
        ROWS
        + "cursor = given.at; await page(given.put, given.facts); await holdings.finishReading()"
    )
    seen = "async (want) => { const h = await import('mb/field/holdings'); return (await h.matters()).map((m) => m.id).join() === want }"
    rows = [{"kind": "matter", "id": str(n), "version": 1} for n in range(4)]
    for at, (tab, other, facts, want) in enumerate(
        [
            (one, two, {"put": rows[:2], "facts": {"restart": True}}, "0,1"),
            (two, one, {"put": rows[2:3], "facts": {}}, "0,1,2"),
            (one, two, {"put": rows[3:], "facts": {"restart": True}}, "3"),
        ]
    ):
        call(tab, read, {"at": at, **facts})
        other.wait_for_function(seen, arg=want)
    context.close()


def test_records_tell_their_state_and_lists_their_order(enrolled):
    said = call(
        enrolled,
        ROWS
        + """const draft = await drafts.begin({key: "note", version: 1, label: "Note", fields: []}, {matter: 3});
        const id = await outbox.finish(draft);
        const news = (state, facts) => page([{kind: "record", id, version: 1, record: "note", state, reason: "", matter: null, ...facts}]);
        const line = async () => { const [{state, reason, matter}] = await outbox.list(); return [state, reason, matter]; };
        const said = [];
        await news("applied"); // told before the receipt came through: not yet sent
        said.push(await line());
        const {sha256} = await (await store.open()).get("outbox", id);
        await outbox.settle([{id, sha256, receipt: 1, state: "kept"}]);
        said.push(await line());
        await news("waiting");
        said.push(await line());
        await news("quarantined", {reason: "You held no post here."});
        said.push(await line());
        await news("applied", {matter: "331181-1"});
        said.push(await line());
        await page([row(1, 1, {due_at: "2026-02-01", mine: true}), row(2, 1, {due_at: null, mine: true}), row(3, 1, {due_at: "2026-01-01", mine: true}), row(4, 1, {mine: false}),
          {kind: "place", id: "a", version: 1, name: "老油坊", address: "上村 12 号"}, {kind: "place", id: "b", version: 1, name: "Mill 油坊", address: "下村"},
          {kind: "message", id: "1", version: 1, at: "2026-01-01"}, {kind: "message", id: "2", version: 1, at: "2026-01-02"}]);
        const name = (rows) => rows.map(({id}) => id).join();
        said.push(name(await holdings.matters({mine: true})), name(await holdings.matters((one) => one.id > 2)), name(await holdings.places("油坊 上村")),
          name(await holdings.places("mill")), (await holdings.places("")).length, name(await holdings.messages()));
        return said""",
    )
    assert said[:5] == [
        ["saved", "", None],
        ["sent", "", None],
        ["waiting", "", None],
        ["returned", "You held no post here.", None],
        ["counted", "", "331181-1"],
    ]
    assert said[5:] == ["3,1,2", "3,4", "a", "b", 2, "2,1"]


def test_likely_the_same_is_near_and_alike(enrolled):
    said = call(
        enrolled,
        ROWS
        + """const now = new Date().toISOString();
        const at = (id, facts) => row(id, 1, {status: "dispatched", reported_at: now, area: "g1", category: "E01", lon: 119.05, lat: 27.95, title: "村口垃圾成堆没人清", ...facts});
        await page([at(1, {}), at(2, {lat: 27.951}), at(3, {lat: 27.96}), at(4, {category: "D03", title: "路灯不亮"}), at(5, {category: "D03", lat: 27.9505}),
          at(6, {status: "merged"}), at(7, {reported_at: "2020-01-01T00:00:00Z"}), at(8, {lon: null, lat: null}), at(9, {lon: null, lat: null, area: "g2"})], {restart: true});
        const near = {lon: 119.05, lat: 27.95, area: "g1", category: "E01", text: "垃圾成堆"};
        const found = await likely.likely(near);
        return [found.map(({id}) => id), Math.round(found[1].metres), found[0].words > 0.4,
          (await likely.likely({area: "g1", category: "E01", text: "垃圾成堆"})).length, (await likely.likely({lon: 119.05, lat: 27.95, text: "完全不同的事情"})).length]""",
    )
    assert said[0] == ["1", "5", "2", "8"]
    assert said[1:] == [56, True, 4, 0]


def test_ten_thousand_rows_open_as_few_blocks(enrolled):
    said = call(
        enrolled,
        ROWS
        + """const many = (from) => Array.from({length: 500}, (_, n) => row(from + n, 1, {text: "字".repeat(60), due_at: `2026-01-${n % 28 + 1}`, mine: n % 50 === 0}));
        for (let n = 0; n < 20; n += 1) await page(many(n * 500), {restart: n === 0, more: n < 19});
        await holdings.finishReading();
        const begun = performance.now();
        await reopen();
        return [(await blocks()).length, (await holdings.count()).matter, (await holdings.matters({mine: true})).length, performance.now() - begun]""",
    )
    assert said[:3] == [20, 10_000, 200]
    print(f"10,000 rows open in {said[3]:.0f} ms with the PIN")
