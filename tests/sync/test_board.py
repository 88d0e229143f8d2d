"""The device board and what a command room decides."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.matters.models import Report
from maplebridge.sync import actions
from maplebridge.sync.models import Device, Submission
from maplebridge.sync.queries.board import board, to_decide
from maplebridge.sync.queries.opening import unsealed
from maplebridge.sync.seal import seal
from tests.sync.conftest import enrolled

NOW = timezone.now()


def stands(phone, **facts):
    told = Device.objects.get(pk=phone.device).told | facts.pop("told", {})
    Device.objects.filter(pk=phone.device).update(told=told, **facts)


def advice(world, phone, who="li"):
    rows = board(world.actor(who), timezone.now())
    return next(r.advice for r in rows if str(r.device.id) == phone.device)


def test_a_phone_that_speaks_needs_nobody(phone, world):
    phone.send()
    assert advice(world, phone) == ()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"last_contact_at": NOW - timedelta(days=4)}, ("silent",)),
        ({"last_contact_at": None, "enrolled_at": NOW - timedelta(days=4)}, ("never",)),
        ({"last_contact_at": NOW - timedelta(days=2), "told": {"unsent": 3}}, ("unsent",)),
        ({"drift_ms": 3 * 86400_000}, ("clock",)),
        ({"told": {"free_bytes": 10_000}}, ("space",)),
        ({"told": {"persistent": False}}, ("persistence",)),
    ],
)
def test_what_needs_somebody_is_said(phone, world, facts, said):
    phone.send()
    stands(phone, **facts)
    assert advice(world, phone) == said


def test_the_board_shows_the_rooms_own_phones_and_no_other(phone, handler, world):
    enrolled(world.people.lin)
    assert len(board(world.actor("li"), timezone.now())) == 3
    for name in ("wang", "lin", "chen", "wu"):
        assert board(world.actor(name), timezone.now()) == []


def test_nothing_tells_where_somebody_is_or_how_long_he_was_online():
    names = {f.name for f in Device._meta.get_fields()}
    assert not {
        n for n in names if any(w in n for w in ("lon", "lat", "position", "online", "seconds"))
    }


def test_a_room_decides_what_came_back(phone, world):
    name = phone.record("report", {"text": "路灯不亮", "category": "ZZ"})
    phone.record("draft", {"text": "半截"})
    phone.send()
    li = world.actor("li")
    assert [s.record for s in to_decide(li)] == [name]
    row = to_decide(li).get()
    assert board(li, timezone.now())[0].to_decide == 1
    with pytest.raises(InvalidInput):  # it is still what it was
        actions.apply_again(row.receipt, li, at=timezone.now())
    with pytest.raises(InvalidInput):
        actions.set_aside(row.receipt, li, " ", at=timezone.now())
    actions.set_aside(row.receipt, li, "已另行登记", at=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == ("set_aside", "已另行登记", world.people.li)
    phone.read()
    assert phone.held["record", str(name)]["reason"] == "已另行登记"


def test_another_room_or_post_decides_nothing(phone, world):
    phone.record("report", {"text": "路灯不亮", "category": "ZZ"})
    phone.send()
    receipt = Submission.objects.get().receipt
    for name in ("wang", "lin", "chen", "wu"):
        with pytest.raises(NotFound):
            actions.set_aside(receipt, world.actor(name), "不行", at=timezone.now())
        with pytest.raises(NotFound):
            actions.apply_again(receipt, world.actor(name), at=timezone.now())


def test_second_bytes_under_an_id_can_be_let_in_as_a_record_of_their_own(phone, world):
    one = phone.record("report", {"text": "路灯不亮"})
    phone.send()
    two = phone.record("report", {"text": "井盖坏了"})
    # The same id with other words, as a phone that was copied would send.
    inner = json.loads(unsealed(phone.outbox[two].sealed)) | {"id": str(one)}
    del phone.outbox[two]
    phone.outbox[one].sealed, phone.outbox[one].receipt = (
        seal(phone.key, json.dumps(inner).encode()),
        None,
    )
    phone.send()
    row = Submission.objects.get(contested=True)
    assert row.made_at is None
    actions.apply_again(row.receipt, world.actor("li"), at=timezone.now())
    assert sorted(Report.objects.values_list("text", flat=True)) == ["井盖坏了", "路灯不亮"]
