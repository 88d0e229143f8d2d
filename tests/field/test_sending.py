"""The phone's modules against the real server, over a network that fails in every way."""

import json
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from maplebridge.files.models import Blob
from maplebridge.kernel.ids import uuid7
from maplebridge.matters.actions import report
from maplebridge.matters.models import Matter, Report
from maplebridge.org.models import Person, Post
from maplebridge.org.queries import actor_for, forget_directory
from maplebridge.sync import actions
from maplebridge.sync.models import Device, Epoch, Submission, Upload
from maplebridge.sync.queries.opening import record_of
from tests.browser import NO_BROWSER
from tests.field.conftest import PIN, call, open_page
from tests.field.network import Network, said
from tests.field.test_files import camera
from tests.org.builders import build_town

pytestmark = [pytest.mark.browser, NO_BROWSER]

WORK = """const finish = async (text, facts = {}) => {
  const draft = await drafts.begin("report", {});
  Object.assign(draft, {position: {lon: 119.055, lat: 27.955, accuracy: 9}, ...facts});
  Object.assign(draft.body, {text, category: "D03"});
  if (draft.photo) await files.addPhoto(draft, new File([bytes.unbase64(draft.photo)], "x.jpg"));
  return outbox.finish(draft);
};
const seen = async () => { let state; sync.onChange((facts) => { state = facts; })(); return state; };
const line = async (id) => { const row = (await outbox.list()).find((one) => one.id === id); return [row.state, row.files_left, ...(row.files_failed ? [row.files_failed] : [])]; };
"""


@pytest.fixture
def town(transactional_db):
    return build_town()


@pytest.fixture
def world(town, site, chromium):
    """lin's phone behind a network of its own: `world.open()` opens a page of it."""
    network = Network(site)
    visitor = Client()
    worker = Person.objects.get(pk=town.people.lin.pk)
    visitor.force_login(worker, "django.contrib.auth.backends.ModelBackend")
    context = chromium.new_context()
    session = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    for name, value in ((settings.SESSION_COOKIE_NAME, session), ("csrftoken", "a" * 32)):
        context.add_cookies([{"name": name, "value": value, "url": network.address}])
    yield SimpleNamespace(
        town=town, network=network, context=context,
        open=lambda: open_page(context, f"{network.address}/bare"),
    )  # fmt: skip
    context.close()
    network.close()


@pytest.fixture
def phone(world):
    """The page of a phone that is enrolled and has read everything."""
    page = world.open()
    call(page, WORK + "await sync.enrol(given); await sync.start(); await sync.now()", PIN)
    world.network.log.clear()
    yield page
    assert page.faults == []


def told(town, text, **facts):
    lon, lat = town.point
    place = {"lon": lon, "lat": lat} | facts
    return report(
        text=text, category="E01", channel=Report.Channel.COUNTER, command_id=uuid7(), **place
    ).matter


def test_from_enrolment_to_the_ledger(world):
    matter = told(world.town, "村口垃圾成堆")
    told(world.town, "外村的事", lon=119.055, lat=27.975)
    page = world.open()
    first = call(
        page,
        WORK
        + """const said = [await seen()];
        await sync.enrol(given.pin);
        await sync.now();
        said.push(await seen(), await holdings.count(), (await holdings.matters()).map(({id, title}) => [Number(id), title]), (await holdings.pack()).me.name);
        const id = await finish("路灯不亮", {photo: given.photo});
        said.push(await line(id));
        await sync.now();
        said.push(await line(id), (await outbox.list())[0].matter, await seen(), (await sync.ledger(new Date().toISOString().slice(0, 7))).counts, id,
          (await sync.written(id)).record.body.text);
        return said""",
        {"pin": PIN, "photo": camera(640, 480)},
    )
    before, ready, count, matters, name, saved, sent, number, after, counts, record, words = first
    assert before["trouble"] is None
    assert (ready["trouble"], ready["phase"], ready["unsent"]) == (None, "idle", 0)
    assert ready["lastContact"]
    assert (count["matter"], matters, name) == (1, [[matter.id, matter.title]], "林青")
    assert saved == ["saved", 1]
    assert sent == ["counted", 0]
    assert counts == {"sent": 1, "counted": 1, "waiting": 0, "returned": 0}
    assert words == "路灯不亮"
    made = Submission.objects.get()
    assert (str(made.record), made.state) == (record, "applied")
    assert Matter.objects.get(number=number).title.startswith("路灯不亮")
    assert Upload.objects.get().state == "whole"
    assert Blob.objects.get().size > 0
    assert (after["unsent"], after["filesLeft"], after["trouble"]) == (0, 0, None)
    device = Device.objects.get()
    assert device.told["browser"].startswith("Chrome")
    order = [
        f"{method} {path.split('?')[0].split('/')[0]}" for method, path, *_ in world.network.log
    ]
    assert order.index("PATCH files") > order.index("POST records")  # text first
    assert page.faults == []


