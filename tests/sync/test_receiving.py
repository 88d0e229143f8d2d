"""The law of sending, on the server's side: kept before anything, once, and never dropped."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from maplebridge.kernel.errors import NotAllowed, NotFound
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.org.models import Post
from maplebridge.sync import actions, commands
from maplebridge.sync.models import Device, Epoch, SealKey, Submission
from maplebridge.sync.queries import opening
from maplebridge.sync.record import read_items
from maplebridge.sync.rules import FORCE_AFTER
from maplebridge.sync.seal import seal
from tests.sync.conftest import enrolled
from tests.sync.phone import Refused
from tests.sync.test_kinds import HERE, dispatched, sent

DAY = timedelta(days=1)


def test_the_same_batch_again_changes_nothing(phone):
    names = [phone.record("report", {"text": f"路灯不亮 {i}"}) for i in range(3)]
    body = phone.batch(phone.unsent)
    first = phone.call("POST", "/records", body)
    again = phone.call("POST", "/records", body)
    assert first["receipts"] == again["receipts"]
    assert [r["id"] for r in first["receipts"]] == [str(n) for n in names]
    assert Report.objects.count() == Submission.objects.count() == 3


def test_the_receipt_echoes_the_hash_of_the_bytes(phone):
    name = phone.record("report", {"text": "路灯不亮"})
    sealed = phone.outbox[name].sealed
    told = phone.call("POST", "/records", phone.batch(phone.unsent))["receipts"][0]
    assert told["sha256"] == sha256(sealed).hexdigest()
    assert bytes(Submission.objects.get(pk=told["receipt"]).sealed) == sealed


def test_other_bytes_under_the_same_id_are_kept_beside_the_first(phone):
    name = phone.record("report", {"text": "路灯不亮"})
    phone.send()
    mine = phone.outbox[name]
    mine.sealed, mine.receipt = seal(phone.key, b'{"other": "bytes"}'), None
    phone.send()
    assert (mine.state, mine.reason) == ("quarantined", "Another record has this id.")
    rows = Submission.objects.filter(record=name).order_by("receipt")
    assert [(r.state, r.contested) for r in rows] == [("applied", False), ("quarantined", True)]
    phone.outbox[name].receipt = None
    phone.send()
    assert Submission.objects.count() == 2


def test_a_damaged_item_is_named_and_the_others_are_kept(phone):
    for i in range(4):
        phone.record("report", {"text": f"路灯不亮 {i}"})
    body = phone.batch(phone.unsent)
    body["records"][0]["sealed"] = body["records"][0]["sealed"][:-8] + "AAAAAAA="
    body["records"][2] = {"id": "no id", "sha256": "", "sealed": "%%%"}
    answer = phone.call("POST", "/records", body)
    assert len(answer["receipts"]) == 2
    assert [(d["at"], d["id"]) for d in answer["damaged"]] == [
        (0, body["records"][0]["id"]),
        (2, "no id"),
    ]


@pytest.mark.parametrize(
    ("sealed", "reason"),
    [
        (b"no seal", "not sealed for this server"),
        (b"\x01" + b"\0" * 100, "key this server lacks"),
        ("cut", "not sealed for this server"),
        (b"{}", "no record of a known form"),
        (b"\xff\xfe", "no record of a known form"),
        (b'{"id": "x"}', "no record of a known form"),
        ("other id", "names another id"),
    ],
)
def test_what_cannot_be_opened_or_read_is_kept_with_the_reason(phone, sealed, reason):
    name = phone.record("report", {"text": "路灯不亮"})
    mine = phone.outbox[name]
    if sealed == "cut":
        mine.sealed = mine.sealed[:-1] + bytes([mine.sealed[-1] ^ 1])
    elif sealed == "other id":
        other = phone.outbox.pop(phone.record("report", {"text": "x"}))
        mine.sealed = other.sealed
    else:
        mine.sealed = sealed if sealed[:1] in {b"n", b"\x01"} else seal(phone.key, sealed)
    phone.send()
    assert mine.state == "quarantined"
    assert reason in mine.reason
    assert bytes(Submission.objects.get(record=name).sealed) == mine.sealed
    counts = phone.call("GET", f"/ledger?month={timezone.localdate():%Y-%m}")["counts"]
    assert (counts["sent"], counts["returned"]) == (1, 1)


def test_out_of_order_they_wait_and_are_released(handler, world):
    matter, about = dispatched(world), None
    about = {"matter": matter.id}
    one = handler.record("step", {"step": "accept"}, subject=about)
    two = handler.record(
        "step", {"step": "start", "fields": {"contact_result": "reached"}}, subject=about, after=one
    )
    three = handler.record(
        "step", {"step": "handle", "fields": {"result": "已清运"}}, subject=about, after=two
    )
    for name in (three, two):
        handler._take(handler.call("POST", "/records", handler.batch([handler.outbox[name]])))
    assert [handler.outbox[n].state for n in (three, two)] == ["waiting", "waiting"]
    handler.send()
    handler.read()
    assert [handler.held["record", str(n)]["state"] for n in (one, two, three)] == ["applied"] * 3
    assert world.fresh(matter).status == "handled"


def test_who_waits_five_days_for_one_that_never_comes_goes_alone(phone):
    note = phone.record("report", {"text": "路灯不亮"}, after=uuid4())
    phone.send()
    assert phone.outbox[note].state == "waiting"
    now = timezone.now()
    assert actions.apply_due(now + FORCE_AFTER - timedelta(minutes=1)) == 0
    assert actions.apply_due(now + FORCE_AFTER + timedelta(minutes=1)) == 1
    assert Submission.objects.get().state == "applied"


def test_a_fault_of_ours_is_tried_again_and_then_shown(phone, monkeypatch):
    def broken(_wish):
        raise RuntimeError("disk")

    monkeypatch.setitem(commands.COMMANDS, "report", broken)
    name = phone.record("report", {"text": "路灯不亮"})
    phone.send()
    assert phone.outbox[name].state == "kept"
    actions.apply_due()
    assert Submission.objects.get().state == "kept"
    actions.apply_due()
    row = Submission.objects.get()
    assert (row.state, row.reason) == (
        "quarantined",
        "Something went wrong on our side; somebody looks at it.",
    )


def test_a_fault_that_passes_leaves_no_trace(phone, monkeypatch):
    right = commands.COMMANDS["report"]
    calls = []

    def once_broken(wish):
        calls.append(wish)
        done = right(wish)
        if len(calls) == 1:
            raise IntegrityError("a race")
        return done

    monkeypatch.setitem(commands.COMMANDS, "report", once_broken)
    phone.record("report", {"text": "路灯不亮"})
    phone.send()
    assert not Matter.objects.exists()
    actions.apply_due()
    assert Submission.objects.get().state == "applied"
    assert Matter.objects.count() == 1


def test_a_fault_in_one_record_holds_back_no_other(phone, monkeypatch):
    right = commands.COMMANDS["report"]

    def broken(wish):
        done = right(wish)
        if "坏" in wish.record.body["text"]:
            raise RuntimeError("disk")
        return done

    monkeypatch.setitem(commands.COMMANDS, "report", broken)
    told = ("路灯不亮 1", "这条坏了", "路灯不亮 2", "")
    names = [phone.record("report", {"text": text}) for text in told]
    phone.send()
    states = [phone.outbox[name].state for name in names]
    assert states == ["applied", "kept", "applied", "quarantined"]
    assert Report.objects.count() == Matter.objects.count() == 2
    assert Submission.objects.get(state="kept").tries == 1


def test_in_a_rush_records_are_kept_and_applied_later(phone):
    names = [phone.record("report", {"text": f"路灯不亮 {i}"}) for i in range(3)]
    device = Device.objects.select_related("person").get(pk=phone.device)
    items, _ = read_items(phone.batch(phone.unsent)["records"])
    told = actions.Told(timezone.now(), "", None, {}, None)
    given = actions.receive(device, told, items, seconds=0)
    assert {r["state"] for r in given.receipts} == {"kept"}
    assert actions.apply_due() == len(names)
    assert Report.objects.count() == len(names)


class TestTime:
    def made(self, phone, name):
        return Submission.objects.get(record=name, contested=False).made_at

    @pytest.mark.parametrize("skew", [3 * DAY, -3 * DAY, timedelta(seconds=2)])
    def test_a_clock_that_is_off_is_put_right_by_the_offset(self, world, skew):
        phone = enrolled(world.people.lin, skew=skew)
        Device.objects.update(enrolled_at=timezone.now() - 30 * DAY)
        phone.send()  # learns the offset, some days ago
        Device.objects.update(last_contact_at=timezone.now() - 10 * DAY)
        name = phone.record("report", {"text": "路灯不亮"}, made=phone.clock() - 2 * DAY)
        phone.send()
        assert abs(timezone.now() - 2 * DAY - self.made(phone, name)) < timedelta(seconds=20)

    def test_without_an_offset_the_sending_tells(self, world):
        phone = enrolled(world.people.lin, skew=3 * DAY)
        Device.objects.update(enrolled_at=timezone.now() - 30 * DAY)
        name = phone.record("report", {"text": "路灯不亮"}, made=phone.clock() - 2 * DAY)
        phone.send()
        assert abs(timezone.now() - 2 * DAY - self.made(phone, name)) < timedelta(seconds=20)

    def test_never_after_it_arrived_and_never_before_the_phone_was_enrolled(self, phone):
        future = phone.record("report", {"text": "路灯不亮"}, made=phone.clock() + 9 * DAY)
        past = phone.record("report", {"text": "路灯又不亮"}, made=phone.clock() - 900 * DAY)
        phone.send()
        device = Device.objects.get()
        assert self.made(phone, future) == Submission.objects.get(record=future).arrived_at
        assert self.made(phone, past) == device.enrolled_at

    def test_nobody_dates_a_record_back_before_a_contact_that_had_fewer(self, phone):
        Device.objects.update(enrolled_at=timezone.now() - 30 * DAY)
        phone.record("report", {"text": "路灯不亮"})
        phone.send()
        contact = Device.objects.get().last_contact_at
        name = phone.record("report", {"text": "路灯又不亮"}, made=phone.clock() - 20 * DAY)
        phone.send()
        assert self.made(phone, name) == contact

    def test_the_event_is_of_now_and_its_clock_stops_when_it_was_done(self, handler, world):
        matter = world.report(at=timezone.now() - 5 * DAY).matter
        world.step(
            matter, "dispatch", "li", at=timezone.now() - 4 * DAY, category="E02", lead="sanitation"
        )
        Device.objects.update(enrolled_at=timezone.now() - 30 * DAY)
        done = timezone.now() - 3 * DAY
        sent(handler, "step", {"step": "accept"}, subject={"matter": matter.id}, made=done)
        event = MatterEvent.objects.get(step="accept")
        assert timezone.now() - event.at < timedelta(minutes=1)
        assert abs(matter.clocks.get(kind="sign").stopped_at - done) < timedelta(seconds=5)


class TestPosts:
    def test_a_record_is_judged_by_the_posts_of_the_day_it_was_made(self, handler, world):
        matter, today = dispatched(world), timezone.localdate()
        Device.objects.update(enrolled_at=timezone.now() - 30 * DAY)
        Post.objects.filter(person=world.people.wang).update(valid_to=today - 2 * DAY)
        before = handler.record(
            "note",
            {"note": "已看过"},
            subject={"matter": matter.id},
            made=handler.clock() - 3 * DAY,
        )
        after = handler.record("note", {"note": "又看过"}, subject={"matter": matter.id})
        handler.send()
        assert handler.outbox[before].state == "applied"
        assert handler.outbox[after].state in {"quarantined", "conflict"}
        with pytest.raises(Refused) as refused:
            handler.read()
        assert (refused.value.status, refused.value.body["code"]) == (401, "revoked")

    def test_a_new_owner_counts_from_the_day_the_post_began(self, world):
        Device.objects.all().delete()
        matter, today = world.report(at=None).matter, timezone.localdate()
        wu = world.people.wu
        post = Post.objects.create(
            person=wu, kind="grid_worker", title="网格员", unit=world.units.grid1, valid_from=today
        )
        post.areas.set([world.areas["331181101201001"]])
        phone = enrolled(wu)
        kept = sent(phone, "note", {"note": "新来的"}, subject={"matter": matter.id})
        assert kept.state == "applied"

    def test_an_account_that_ended_leaves_its_records_to_the_command_room(self, phone, world):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        world.people.lin.is_active = False
        world.people.lin.save()
        phone.send()
        kept = phone.outbox[name]
        assert (kept.state, kept.reason) == ("quarantined", "The account of its author has ended.")
        actions.apply_again(kept.receipt, world.actor("li"), at=timezone.now())
        assert Report.objects.get(pk=name).taken_by == world.people.lin


class TestDevices:
    def test_a_revoked_phone_is_told_so_and_its_records_are_left_to_the_command_room(
        self, phone, world
    ):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        actions.revoke(UUID(phone.device), world.actor("li"), at=timezone.now())
        for path in ("/changes", "/pack", "/ledger?month=2026-11", f"/records/{name}"):
            with pytest.raises(Refused) as refused:
                phone.call("GET", path)
            assert (refused.value.status, refused.value.body["code"]) == (401, "revoked")
        phone.send()
        kept = phone.outbox[name]
        assert (kept.state, kept.reason) == ("quarantined", "The phone may no longer be used.")
        assert not Report.objects.exists()
        row, _released = actions.apply_again(kept.receipt, world.actor("li"), at=timezone.now())
        assert (row.state, row.decided_by) == ("applied", world.people.li)
        assert Report.objects.get().taken_by == world.people.lin

    def test_a_phone_that_signed_itself_out_may_still_send_what_it_had(self, phone):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        assert phone.call("DELETE", "/devices/me") is None
        phone.send()
        assert phone.outbox[name].state == "applied"
        Device.objects.update(revoked_at=timezone.now() - timedelta(minutes=5))
        late = phone.record("report", {"text": "路灯又不亮"}, position=HERE)
        phone.send()
        assert phone.outbox[late].reason == "It was made after the phone was signed out."

    def test_somebody_elses_phone_does_not_speak_for_one(self, phone, world):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        other = enrolled(world.people.wang)
        other.outbox[name] = phone.outbox[name]
        other.send()
        row = Submission.objects.get()
        assert (row.state, row.person) == ("quarantined", world.people.lin)
        assert row.reason == "It was sent by the phone of somebody else."

    def test_another_phone_of_the_same_worker_does(self, phone, world):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        other = enrolled(world.people.lin)
        other.outbox[name] = phone.outbox[name]
        other.send()
        assert other.outbox[name].state == "applied"

    def test_a_phone_not_known_here_is_named(self, phone):
        there, phone.device = phone.device, str(uuid4())
        name = phone.record("report", {"text": "路灯不亮"})
        phone.device = there
        phone.send()
        assert phone.outbox[name].reason == "It was made on a phone that is not known here."

    def test_a_device_that_a_restore_forgot_is_known_by_its_cookie(self, phone, world):
        Device.objects.all().delete()
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        phone.send()
        assert phone.outbox[name].state == "applied"
        assert Device.objects.get().person == world.people.lin

    @pytest.mark.parametrize("cookie", ["", "x", "x:y:z", None])
    def test_a_cookie_that_is_none_destroys_nothing(self, phone, cookie):
        phone.cookie = phone.cookie[:-3] + "xyz" if cookie is None else cookie
        with pytest.raises(Refused) as refused:
            phone.send()
        assert (refused.value.status, refused.value.body["code"]) == (401, "signed_out")

    def test_a_foreign_page_cannot_send_the_header(self, phone):
        there, phone.device = phone.device, str(uuid4())
        with pytest.raises(Refused) as refused:
            phone.send()
        phone.device = there
        assert refused.value.body["code"] == "signed_out"

    def test_only_posts_at_the_door_enrol(self, world):
        for name in ("li", "chen", "zhao", "wu"):
            with pytest.raises(NotAllowed):
                actions.enrol(world.actor(name), browser="", at=timezone.now())

    def test_a_stranger_cannot_revoke(self, phone, world):
        for name in ("wang", "chen", "wu"):
            with pytest.raises(NotFound):
                actions.revoke(UUID(phone.device), world.actor(name), at=timezone.now())


class TestEpochs:
    def test_a_receipt_that_is_not_known_makes_a_new_epoch_and_the_phone_offers_again(
        self, phone, world
    ):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        phone.send()
        before = phone.epoch
        Submission.objects.all().delete()  # the database of yesterday
        phone.send()
        assert phone.epoch != before
        assert phone.outbox[name].sent
        assert Submission.objects.get().record == name
        assert Epoch.objects.order_by("-id").first().cause == "receipt"

    def test_a_receipt_of_another_record_counts_as_unknown(self, phone):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        phone.send()
        Submission.objects.update(record=uuid4())
        phone.send()
        assert phone.outbox[name].sent
        assert Submission.objects.filter(record=name).exists()

    def test_a_lying_phone_makes_one_epoch_in_ten_minutes(self, phone):
        first = phone.epoch
        body = phone.batch([]) | {"last": {"receipt": 10**12, "id": str(uuid4())}}
        answers = [phone.call("POST", "/records", body | {"epoch": e}) for e in (first, "", first)]
        answers.append(phone.call("POST", "/records", body | {"epoch": answers[0]["epoch"]}))
        assert len({a["epoch"] for a in answers}) == 1
        assert all(a["lost"] for a in answers)
        assert Epoch.objects.count() == 2

    def test_a_restore_begins_an_epoch_and_every_phone_asks(self, phone):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        phone.send()
        actions.begin_epoch(Epoch.Cause.RESTORED, at=timezone.now())
        asked = []
        carry = phone.carry
        phone.carry = lambda m, p, b, h: (asked.append(p), carry(m, p, b, h))[1]
        phone.send()
        assert "/api/v1/sync/which" in asked
        assert phone.outbox[name].sent


class TestKeys:
    def test_another_vault_key_makes_another_pair_and_old_seals_stay_kept(self, phone, settings):
        name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
        old = actions.current_key()
        settings.VAULT_KEY = "11" * 32
        new = actions.current_key()
        assert new.id != old.id
        phone.send()
        assert phone.outbox[name].state == "quarantined"
        assert [k.current for k in SealKey.objects.order_by("made_at")] == [False, True]
        opening._key.cache_clear()

    def test_the_private_half_is_nowhere_in_clear(self, db):
        key = actions.current_key()
        private = opening.private_half("00" * 32, key.id, bytes(key.private))
        secret = private.private_numbers().private_value.to_bytes(32, "big")
        assert secret not in bytes(key.private)
        assert opening.private_half("11" * 32, key.id, bytes(key.private)) is None


def test_words_are_erased_when_their_time_is_over(phone):
    kept = sent(phone, "report", {"text": "路灯不亮"}, position=HERE)
    assert actions.tidy(timezone.now() + 2 * 365 * DAY) == 0
    assert actions.tidy(timezone.now() + 4 * 365 * DAY) == 1
    row = Submission.objects.get()
    assert (bytes(row.sealed), row.state, row.erased_at is None) == (b"", "applied", False)
    assert phone.call("GET", f"/records/{kept.id}")["record"] is None


def test_the_raw_bytes_tell_nothing(phone):
    phone.record("report", {"text": "村口老李家门前"}, position=HERE)
    phone.send()
    raw = bytes(Submission.objects.get().sealed)
    assert "老李".encode() not in raw
    assert b64encode("老李".encode()) not in raw
