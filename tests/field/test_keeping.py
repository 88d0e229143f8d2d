"""Drafts and finished records: durable, once, in order, whatever happens to the browser."""

import hashlib
import json
import signal

import psutil
import pytest

from tests.field.conftest import FORM, LAUNCH, NO_BROWSER, PIN, call, enrol, open_page, opened

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.field.pages"), NO_BROWSER]

FINISH = """const finish = async (text, subject = {}, facts = {}) => {
  const draft = Object.assign(await drafts.begin(given.form, subject), facts);
  draft.body.text = text;
  return outbox.finish(draft);
};
const sealedOf = async (id) => {
  const db = await store.open();
  return Array.from(await db.get("bytes", (await db.get("outbox", id)).sha256));
};
"""
GIVEN = {"form": FORM}


def test_a_finished_record_is_what_the_law_says(enrolled, server_key):
    page = enrolled
    kept = call(
        page,
        FINISH
        + """await store.meta.put("offset_ms", 1200);
        const draft = await drafts.begin(given.form, {matter: 7, version: 4});
        draft.body.text = "门口漏水";
        draft.position = {lon: 119.05, lat: 27.95, accuracy: 12};
        await drafts.save(draft);
        const id = await outbox.finish(draft);
        return {id, again: await outbox.finish(draft), drafts: await drafts.count(), row: await (await store.open()).get("outbox", id),
          sealed: await sealedOf(id), list: await outbox.list()}""",
        GIVEN,
    )
    record = json.loads(opened(server_key, kept["sealed"]))
    made_at = record.pop("made_at")
    assert record == {
        "id": kept["id"], "kind": "report", "device": "0190a000-0000-7000-8000-000000000001", "form": "report",
        "form_version": 3, "after": None, "seq": 1, "offset_ms": 1200, "subject": {"matter": 7, "version": 4},
        "position": {"lon": 119.05, "lat": 27.95, "accuracy": 12}, "files": [], "body": {"text": "门口漏水"},
    }  # fmt: skip
    assert kept["again"] == kept["id"]
    assert kept["drafts"] == 0
    assert kept["row"]["sha256"] == hashlib.sha256(bytes(kept["sealed"])).hexdigest()
    (line,) = kept["list"]
    assert (line["kind"], line["title"], line["state"], line["made_at"]) == (
        "report",
        "门口漏水",
        "saved",
        made_at,
    )


def test_finished_twice_in_two_tabs_is_one_record(chromium, pages, server_key):
    context = chromium.new_context()
    one, two = (open_page(context, f"{pages}/bare") for _ in range(2))
    enrol(one, server_key)
    call(two, "return vault.unlock(given)", PIN)
    draft = call(
        one,
        "const draft = await drafts.begin(given.form); await drafts.save(draft); return draft",
        GIVEN,
    )
    finish = "window.done = import('mb/field/outbox').then((outbox) => outbox.finish(draft))"
    for tab in (one, two):
        tab.evaluate(f"(draft) => {{ {finish} }}", draft)
    assert [tab.evaluate("() => window.done") for tab in (one, two)] == [draft["id"]] * 2
    rows = call(one, "return [(await outbox.list()).length, await store.meta.get('seq')]")
    assert rows == [1, 1]
    context.close()


def test_records_about_one_thing_follow_one_another(enrolled, server_key):
    sealed = call(
        enrolled,
        FINISH
        + """const ids = [await finish("a", {matter: 7}), await finish("b", {matter: 8}), await finish("c", {matter: 7})];
        ids.push(await finish("d", {record: ids[1]}));
        ids.push(await finish("e", {matter: 9}));
        const rows = await (await store.open()).getAll("outbox");
        await outbox.settle(rows.map(({id, sha256}, n) => ({id, sha256, receipt: n + 1, state: "applied"})));
        ids.push(await finish("f", {matter: 7}));
        return Promise.all(ids.map(sealedOf))""",
        GIVEN,
    )
    records = [json.loads(opened(server_key, each)) for each in sealed]
    ids = [record["id"] for record in records]
    assert [record["seq"] for record in records] == [1, 2, 3, 4, 5, 6]
    after = [record["after"] for record in records]
    assert after == [
        None,
        None,
        ids[0],
        ids[1],
        None,
        None,
    ]  # what is applied need not be waited for


