"""Whoever changes, removes or reorders a row is found out, by name."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from maplebridge.matters.actions import tick
from maplebridge.matters.models import MatterEvent
from maplebridge.matters.queries import verify_ledger
from maplebridge.org.rules import Actor
from maplebridge.trust.actions import erase_passage, erase_subject
from maplebridge.trust.models import DayRoot
from tests.matters.conftest import MONDAY


def _tamper(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no trigger events may be pending
        cursor.execute("ALTER TABLE matters_matterevent DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE matters_matterevent ENABLE TRIGGER USER")


@pytest.fixture
def matter(world):
    matter = world.in_status("closed")
    tick(MONDAY + timedelta(days=1, hours=1))
    assert list(verify_ledger()) == []
    return matter


def test_events_refuse_update_and_delete(matter):
    for act in (lambda q: q.update(step="x"), lambda q: q.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act(MatterEvent.objects.all())


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("UPDATE matters_matterevent SET step = 'merge' WHERE version = 3", "was changed"),
        (
            "UPDATE matters_matterevent SET at = at - interval '1 second' WHERE version = 2",
            "was changed",
        ),
        (
            "UPDATE matters_matterevent SET data = data || '{\"lead\": 9}' WHERE version = 2",
            "was changed",
        ),
        ("DELETE FROM matters_matterevent WHERE version = 3", "version 3 is missing"),
        ("DELETE FROM matters_matterevent WHERE version = 6", "does not agree"),
        (
            (
                "UPDATE matters_matterevent SET version = 90 WHERE version = 2; "
                "UPDATE matters_matterevent SET version = 2 WHERE version = 3; "
                "UPDATE matters_matterevent SET version = 3 WHERE version = 90"
            ),
            "does not follow",
        ),
        ("UPDATE matters_matter SET status = 'archived'", "does not agree"),
        ("UPDATE trust_passage SET text = '改过'", "was changed"),
    ],
)
def test_a_changed_row_is_named(matter, change, names):
    _tamper(change)
    problems = [str(p) for p in verify_ledger()]
    assert any(names in p for p in problems), problems


def test_a_whole_matter_removed_is_missed_by_its_day(matter, world):
    ids = list(MatterEvent.objects.values_list("id", flat=True))
    _tamper(
        "DELETE FROM matters_matterevent; DELETE FROM matters_clock; DELETE FROM matters_assignment"
    )
    with translation.override("en"):
        problems = " ".join(str(p) for p in verify_ledger())
    assert ids
    assert all(f"event {i} is missing" in problems for i in ids)


def test_a_closed_day_takes_no_more_events(matter, world):
    assert DayRoot.objects.count() == 1
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        world.report("迟到的", command_id=uuid4())


def test_erasing_people_and_texts_leaves_the_chain_verifying(world):
    made = world.report(contact={"name": "张三", "phone": "13812345678"})
    world.step(
        made.matter, "decline", "li", decline_code="in_court", reason="李四已起诉", instead="法院"
    )
    tick(MONDAY + timedelta(days=1, hours=1))
    reporter = Actor(kind="reporter", report_id=made.id.hex)
    assert erase_subject(made.subject, reporter, "本人要求", at=MONDAY + timedelta(days=2)) >= 2
    passage = made.matter.events.get(step="decline").passage_id
    assert erase_passage(passage, world.actor("zhao"), "含个人信息", at=MONDAY + timedelta(days=2))
    assert list(verify_ledger()) == []


def test_tick_closes_quiet_days_too_and_twice_is_once(matter):
    later = MONDAY + timedelta(days=4)
    assert tick(later)["days_closed"] == 3
    assert tick(later)["days_closed"] == 0
    assert list(verify_ledger()) == []
