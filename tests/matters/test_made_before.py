"""Steps that were done before they came here: in the event, on the clock, never back in time."""

from datetime import timedelta
from uuid import uuid4

from maplebridge.matters.actions import report, take_step, tick
from maplebridge.matters.models import MatterEvent
from maplebridge.matters.queries import verify_ledger
from tests.matters.conftest import MONDAY

DAY = timedelta(days=1)


def _late(world, matter, name, who, made, at, **fields):
    return take_step(
        matter.id, name, world.actor(who), fields, command_id=uuid4(), made_at=made, at=at
    )


def test_a_step_done_in_time_and_sent_late_is_not_late(world):
    matter = world.in_status("dispatched")
    done, sent = MONDAY + timedelta(hours=1), MONDAY + 10 * DAY
    event = _late(world, matter, "accept", "wang", done, sent)
    clock = matter.clocks.get(kind="sign")
    assert (event.at, event.data["made_at"]) == (sent, done.isoformat())
    assert clock.stopped_at == done < clock.due_at
    assert list(verify_ledger()) == []


def test_no_clock_stops_before_it_began(world):
    matter = world.in_status("dispatched")
    _late(world, matter, "accept", "wang", MONDAY - 3 * DAY, MONDAY + DAY)
    clock = matter.clocks.get(kind="sign")
    assert clock.stopped_at == clock.started_at


def test_nothing_is_done_in_the_future(world):
    matter = world.in_status("dispatched")
    event = _late(world, matter, "accept", "wang", MONDAY + 3 * DAY, MONDAY)
    assert "made_at" not in event.data
    assert matter.clocks.get(kind="sign").stopped_at == MONDAY


def test_the_timers_light_goes_when_the_work_was_done_in_time(world):
    matter = world.in_status("in_progress")
    matter.clocks.filter(kind="respond").update(stopped_at=MONDAY)
    due = matter.clocks.get(kind="handle").due_at
    tick(due + timedelta(hours=1))
    assert world.fresh(matter).supervision == 1
    _late(world, matter, "handle", "wang", due - timedelta(hours=2), due + DAY, result="已清运")
    assert world.fresh(matter).supervision == 0


def test_a_supervisors_light_stays(world):
    matter = world.in_status("in_progress")
    world.step(matter, "supervise", "zhao", level="2", reason="影响大")
    due = matter.clocks.get(kind="handle").due_at
    _late(world, matter, "handle", "wang", MONDAY + DAY, due + DAY, result="已清运")
    assert world.fresh(matter).supervision == 2


def test_more_time_asked_for_in_time_is_asked_in_time(world):
    matter = world.in_status("in_progress")
    due = matter.clocks.get(kind="handle").due_at
    until = (due + DAY).date().isoformat()
    event = _late(
        world,
        matter,
        "ask_extension",
        "wang",
        due - DAY,
        due + timedelta(hours=5),
        reason="等配件",
        until=until,
    )
    assert event.step == "ask_extension"
    assert matter.petitions.get().asked_at == due - DAY


def test_a_report_keeps_when_it_was_made(world):
    made = MONDAY - 2 * DAY
    told = report(text="路灯不亮", channel="field", command_id=uuid4(), reported_at=made, at=MONDAY)
    event = MatterEvent.objects.get(command_id=told.id)
    assert (event.at, event.data["made_at"]) == (MONDAY, made.isoformat())
    assert told.reported_at == made
