"""Changes down: nothing skipped, nothing too much, and what is no longer one's own goes."""

import threading
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.utils import timezone

from maplebridge.fieldwork.models import Need, Place
from maplebridge.kernel.ids import uuid7
from maplebridge.matters.actions import Telling, report_many
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import idle_steps, kinds_for
from maplebridge.notify.models import Message
from maplebridge.org.models import Post
from maplebridge.org.queries import actor_for
from maplebridge.sync import actions
from maplebridge.sync.models import Change, Epoch
from maplebridge.sync.queries.changes import Cursor, changes
from maplebridge.sync.queries.rows import matter_rows
from maplebridge.sync.queries.scopes import Scopes
from tests.matters.conftest import World
from tests.org.builders import build_town
from tests.sync.test_kinds import GRID

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
OTHER = {"lon": 119.065, "lat": 27.955}  # grid 002 of the same village


@pytest.fixture
def world(transactional_db):
    """Committed for real: a reader sees only what others have ended."""
    return World(**vars(build_town()))


def place(area=GRID, name="溪边出租房", **more):
    return Place.objects.create(
        id=uuid7(), kind="rental", name=name, area_code=area, created_at=timezone.now(), **more
    )


def need(of, **more):
    today = timezone.localdate()
    return Need.objects.create(
        kind="visit", reason="asked", area_code=of.area_code, place=of, from_on=today,
        due_on=today, created_at=timezone.now(), **more,
    )  # fmt: skip


def kinds(phone):
    return sorted(kind for kind, _id in phone.held)


def test_a_first_reading_has_what_is_ones_own_and_nothing_else(phone, world):
    mine = world.report(at=None).matter
    world.report(at=None, **OTHER)
    here = place()
    place(area="331181101201002")
    asked = need(here)
    page = phone.read()
    assert set(phone.held) == {
        ("matter", str(mine.id)), ("place", str(here.id)), ("need", str(asked.id)),
    }  # fmt: skip
    assert page["scopes"] == [{"code": GRID, "name": "八都镇 · 上村 · 上村第1网格"}]
    assert phone.read(digest=True)["drift"] is False


def test_a_row_has_what_the_task_needs_and_no_contact(phone, world):
    contact = {"name": "张三丰", "phone": "13812345678"}
    matter = world.report("路灯不亮", contact=contact, address="溪边3号", at=None).matter
    phone.read()
    row = phone.held["matter", str(matter.id)]
    assert (row["number"], row["title"], row["address"]) == (matter.number, "路灯不亮", "溪边3号")
    assert row["last"]["step"] == "report"
    assert "settle_on_spot" in row["steps"]
    assert "张三丰" not in str(row)
    assert "13812345678" not in str(row)


def test_then_only_what_changed(phone, world):
    matter = world.report(at=None).matter
    phone.read()
    assert phone.read()["put"] == []
    world.step(matter, "mark_urgent", "li", at=None, urgency="fire")
    page = phone.read()
    assert [(r["kind"], r["id"]) for r in page["put"]] == [("matter", str(matter.id))]
    assert page["put"][0]["urgent"]


def test_what_moves_away_or_ends_is_gone(phone, world):
    one, two = (world.report(at=None).matter for _ in range(2))
    here = place()
    asked = need(here)
    phone.read()
    world.step(one, "classify", "li", at=None, area="331181101201002", **OTHER)
    world.step(two, "refer", "li", at=None, receiver="12345", receipt_number="X1")
    Need.objects.filter(pk=asked.pk).update(done_at=timezone.now())
    Place.objects.filter(pk=here.pk).update(area_code="331181101202001")
    page = phone.read()
    assert {(g["kind"], g["id"]) for g in page["gone"]} == {
        ("matter", str(one.id)), ("matter", str(two.id)), ("need", str(asked.id)),
        ("place", str(here.id)),
    }  # fmt: skip
    assert phone.held == {}


def test_a_handler_holds_what_his_unit_leads_or_helps_with(handler, world):
    led, helped, other = (world.report(at=None).matter for _ in range(3))
    world.step(led, "dispatch", "li", at=None, category="E02", lead="sanitation")
    world.step(
        helped,
        "dispatch",
        "li",
        at=None,
        category="E02",
        lead="enforcement",
        helpers=["sanitation"],
    )
    handler.read()
    rows = {k: v for k, v in handler.held.items() if k[0] == "matter"}
    assert set(rows) == {("matter", str(led.id)), ("matter", str(helped.id))}
    assert [rows["matter", str(m.id)]["mine"] for m in (led, helped)] == [True, False]
    world.step(led, "recall", "li", at=None)
    world.step(helped, "recall", "li", at=None)
    world.step(
        other, "dispatch", "li", at=None, category="E02", lead="enforcement", helpers=["sanitation"]
    )
    page = handler.read()
    assert {g["id"] for g in page["gone"]} == {str(led.id), str(helped.id)}
    assert [r["id"] for r in page["put"] if r["kind"] == "matter"] == [str(other.id)]


def test_the_steps_of_a_row_are_those_of_the_doorway(world):
    """Computed for all rows at once, they must be what `kinds_for` says for each."""
    for status in ("reported", "dispatched", "accepted", "in_progress", "handled", "closed"):
        world.in_status(status, at=timezone.now())
    Post.objects.create(
        person=world.people.wang, kind="grid_worker", title="网格员", unit=world.units.grid1
    )
    for name in ("lin", "wang"):
        scopes = Scopes.of(actor_for(getattr(world.people, name)))
        matters = list(scopes.matters())
        rows = {r["id"]: r["steps"] for r in matter_rows(scopes, [m.id for m in matters])}
        assert len(rows) == len(matters) > 0
        for matter in matters:
            kinds_now = set(kinds_for(scopes.actor, matter)) - {"anyone"}
            assert rows[str(matter.id)] == [
                s.name
                for s in FLOW.available(matter.status, kinds_now)
                if s.name not in idle_steps(matter) | {"acknowledge"}
            ]