FAULTS = {
    "portal": "portal", "redirect": "portal", "shape": "portal", "page 500": "server",
    "drop before": "offline", "drop after": "offline",
}  # fmt: skip


def test_nothing_but_a_receipt_makes_a_record_sent(world, phone):
    ids = []
    for fault, trouble in FAULTS.items():
        world.network.always(fault)
        state, row, name = call(
            phone,
            WORK
            + "const id = await finish(given); await sync.now(); return [await seen(), await line(id), id]",
            f"Under {fault}",
        )
        assert (state["trouble"], row) == (trouble, ["saved", 0]), fault
        assert state["unsent"] == len(ids) + 1
        ids.append(name)
    assert {str(s.record) for s in Submission.objects.all()} == set(ids)  # only the answer was lost
    world.network.always(None)
    rows = call(
        phone,
        WORK + "await sync.now(); return (await outbox.list()).map(({id, state}) => [id, state])",
    )
    assert sorted(rows) == sorted([name, "counted"] for name in ids)
    assert Submission.objects.count() == len(FAULTS)
    assert Matter.objects.count() == len(FAULTS)


def test_an_overloaded_server_is_left_alone_as_long_as_it_asks(world, phone):
    phone.clock.install()
    world.network.always("busy")
    call(phone, WORK + "await finish('a'); await sync.now()")
    asked = len(world.network.log)
    world.network.always(None)
    assert call(phone, WORK + "await sync.now(); return (await seen()).trouble") == "server"
    assert len(world.network.log) == asked  # not even by hand
    phone.clock.fast_forward(125_000)
    assert call(
        phone, WORK + "await sync.now(); return [(await seen()).trouble, (await seen()).unsent]"
    ) == [None, 0]


def test_no_answer_in_time_is_no_answer(world, phone):
    phone.clock.install()
    world.network.always("stall")
    call(phone, WORK + "await finish('a'); globalThis.round = sync.now()")
    phone.wait_for_timeout(300)
    phone.clock.fast_forward(40_000)
    assert call(phone, WORK + "await globalThis.round; return (await seen()).trouble") == "offline"
    world.network.always(None)
    assert call(phone, WORK + "await sync.now(); return (await seen()).unsent") == 0


def test_two_tabs_send_each_record_once(world, phone):
    other = world.open()
    call(other, "await vault.unlock(given); await sync.start()", PIN)
    world.network.always("drop before")
    call(phone, WORK + "for (let n = 0; n < 20; n += 1) await finish(`n ${n}`); await sync.now()")
    world.network.always(None)
    world.network.log.clear()
    for tab in (phone, other):
        tab.evaluate("import('mb/field/sync').then((sync) => { globalThis.round = sync.now(); })")
    for tab in (phone, other):
        tab.evaluate("() => globalThis.round")
    call(phone, "await sync.now()")
    sent = [r["id"] for each in world.network.asked("POST records") for r in said(each)["records"]]
    assert len(sent) == len(set(sent)) == 20
    assert Submission.objects.count() == 20
    for tab in (phone, other):  # both know
        assert call(tab, WORK + "return (await seen()).unsent") == 0


def test_a_closed_phone_sends_and_reads_nothing(world, phone):
    world.network.always("drop before")
    record = call(
        phone,
        WORK
        + "const id = await finish('written before it closed', {photo: given}); await sync.now(); vault.lock(); return id",
        camera(640, 480),
    )
    world.network.always(None)
    world.network.log.clear()
    call(phone, "await sync.now()")
    assert str(Submission.objects.get().record) == record
    assert Upload.objects.get().state == "whole"
    assert world.network.asked("changes") == []
    assert world.network.asked("GET pack")  # is this phone still a device?
    assert call(phone, WORK + "return [await vault.state(), (await seen()).unsent]") == [
        "locked",
        0,
    ]