def test_only_a_receipt_of_the_same_bytes_makes_a_record_sent(enrolled):
    said = call(
        enrolled,
        FINISH
        + """const [a, b] = [await finish("a"), await finish("b")];
        const db = await store.open();
        const state = async () => Promise.all([a, b].map(async (id) => (await db.get("outbox", id)).state));
        const row = await db.get("outbox", a);
        const said = [];
        said.push(await outbox.settle([{id: a, sha256: "0".repeat(64), receipt: 1, state: "kept"}]), await state());
        said.push(await outbox.settle([{id: b, sha256: row.sha256, receipt: 1, state: "kept"}]), await state());
        said.push(await outbox.settle([{id: a, sha256: row.sha256, state: "kept"}]), await state());
        said.push(await outbox.settle([{id: a, sha256: row.sha256, receipt: 9, state: "kept"}]), await state());
        said.push((await outbox.batch(100, 1e6, new Set())).map(({id}) => id === b), (await outbox.counts()).unsent);
        said.push(await store.meta.get("last").then(({receipt, id}) => [receipt, id === a]));
        return said""",
        GIVEN,
    )
    unsent = ["saved", "saved"]
    assert said == [0, unsent, 0, unsent, 0, unsent, 1, ["kept", "saved"], [True], 1, [9, True]]


def test_batches_are_in_order_and_small(enrolled):
    said = call(
        enrolled,
        FINISH
        + """const ids = [];
        for (let n = 0; n < 6; n += 1) ids.push(await finish("字".repeat(3000)));
        const some = async (...args) => (await outbox.batch(...args)).map(({id}) => ids.indexOf(id));
        const [first] = await outbox.batch(1, 1, new Set());
        return [await some(4, 1e6, new Set()), await some(100, 30_000, new Set()), await some(100, 1, new Set()),
          await some(100, 1e6, new Set([ids[0], ids[2]])),
          await bytes.sha256(bytes.unbase64(first.sealed)) === first.sha256]""",
        GIVEN,
    )
    assert said == [[0, 1, 2, 3], [0, 1], [0], [1, 3, 4, 5], True]


def test_what_a_restored_server_lost_is_offered_again_and_the_old_goes(enrolled):
    said = call(
        enrolled,
        FINISH
        + """const ids = [await finish("a"), await finish("b"), await finish("c")];
        const db = await store.open();
        const rows = await Promise.all(ids.map((id) => db.get("outbox", id)));
        await outbox.settle(rows.slice(0, 2).map(({id, sha256}, n) => ({id, sha256, receipt: n + 1, state: "applied"})));
        const said = [(await outbox.receipted()).length];
        await outbox.offerAgain([ids[0]], [], "e2");
        said.push((await outbox.batch(9, 1e6, new Set())).map(({id}) => ids.indexOf(id)), await store.meta.get("epoch"), await store.meta.get("last"));
        await outbox.purge(Date.now() + 29 * 86400_000);
        said.push(await db.count("outbox"), await db.count("bytes"));
        await outbox.purge(Date.now() + 31 * 86400_000);
        said.push(await db.count("outbox"), await db.count("bytes"));
        return said""",
        GIVEN,
    )
    assert said == [2, [0, 2], "e2", None, 3, 3, 2, 2]


def test_the_way_out_by_a_file(enrolled, server_key):
    whole = call(
        enrolled,
        FINISH
        + "await finish('a'); await finish('b'); return JSON.parse(await (await outbox.exportUnsent()).text())",
        GIVEN,
    )
    import base64

    texts = [
        json.loads(opened(server_key, base64.b64decode(r["sealed"])))["body"]["text"]
        for r in whole["records"]
    ]
    assert texts == ["a", "b"]
    assert whole["maplebridge"] == "unsent 1"


