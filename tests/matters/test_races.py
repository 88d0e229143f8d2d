"""Real threads against real PostgreSQL: one step, one event."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from maplebridge.kernel.errors import Conflict, MaplebridgeError
from maplebridge.matters.actions import report, take_step
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries import verify_ledger
from tests.matters.conftest import MONDAY, World
from tests.org.builders import build_town

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
PRESSES = 16


@pytest.fixture
def town(transactional_db):
    return World(**vars(build_town()))


def _together(act):
    start = Barrier(PRESSES)

    def press(index):
        start.wait()
        try:
            return act(index)
        except MaplebridgeError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(PRESSES) as pool:
        return list(pool.map(press, range(PRESSES)))


def test_sixteen_presses_give_one_event(town):
    matter, wang = town.in_status("dispatched"), town.actor("wang")
    done = _together(
        lambda _i: take_step(matter.id, "accept", wang, {}, command_id=uuid4(), at=MONDAY)
    )
    assert sum(isinstance(d, MatterEvent) for d in done) == 1
    assert {d.status for d in done if isinstance(d, Conflict)} == {"accepted"}
    assert list(verify_ledger()) == []


def test_sixteen_times_the_same_command_is_one_event_and_one_answer(town):
    matter, wang, command = town.in_status("dispatched"), town.actor("wang"), uuid4()
    done = _together(
        lambda _i: take_step(matter.id, "accept", wang, {}, command_id=command, at=MONDAY)
    )
    assert {d.pk for d in done} == {MatterEvent.objects.get(step="accept").pk}


def test_sixteen_reports_at_once_get_sixteen_numbers_in_a_row(town):
    made = _together(
        lambda i: report(
            text=f"垃圾 {i}", channel="api", command_id=uuid4(), lon=119.055, lat=27.955, at=MONDAY
        )
    )
    serials = sorted(int(r.matter.number.split("-")[-1]) for r in made)
    assert serials == list(range(1, PRESSES + 1))


def test_the_same_report_sixteen_times_at_once_is_one_matter(town):
    command = uuid4()
    made = _together(
        lambda _i: report(
            text="垃圾成堆", channel="api", command_id=command, lon=119.055, lat=27.955, at=MONDAY
        )
    )
    assert len({r.code for r in made}) == 1
    assert Matter.objects.count() == 1


def test_two_matters_merged_into_each_other_become_one(town):
    pair, li = [town.in_status("reported") for _ in range(2)], town.actor("li")

    def merge(index):
        matter, into = pair if index % 2 else reversed(pair)
        fields = {"target_matter": into.number}
        return take_step(matter.id, "merge", li, fields, command_id=uuid4(), at=MONDAY)

    done = _together(merge)
    assert sum(isinstance(d, MatterEvent) for d in done) == 1
    assert sorted(m.status for m in Matter.objects.all()) == ["merged", "reported"]
    assert Matter.objects.get(status="reported").report_count == 2
    assert list(verify_ledger()) == []