def test_a_revoked_phone_gives_everything_back_sealed(world, phone):
    told(world.town, "村口垃圾成堆")
    call(phone, "await sync.now()")
    world.network.always("drop before")
    draft, record = call(
        phone,
        WORK
        + """const draft = await drafts.begin("report", {});
        draft.body.text = "half a report";
        await drafts.save(draft);
        const id = await finish("not yet sent", {photo: given});
        await sync.now();
        vault.lock();
        return [draft.id, id]""",
        camera(640, 480),
    )
    supervisor = actor_for(world.town.people.zhao)
    world.network.always(None)
    actions.revoke(Device.objects.get().id, supervisor, at=timezone.now())
    left = call(
        phone,
        WORK
        + """await sync.now();
        const db = await store.open();
        return [(await seen()).trouble, await vault.state(), await db.count("blocks"), await db.count("drafts"), await store.meta.get("device") ?? null]""",
    )
    assert left == ["revoked", "new", 0, 0, None]
    kept = {str(s.record): s for s in Submission.objects.all()}
    assert set(kept) == {draft, record}
    assert {s.state for s in kept.values()} == {"quarantined"}
    assert record_of(kept[draft]).body == {"text": "half a report"}
    assert Upload.objects.get().state == "whole"
    world.network.log.clear()
    call(phone, WORK + "await sync.now()")
    assert world.network.log == []


def test_signing_out_loses_nothing_and_leaves_no_device(world, phone):
    world.network.always("drop before")
    left = call(
        phone,
        WORK
        + """const draft = await drafts.begin("report", {});
        draft.body.text = "half";
        await drafts.save(draft);
        await finish("made without signal");
        await sync.signOut();
        return [await vault.state(), (await seen()).unsent, await drafts.count()]""",
    )
    assert left == ["new", 2, 0]  # the key is gone at once, the records are not
    world.network.always(None)
    state = call(
        phone, WORK + "await sync.now(); return [(await seen()).trouble, (await seen()).unsent]"
    )
    assert state == ["signed_out", 0]
    assert sorted(s.kind for s in Submission.objects.all()) == ["draft", "report"]
    assert Submission.objects.get(kind="report").state == "applied"
    assert Device.objects.get().signed_out
    call(phone, WORK + "await sync.enrol(given); await sync.now()", "a new secret")
    assert Device.objects.count() == 2


def test_a_phone_whose_cookie_was_lost_is_enrolled_again_by_its_secret(world, phone):
    cookies = [c for c in world.context.cookies() if c["name"] != "maplebridge_device"]
    world.context.clear_cookies()
    world.context.add_cookies(cookies)
    said_ = call(
        phone,
        WORK
        + """await finish("kept");
        await sync.now();
        const said = [(await seen()).trouble, await vault.state(), (await seen()).unsent, await code(sync.enrol("not the secret"))];
        await sync.enrol(given);
        await sync.now();
        said.push((await seen()).trouble, (await seen()).unsent);
        return said""",
        PIN,
    )
    assert said_ == ["signed_out", "open", 1, "wrong_secret", None, 0]
    assert Submission.objects.get().state == "applied"  # his own, though made on the other device


def test_what_a_restored_server_lacks_comes_again(world, phone):
    ids = call(
        phone,
        WORK
        + "const ids = []; for (const photo of given) ids.push(await finish(`n ${ids.length}`, {photo})); await sync.now(); return ids",
        [None, camera(640, 480), None],
    )
    assert Submission.objects.count() == 3
    lost = Submission.objects.filter(record__in=ids[1:])
    Upload.objects.all().delete()
    lost.delete()
    actions.begin_epoch(Epoch.Cause.RESTORED, at=timezone.now())
    world.network.log.clear()
    state = call(
        phone,
        WORK + "await sync.now(); return [await seen(), await Promise.all(given.map(line))]",
        ids,
    )
    assert {str(s.record) for s in Submission.objects.all()} == set(ids)
    assert len(world.network.asked("POST which")) == 1
    again = [r["id"] for each in world.network.asked("POST records") for r in said(each)["records"]]
    assert again == ids[1:]  # nothing that is there
    assert state[0]["behindEpoch"] is False
    assert state[1] == [["counted", 0]] * 3
    assert Upload.objects.get().state == "whole"