def test_a_draft_keeps_the_form_it_was_begun_with(enrolled, server_key):
    sealed = call(
        enrolled,
        FINISH
        + """await holdings.keepPack({forms: [given.form], me: {}}, "1");
        const draft = await drafts.begin("report", {});
        draft.body.text = "begun with version 3";
        await drafts.save(draft);
        await holdings.keepPack({forms: [{...given.form, version: 4, fields: []}], me: {}}, "2");
        const later = await drafts.open(draft.id);
        const fresh = await drafts.begin("report", {});
        const none = await code(drafts.begin("nothing", {}));
        return [later.form, fresh.form.version, none, await sealedOf(await outbox.finish(later))]""",
        GIVEN,
    )
    assert sealed[0] == FORM
    assert sealed[1:3] == [4, "no_form"]
    assert json.loads(opened(server_key, sealed[3]))["form_version"] == 3


def test_the_last_of_many_saves_stays(enrolled):
    said = call(
        enrolled,
        """const draft = await drafts.begin(given.form);
        const saves = [];
        for (let n = 0; n < 50; n += 1) {
          draft.body.text = `word ${n}`;
          saves.push(drafts.save(draft));
        }
        await Promise.all(saves);
        const kept = await drafts.open(draft.id);
        await drafts.discard(draft.id);
        const late = await drafts.begin(given.form);
        const saving = drafts.save(late);
        await outbox.finish(late);
        await saving;
        await drafts.save(late); // an eager screen
        return [kept.body.text, await drafts.open(draft.id), (await drafts.all()).length, (await outbox.list()).length]""",
        GIVEN,
    )
    assert said == ["word 49", None, 0, 1]


def test_what_was_acknowledged_survives_a_killed_browser(playwright, pages, server_key, tmp_path):
    """SIGKILL of every process of a browser in a loop of saves and records."""
    acknowledged: list[str] = []
    for _ in range(2):
        context = playwright.chromium.launch_persistent_context(str(tmp_path), **LAUNCH)
        page = open_page(context, f"{pages}/bare")
        if acknowledged:
            assert call(page, "return vault.unlock(given)", PIN)
        else:
            enrol(page, server_key)
        page.on("console", lambda message: acknowledged.append(message.text))
        page.evaluate(
            f"""(given) => {{ ({PRELUDE_LOOP})(given) }}""",
            GIVEN,
        )
        least = len(acknowledged) + 60
        while len(acknowledged) < least:
            page.wait_for_timeout(20)
        for process in psutil.process_iter(["cmdline"]):
            if f"--user-data-dir={tmp_path}" in (process.info["cmdline"] or []):
                process.send_signal(signal.SIGKILL)
        with pytest.raises(Exception, match="closed"):
            page.wait_for_timeout(5000)

    context = playwright.chromium.launch_persistent_context(str(tmp_path), **LAUNCH)
    page = open_page(context, f"{pages}/bare")
    assert call(page, "return vault.unlock(given)", PIN)
    kept = call(
        page,
        """const db = await store.open();
        const rows = await Promise.all((await db.getAll("outbox")).map(async (row) => [row.id, row.seq, Array.from(await db.get("bytes", row.sha256))]));
        return {rows, drafts: Object.fromEntries((await drafts.all()).map((draft) => [draft.id, draft.body.n]))}""",
    )
    context.close()
    finished = {line.split()[1] for line in acknowledged if line.startswith("finished")}
    assert len(finished) >= 30
    assert finished <= {name for name, _seq, _sealed in kept["rows"]}
    assert sorted(seq for _id, seq, _sealed in kept["rows"]) == list(
        range(1, len(kept["rows"]) + 1)
    )
    for name, seq, sealed in kept["rows"]:
        record = json.loads(opened(server_key, sealed))
        assert (record["id"], record["seq"]) == (name, seq)
    for line in acknowledged:
        what, name, *rest = line.split()
        if what == "draft" and name not in {each for each, *_ in kept["rows"]}:
            assert kept["drafts"][name] >= int(rest[0])


PRELUDE_LOOP = """async (given) => {
  const [drafts, outbox] = await Promise.all(["drafts", "outbox"].map((name) => import(`mb/field/${name}`)));
  for (;;) {
    const draft = await drafts.begin(given.form);
    for (draft.body.n = 1; draft.body.n < 3; draft.body.n += 1) {
      await drafts.save(draft);
      console.log(`draft ${draft.id} ${draft.body.n}`);
    }
    console.log(`finished ${await outbox.finish(draft)}`);
  }
}"""
