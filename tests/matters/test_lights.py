"""How long a light stands: while something is late, or as a supervisor set it."""

from datetime import timedelta

import pytest
from django.db import connection

from maplebridge.config.ticker import pass_time
from maplebridge.insight.models import Digest
from maplebridge.matters.actions import tick
from maplebridge.matters.models import MatterEvent
from maplebridge.matters.queries import light_of, verify_ledger
from tests.matters.conftest import MONDAY

DAY = timedelta(days=1)
LATE = MONDAY + 5 * DAY  # E02 is handled within four working days, by Friday evening


def late(world, at=LATE):
    """A matter in work whose limit passed yesterday, its light raised by the timer."""
    matter = world.in_status("in_progress")
    tick(at)
    assert world.fresh(matter).supervision == 1
    return matter


def light(world, matter, at=LATE):
    found = world.fresh(matter)
    return found.supervision, light_of(found, at)


def test_an_extension_asked_in_time_puts_the_light_out_and_says_so(world):
    matter = world.in_status("in_progress")
    world.step(matter, "ask_extension", "wang", reason="等零件", until="2026-12-01")
    tick(LATE)
    assert light(world, matter) == (1, "yellow")
    event = world.step(matter, "extend", "zhao", at=LATE)
    assert event.data["level"] == 0
    assert light(world, matter)[0] == 0
    tick(LATE + 5 * DAY)  # the new date passes too: it rises again and tells again
    assert light(world, matter)[0] == 1
    assert MatterEvent.objects.filter(matter=matter, step="escalate").count() == 2
    assert list(verify_ledger()) == []


@pytest.mark.parametrize(
    ("step", "who", "fields"),
    [
        ("handle", "wang", {"result": "已清运"}),
        ("suspend", "zhao", {"reason": "等批复", "review_on": "2026-12-09"}),
    ],
)
def test_it_goes_out_with_the_limit_that_was_missed(world, step, who, fields):
    matter = late(world)
    world.step(matter, step, who, at=LATE, **fields)
    assert light(world, matter)[0] == 0


def test_a_late_acceptance_leaves_what_the_next_limit_says(world):
    matter = world.in_status("dispatched")
    tick(MONDAY + DAY)
    assert light(world, matter, MONDAY + DAY) == (1, "yellow")
    world.step(matter, "accept", "wang", at=MONDAY + DAY)
    # the limit to the first contact ran from the report on and is missed too
    assert light(world, matter, MONDAY + DAY) == (1, "yellow")
    world.step(matter, "start", "wang", at=MONDAY + DAY, contact_result="reached")
    assert light(world, matter, MONDAY + DAY)[0] == 0


def test_a_rework_begins_without_a_light(world):
    matter = late(world)
    world.step(matter, "handle", "wang", at=LATE, result="已清运")
    world.step(matter, "rework", "chen", at=LATE, reason="还有")
    assert light(world, matter)[0] == 0


def test_a_supervisors_light_stays_until_he_takes_it_back(world):
    matter = late(world)
    world.step(matter, "supervise", "zhao", at=LATE, level="3", reason="反复发生")
    world.step(matter, "handle", "wang", at=LATE, result="已清运")
    world.step(matter, "rework", "chen", at=LATE, reason="还有")
    assert light(world, matter) == (3, "red")
    world.step(matter, "supervise", "zhao", at=LATE, level="0", reason="已到现场看过")
    assert light(world, matter)[0] == 0


def test_a_hand_cannot_put_out_what_is_late(world):
    matter = late(world)
    world.step(matter, "supervise", "zhao", at=LATE, level="0", reason="误点")
    assert light(world, matter) == (1, "yellow")


def test_the_clocks_light_falls_back_to_the_supervisors(world):
    matter = world.in_status("in_progress")
    world.step(matter, "supervise", "zhao", level="1", reason="影响大")
    tick(MONDAY + 12 * DAY)
    assert light(world, matter)[0] > 1
    world.step(matter, "handle", "wang", at=MONDAY + 12 * DAY, result="已清运")
    assert light(world, matter)[0] == 1


def test_an_end_puts_every_light_out(world):
    matter = late(world)
    world.step(matter, "supervise", "zhao", at=LATE, level="3", reason="反复发生")
    world.step(matter, "handle", "wang", at=LATE, result="已清运")
    world.step(matter, "close", "chen", at=LATE)
    assert light(world, matter) == (0, "")


def test_a_matter_that_fails_stops_neither_the_others_nor_the_rooms_after_it(world):
    broken, sound = world.in_status("dispatched"), world.in_status("dispatched")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a broken row'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON matters_matterevent FOR EACH ROW "
            f"WHEN (NEW.matter_id = {broken.id}) EXECUTE FUNCTION refuse()"
        )
    morning = MONDAY + 2 * DAY - timedelta(hours=2, minutes=30)  # 06:30 in Shanghai
    with pytest.raises(ExceptionGroup) as told:
        pass_time(morning)
    assert "a broken row" in str(told.value.exceptions[0].exceptions[0])
    assert [world.fresh(m).supervision for m in (broken, sound)] == [0, 1]
    assert Digest.objects.exists()
    assert list(verify_ledger()) == []
