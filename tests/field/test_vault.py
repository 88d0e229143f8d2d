"""What lies on the phone opens by the PIN alone; what is finished only on the server."""

import json
import re

import pytest

from maplebridge.sync.seal import NotSealed, key_id, raw_public, unseal
from tests.field.conftest import NO_BROWSER, PIN, call, enrol, open_page, opened

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.field.pages"), NO_BROWSER]


def test_seals_open_on_the_server_alone(enrolled, server_key):
    texts = ["", "门口漏水 🚰", "x" * 100_000]
    seals = call(
        enrolled,
        "return Promise.all(given.map(async (text) => Array.from(await seal.seal(bytes.utf8(text)))))",
        [*texts, texts[0]],
    )
    for text, sealed in zip(texts, seals, strict=False):
        assert opened(server_key, sealed).decode() == text
        assert len(sealed) == len(text.encode()) + 86
        assert bytes(sealed)[1:5] == key_id(raw_public(server_key.public_key()))
    assert seals[0] != seals[3]  # each has a key of its own
    broken = bytes([*seals[1][:-1], seals[1][-1] ^ 1])
    with pytest.raises(NotSealed):
        unseal(server_key, raw_public(server_key.public_key()), broken)


def test_ids_sort_by_time_and_hashes_are_hex(phone):
    early, late, hashed, there_and_back = call(
        phone,
        """return [bytes.uuid7(0x0190aabbccdd), bytes.uuid7(), await bytes.sha256(bytes.utf8("abc")),
          Array.from(bytes.unbase64(bytes.base64(Uint8Array.of(0, 255, 62, 63))))]""",
    )
    assert re.fullmatch(r"0190aabb-ccdd-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", early)
    assert early < late
    assert hashed == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert there_and_back == [0, 255, 62, 63]


def test_nothing_typed_lies_readable(enrolled):
    page = enrolled
    found = call(
        page,
        """const draft = await drafts.begin(given, {});
        draft.body.text = "SECRET-WORDS";
        await drafts.save(draft);
        await holdings.apply({cursor: "1", more: false, restart: true, gone: [], scopes: [{code: "1", name: "SECRET-AREA"}],
          put: [{kind: "matter", id: 1, version: 1, text: "SECRET-MATTER"}]});
        await holdings.keepPack({forms: [], me: {name: "SECRET-NAME"}}, "t");
        const other = await drafts.begin(given, {});
        other.body.text = "SECRET-RECORD";
        await outbox.finish(other);
        const db = await store.open();
        let all = "";
        for (const name of db.objectStoreNames) {
          for (const row of await db.getAll(name)) {
            const flat = (value) => value instanceof Uint8Array ? String.fromCharCode(...value.subarray(0, 60000))
              : value && typeof value === "object" ? Object.values(value).map(flat).join(" ") : String(value);
            all += flat(row) + " ";
          }
        }
        return [all.length > 1000, all.includes("SECRET"), Object.keys(localStorage).length]""",
        {"key": "report", "version": 1, "label": "x", "fields": []},
    )
    assert found == [True, False, 0]


def test_wrong_secrets_wait_longer_and_longer(enrolled):
    page = enrolled
    page.clock.install()
    call(page, "vault.lock()")
    said = call(
        page,
        """const said = [await vault.state()];
        for (let n = 0; n < 3; n += 1) said.push(await vault.unlock("000000"));
        said.push(await code(vault.unlock("135790")));
        const db = await store.open();
        said.push((await db.get("meta", "vault")).tries);
        return said""",
    )
    assert said == ["locked", False, False, False, "wait", 3]
    page.clock.fast_forward(5_100)
    assert call(
        page, "return [await vault.unlock('000000'), await code(vault.unlock('135790'))]"
    ) == [False, "wait"]
    page.clock.fast_forward(10_000)
    assert call(page, "return code(vault.unlock('135790'))") == "wait"  # now it is 30 seconds
    page.clock.fast_forward(25_000)
    assert call(page, "return [await vault.unlock('135790'), await vault.state()]") == [
        True,
        "open",
    ]