def test_what_was_lost_is_not_forgotten_over_what_came_since(world, phone):
    make = """const ids = []; for (const _ of given) ids.push(await finish("n")); await sync.now();
    return ids"""
    call(phone, WORK + make, [None])
    # A phone's word began an epoch minutes ago, so that another loss begins none.
    epoch = actions.current_epoch(timezone.now())
    actions.begin_epoch(Epoch.Cause.RECEIPT, at=timezone.now(), known=epoch.name)
    ids = call(phone, WORK + make, [None, None])
    Submission.objects.filter(record__in=ids).delete()
    world.network.fault = lambda _method, path: "drop before" if "which" in path else None
    newer = call(
        phone, WORK + make.replace("await sync.now()", "await sync.now().catch(() => 0)"), [None]
    )
    assert Submission.objects.filter(record__in=newer).exists()  # its receipt is the last one now
    assert not Submission.objects.filter(record__in=ids).exists()
    world.network.always(None)
    call(phone, WORK + "await sync.now()")
    assert Submission.objects.filter(record__in=ids).count() == 2
    assert call(phone, WORK + "return (await seen()).behindEpoch") is False


def test_a_file_goes_on_where_it_stopped(world, phone):
    world.network.fault = lambda method, path: (
        "drop after" if method == "PATCH" and len(world.network.asked("PATCH")) == 2 else None
    )
    offsets = lambda: [int(each[2]["Upload-Offset"]) for each in world.network.asked("PATCH")]  # noqa: E731
    call(
        phone,
        WORK
        + """const draft = await drafts.begin("report", {});
        draft.body.text = "with a long voice note";
        const sound = new Uint8Array(600_000);
        for (let at = 0; at < sound.length; at += 60_000) crypto.getRandomValues(sound.subarray(at, at + 60_000));
        await files.addVoice(draft, new Blob([sound], {type: "audio/webm"}), 9);
        globalThis.id = await outbox.finish(draft);
        await sync.now()""",
    )
    part = 256 * 1024
    row = call(
        phone,
        WORK
        + "await sync.now(); return [await line(globalThis.id), (await (await store.open()).getAll('files'))[0].state]",
    )
    assert offsets() == [0, part, 2 * part]  # the second part was there
    assert row[1] == "refused"  # whole, but no sound: the server keeps it aside and says so
    assert row[0] == ["counted", 0, 1]


def test_photos_wait_for_wifi_where_it_is_wanted(world, phone):
    said_ = call(
        phone,
        WORK
        + """await sync.wifiOnly.set(true);
        const id = await finish("with a photo", {photo: given});
        await sync.now();
        const said = [await line(id), (await seen()).askFiles];
        await sync.now({files: true});
        said.push(await line(id), (await seen()).askFiles);
        return said""",
        camera(640, 480),
    )
    assert said_ == [["counted", 1], True, ["counted", 0], False]


def test_drift_and_lost_posts_are_swept(world, phone):
    first = told(world.town, "村口垃圾成堆")
    names = "return (await holdings.matters()).map(({id}) => Number(id))"
    assert call(phone, "await sync.now(); " + names) == [first.id]
    call(
        phone,
        """const cursor = await store.meta.get("cursor");
        await holdings.apply({cursor, more: false, restart: false, scopes: [], gone: [],
          put: [{kind: "matter", id: "999999", version: 1}]})""",
    )
    assert call(phone, names) == [first.id, 999999]
    assert call(phone, "await sync.now(); " + names) == [first.id]
    Post.objects.filter(person=world.town.people.lin).update(valid_to="2020-01-01")
    Post.objects.create(
        person=world.town.people.lin, kind="grid_worker", title="x", unit=world.town.units.grid1
    ).areas.set([world.town.areas["331181101202001"]])
    forget_directory()
    assert call(phone, "await sync.now(); " + names) == []
    assert json.dumps(call(phone, "return holdings.scopes()")).count("331181101202001") == 1
