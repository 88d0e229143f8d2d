"""Who somebody is on a day: own posts, posts of the absent, and the roster."""

from datetime import UTC, date, datetime, timedelta

import pytest

from maplebridge.org.models import Absence, Post, Shift
from maplebridge.org.queries import actor_for
from tests.matters.conftest import World
from tests.org.builders import build_town

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
DAY = timedelta(days=1)


@pytest.fixture
def world(db):
    return World(**vars(build_town()))


def away(world, holder, stand_in, first, last):
    post = Post.objects.get(person=getattr(world.people, holder))
    return Absence.objects.create(
        post=post, stand_in=getattr(world.people, stand_in), from_day=first, to_day=last
    )


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), False),  # Sunday 23:59 in Shanghai
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), True),  # Monday 00:00
        (datetime(2026, 11, 24, 15, 59, tzinfo=UTC), True),  # Tuesday 23:59, the last day
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), False),
    ],
)
def test_a_stand_in_holds_the_post_on_both_days_and_not_after(world, moment, holds):
    away(world, "chen", "wu", date(2026, 11, 23), date(2026, 11, 24))
    actor = actor_for(world.people.wu, moment)
    assert actor.holds("verifier") is holds
    assert actor_for(world.people.chen, moment).holds("verifier")  # the holder keeps it


def test_the_event_names_the_post_and_who_stood_in(world):
    away(world, "wang", "wu", date(2026, 11, 23), date(2026, 11, 23))
    matter = world.in_status("dispatched")
    event = world.step(matter, "accept", actor_for(world.people.wu, MONDAY))
    assert event.person == world.people.wu
    assert event.post == Post.objects.get(person=world.people.wang)
    assert actor_for(world.people.wu, MONDAY + DAY).posts == ()


def test_a_stand_in_for_an_ended_post_or_with_a_closed_account_holds_nothing(world):
    away(world, "chen", "wu", date(2026, 11, 23), date(2026, 11, 30))
    Post.objects.filter(person=world.people.chen).update(valid_to=date(2026, 11, 22))
    assert actor_for(world.people.wu, MONDAY).posts == ()
    Post.objects.filter(person=world.people.chen).update(valid_to=None)
    world.people.wu.is_active = False
    assert actor_for(world.people.wu, MONDAY).posts == ()


@pytest.mark.parametrize(
    ("hour", "on_duty"), [(11.9, False), (12, True), (16, True), (23.9, True), (24, False)]
)
def test_a_shift_goes_through_midnight(world, hour, on_duty):
    """20:00 to 08:00 in Shanghai is 12:00 to 24:00 UTC."""
    start = datetime(2026, 11, 23, 12, tzinfo=UTC)
    post = Post.objects.get(person=world.people.li)
    Shift.objects.create(post=post, starts_at=start, ends_at=start + DAY / 2)
    actor = actor_for(world.people.li, datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour))
    assert actor.holds("on_duty") is on_duty
    assert actor.holds("dispatcher")


def test_a_stand_in_is_on_duty_for_the_absent(world):
    away(world, "li", "wu", date(2026, 11, 23), date(2026, 11, 23))
    post = Post.objects.get(person=world.people.li)
    Shift.objects.create(post=post, starts_at=MONDAY, ends_at=MONDAY + DAY)
    assert actor_for(world.people.wu, MONDAY).scopes(["on_duty"]) == ("331181101", "331181201")
    assert not actor_for(world.people.wu, MONDAY + DAY / 2 + timedelta(hours=4)).holds("on_duty")