def test_a_clock_set_back_locks_nobody_out(enrolled):
    said = call(
        enrolled,
        """vault.lock();
        const kept = await store.meta.get("vault");
        await store.meta.put("vault", {...kept, tries: 9, until: Date.now() + 3 * 86400_000});
        return vault.unlock("135790")""",
    )
    assert said is True


def test_the_secret_can_be_changed(enrolled):
    said = call(
        enrolled,
        """const closed = await vault.encrypt({a: 1}, "x");
        const said = [await vault.changeSecret("wrong-one", "a long passphrase"), await code(vault.changeSecret("135790", "12"))];
        said.push(await vault.changeSecret("135790", "很长的口令"+"在山里"));
        vault.lock();
        said.push(await vault.unlock("135790"), await vault.unlock("很长的口令在山里"), (await vault.decrypt(closed, "x")).a);
        said.push(await code(vault.decrypt(closed, "y")));
        return said""",
    )
    assert said == [False, "short_secret", True, False, True, 1, "unreadable"]


def test_the_vault_closes_by_itself(enrolled):
    page = enrolled
    page.clock.install()
    page.reload()  # its timers are those of this clock now
    call(page, "return vault.unlock(given)", PIN)
    page.clock.fast_forward(4 * 60_000)
    page.keyboard.press("Shift")
    page.clock.fast_forward(4 * 60_000)
    assert call(page, "return vault.state()") == "open"
    page.clock.fast_forward(61_000)
    page.clock.run_for(11_000)
    assert call(page, "return [await vault.state(), await code(vault.encrypt({}, 'x'))]") == [
        "locked",
        "locked",
    ]


def test_the_touch_that_wakes_a_sleeping_phone_finds_it_closed(enrolled):
    page = enrolled
    page.clock.install()
    call(page, "vault.stay()")
    page.clock.set_fixed_time(page.evaluate("Date.now()") + 6 * 60_000)  # no timer ran meanwhile
    page.keyboard.press("Shift")
    assert call(page, "return vault.state()") == "locked"


def test_closing_by_hand_closes_every_tab(chromium, pages, server_key):
    context = chromium.new_context()
    one, two = (open_page(context, f"{pages}/bare") for _ in range(2))
    enrol(one, server_key)
    assert call(two, "return [await vault.state(), await vault.unlock(given)]", PIN) == [
        "locked",
        True,
    ]
    call(one, "vault.lock()")
    two.wait_for_function("async () => (await import('mb/field/vault')).isOpen() === false")
    context.close()


def test_destroying_hands_drafts_over_and_leaves_nothing_to_open(enrolled, server_key):
    page = enrolled
    kept = call(
        page,
        """const draft = await drafts.begin(given, {matter: 7});
        draft.body.text = "half a sentence";
        await drafts.save(draft);
        draft.body.text = "half a sentence more";
        await drafts.save(draft);
        vault.lock();
        await vault.destroy();
        const db = await store.open();
        const rows = await db.getAll("outbox");
        return {id: draft.id, state: await vault.state(), rows: rows.map((row) => [row.id, row.unsent]),
          sealed: Array.from(await db.get("bytes", rows[0].sha256)),
          left: [await db.count("drafts"), await db.count("blocks"), await db.count("thumbs")],
          meta: await db.getAllKeys("meta")}""",
        {"key": "report", "version": 3, "label": "x", "fields": []},
    )
    assert kept["state"] == "new"
    assert kept["rows"] == [[kept["id"], 0]]
    assert kept["left"] == [0, 0, 0]
    assert "vault" not in kept["meta"]
    assert "device" in kept["meta"]
    record = json.loads(opened(server_key, kept["sealed"]))
    assert (record["kind"], record["form"], record["form_version"]) == ("draft", "report", 3)
    assert record["body"] == {"text": "half a sentence more"}
    assert record["subject"] == {"matter": 7}