def test_messages_and_own_records_come_down(phone, world):
    phone.record("report", {"text": "路灯不亮"})
    phone.send()
    Message.objects.create(
        person=world.people.lin, kind="accept", number="X-1", at=timezone.now(), source=uuid7()
    )
    Message.objects.create(
        person=world.people.wang, kind="accept", number="X-2", at=timezone.now(), source=uuid7()
    )
    phone.read()
    assert kinds(phone) == ["matter", "message", "record"]
    told = next(v for k, v in phone.held.items() if k[0] == "message")
    assert (told["text"], told["read"]) == ("Accept", False)
    Message.objects.filter(number="X-1").update(read=True)
    phone.read()
    assert next(v for k, v in phone.held.items() if k[0] == "message")["read"] is True
    Message.objects.all().delete()
    phone.read()
    assert kinds(phone) == ["matter", "record"]


def test_other_posts_begin_a_reading_anew(phone, world):
    world.report(at=None)
    other = world.report(at=None, **OTHER).matter
    phone.read()
    Post.objects.get(person=world.people.lin).areas.set([world.areas["331181101201002"]])
    page = phone.read()
    assert page["restart"]
    assert set(phone.held) == {("matter", str(other.id))}


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMiwzXQ", "A" * 400, "бла"])
def test_a_cursor_that_is_none_begins_anew(phone, world, cursor):
    world.report(at=None)
    phone.cursor = ""
    phone.read()
    page = phone.call("GET", f"/changes?cursor={quote(cursor)}")
    assert page["restart"]


def test_an_old_cursor_begins_anew(phone, world):
    phone.read()
    cursor = Cursor.read(phone.cursor)
    old = Cursor(**{**vars(cursor), "day": cursor.day - 60})
    assert phone.call("GET", f"/changes?cursor={old.text()}")["restart"]


def test_a_new_epoch_begins_anew(phone):
    phone.read()
    actions.begin_epoch(Epoch.Cause.RESTORED, at=timezone.now())
    assert phone.read()["restart"]


def test_pages_join_without_a_gap(world):
    for i in range(7):
        place(name=f"房 {i}")
    matters = [world.report(f"路灯 {i} 不亮", at=None).matter for i in range(8)]
    lin, epoch = world.actor("lin"), actions.current_epoch(timezone.now())
    lin = actor_for(world.people.lin)
    seen, cursor, pages = [], "", 0
    while True:
        page = changes(lin, epoch, cursor, size=3)
        seen += [(r["kind"], r["id"]) for r in page.put]
        cursor, pages = page.cursor.text(), pages + 1
        if not page.more:
            break
    assert len(seen) == len(set(seen)) == 15
    assert pages >= 5
    for matter in matters:
        world.step(matter, "remark", "li", at=None, note="看过")
    seen = []
    while True:
        page = changes(lin, epoch, cursor, size=3)
        seen += [r["id"] for r in page.put]
        cursor = page.cursor.text()
        if not page.more:
            break
    assert sorted(seen) == sorted(str(m.id) for m in matters)


def test_drift_is_seen_only_at_the_end(phone, world):
    matter = world.report(at=None).matter
    phone.read()
    del phone.held["matter", str(matter.id)]
    assert phone.read(digest=True)["drift"] is True
    world.report(at=None)
    assert phone.read(digest=True)["drift"] is False  # there was something to read


def test_an_imported_lot_is_noted_at_once(phone, world):
    phone.read()
    rows = [Telling(uuid7(), f"第{i}盏路灯不亮了", f"book:{i}", area=GRID) for i in range(20)]
    report_many(rows, channel="hotline", actor=world.actor("li"))
    assert len(phone.read()["put"]) == 20


def test_old_notes_are_forgotten(phone, world):
    world.report(at=None)
    assert Change.objects.exists()
    actions.tidy(timezone.now() + timedelta(days=61))
    assert not Change.objects.exists()


def test_what_was_still_being_written_is_never_skipped(phone, world):
    """A transaction that began early and ends late: its change is read once it is there."""
    early = world.report(at=None).matter
    phone.read()
    written, go = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            Matter.objects.filter(pk=early.pk).update(version=9)
            written.set()
            go.wait(20)
        connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    written.wait(20)
    late = world.report("路灯不亮", at=None).matter
    assert phone.read()["put"] == []  # the later one waits for the earlier
    assert phone.read(digest=True)["drift"] is False
    go.set()
    writer.join()
    assert {r["id"] for r in phone.read()["put"]} == {str(early.id), str(late.id)}


def test_a_pack_tells_what_a_phone_needs_and_is_sent_once(phone, handler):
    pack = phone.call("GET", "/pack")
    assert [p["kind"] for p in pack["me"]["posts"]] == ["grid_worker"]
    assert {f["key"] for f in pack["forms"]} >= {"report", "visit", "note"}
    assert [o["code"] for o in pack["outlines"]] == [GRID]
    accept = next(s for s in handler.call("GET", "/pack")["steps"] if s["name"] == "accept")
    assert accept["label"] == "Accept"
    status, headers, _body = phone.call("GET", "/pack", raw=b"")
    assert status == 200
    status, _headers, body = phone.call(
        "GET", "/pack", raw=b"", headers={"If-None-Match": headers["etag"]}
    )
    assert (status, body) == (304, b"")
