"""Urgent matters: rung for at once, answered within the limit, else up the line."""

from datetime import timedelta

import pytest

from maplebridge.kernel.errors import Conflict, NotAllowed
from maplebridge.matters.actions import follow, tick
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import matters_visible_to, verify_ledger
from maplebridge.org.models import Person, Post, Shift
from maplebridge.org.queries import actor_for
from tests.matters.conftest import MONDAY

LIMIT = timedelta(minutes=15)


@pytest.fixture
def officer(world):
    """A police officer at the desk and a mediator on duty tonight in the township."""
    desk = Person.objects.create(username="he", name="何警官")
    Post.objects.create(person=desk, kind="handler", title="民警", unit=world.units.police)
    watch = Person.objects.create(username="guo", name="郭伟")
    post = Post.objects.create(
        person=watch, kind="adviser", title="值班领导", unit=world.units.command
    )
    Shift.objects.create(post=post, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=12))
    chief = Person.objects.create(username="shen", name="沈书记")
    Post.objects.create(
        person=chief, kind="supervisor", title="书记", unit=world.units.government, told_from=3
    )
    return world.people.__class__(desk=desk, watch=watch, chief=chief)


def rung(matter):
    """Usernames told by each alarm, in order."""
    told = matter.events.filter(step="alert").order_by("version")
    return [
        sorted(
            Post.objects.filter(pk__in=e.data["told"]).values_list("person__username", flat=True)
        )
        for e in told
    ]


def test_it_rings_at_once_and_climbs_until_somebody_takes_charge(world, officer):
    matter = world.report("楼道起火", urgency="fire").matter
    assert rung(matter) == [["guo", "he", "li"]]
    tick(MONDAY + LIMIT - timedelta(seconds=1))
    assert len(rung(matter)) == 1
    for after in (LIMIT, LIMIT):  # a second run of the timer rings for nobody again
        tick(MONDAY + after + timedelta(seconds=1))
    assert rung(matter)[1:] == [["guo", "he", "li", "zhao"]]
    tick(MONDAY + 2 * LIMIT + timedelta(seconds=2))
    assert rung(matter)[2:] == [["guo", "he", "li", "shen", "zhao"]]
    tick(MONDAY + 9 * LIMIT)
    assert len(rung(matter)) == 3
    world.step(matter, "acknowledge", actor_for(officer.watch, MONDAY), at=MONDAY + 10 * LIMIT)
    assert not matter.clocks.filter(kind="alarm", stopped_at=None).exists()
    assert list(verify_ledger()) == []


def test_once_taken_charge_it_is_silent(world, officer):
    matter = world.report("楼道起火", urgency="fire").matter
    world.step(matter, "acknowledge", actor_for(officer.watch, MONDAY), note="我去现场")
    tick(MONDAY + 5 * LIMIT)
    assert len(rung(matter)) == 1
    with pytest.raises(Conflict):
        world.step(matter, "acknowledge", "li")


def test_whoever_is_on_duty_sees_urgent_matters_there_and_only_then(world, officer):
    urgent = world.report("楼道起火", urgency="fire").matter
    world.report("路灯不亮")
    on, off = (actor_for(officer.watch, MONDAY + timedelta(hours=h)) for h in (1, 13))
    assert [m.id for m in matters_visible_to(on)] == [urgent.id]
    assert not matters_visible_to(off).exists()
    with pytest.raises(NotAllowed):
        world.step(urgent, "acknowledge", off, at=MONDAY + timedelta(hours=13))


def test_accepting_answers_the_alarm_and_lifting_ends_it(world, officer):
    matter = world.report("楼道起火", urgency="fire").matter
    world.step(matter, "dispatch", "li", category="E02", lead="sanitation")
    world.step(matter, "accept", "wang")
    assert not matter.clocks.filter(kind="alarm", stopped_at=None).exists()
    world.step(matter, "lift_urgency", "zhao", reason="已扑灭")
    fresh = world.fresh(matter)
    assert (fresh.urgent, fresh.urgency) == (False, "fire")
    world.step(matter, "mark_urgent", "wang", urgency="gas")
    assert len(rung(matter)) == 2


def test_a_follower_who_tells_of_danger_makes_it_urgent(world, officer):
    from uuid import uuid4

    matter = world.report("有烟味").matter
    follow(matter.id, command_id=uuid4(), channel="web", text="着火了", urgency="fire", at=MONDAY)
    assert Matter.objects.get(pk=matter.pk).urgent
    assert rung(matter) == [["guo", "he", "li"]]
    assert list(verify_ledger()) == []


def test_the_police_desk_sees_what_rings_in_its_jurisdiction_and_takes_charge(world, officer):
    """The station stands in the town, and covers the township too."""
    town = world.report("楼道起火", urgency="fire").matter
    township = world.report(
        "山坡塌方", urgency="geology", area="331181201201", lon=None, lat=None
    ).matter
    world.report("路灯不亮")
    assert [("he" in told) for told in (*rung(town), *rung(township))] == [True, True]
    desk = actor_for(officer.desk, MONDAY)
    assert {m.id for m in matters_visible_to(desk)} == {town.id, township.id}
    for matter in (town, township):
        world.step(matter, "acknowledge", desk)
        assert not matter.clocks.filter(kind="alarm", stopped_at=None).exists()
