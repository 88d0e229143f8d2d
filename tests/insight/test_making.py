"""A digest is made once a day, by whoever comes first, and told to who asked for it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from maplebridge.insight.actions import make_digest, make_due_digests, subscribe
from maplebridge.insight.models import Digest, Subscription
from maplebridge.insight.queries import scopes_for, scopes_on
from maplebridge.insight.words import message_figures
from maplebridge.notify.models import Message
from tests.insight.conftest import EVENING
from tests.matters.conftest import MONDAY
from tests.org.builders import build_town

TODAY = timezone.localdate(MONDAY)
MORNING = MONDAY + timedelta(days=1, hours=-3)  # Tuesday 06:00 in Shanghai
TOWN = "331181101"


def town_scope():
    return next(s for s in scopes_on(TODAY) if s.key == TOWN)


def test_made_once_whatever_happens_after(world):
    world.report()
    first = make_digest(town_scope(), TODAY, EVENING)
    world.report("又一处垃圾")
    again = make_digest(town_scope(), TODAY, MORNING)
    assert (again.pk, again.made_at) == (first.pk, EVENING)
    assert again.content["figures"]["came_in"]["n"] == 1


def test_the_timer_makes_yesterdays_from_six_on(world):
    assert make_due_digests(MORNING - timedelta(minutes=1)) == 0
    assert make_due_digests(MORNING) == len(scopes_on(TODAY)) == 6
    assert make_due_digests(MORNING + timedelta(hours=1)) == 0
    assert set(Digest.objects.values_list("day", flat=True)) == {TODAY}


@pytest.fixture
def town(transactional_db):
    return build_town()


@pytest.mark.processes
def test_timers_at_once_make_none_twice(town):
    Subscription.objects.create(person=town.people.zhao, scope=TOWN)
    together = threading.Barrier(4)

    def run(_n):
        try:
            together.wait()
            return make_due_digests(MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(run, range(4)))
    assert max(made) == Digest.objects.count() == 6
    assert Message.objects.filter(kind="digest").count() == 1


def test_only_who_asked_and_may_is_told(world):
    scope = town_scope()
    for name in ("zhao", "li", "wang"):
        subscribe(world.actor(name), scope, wanted=True)
    subscribe(world.actor("li"), scope, wanted=False)
    make_due_digests(MORNING)
    told = Message.objects.get()  # a handler's lists do not hold the town
    assert (told.person, told.number) == (world.people.zhao, f"{TODAY}-{TOWN}")


def test_the_message_says_three_lines_of_figures(busy):
    digest = make_digest(town_scope(), TODAY, EVENING)
    lines = message_figures(f"{TODAY}-{TOWN}")
    figures = digest.content["figures"]
    assert len(lines) == 3
    assert str(figures["came_in"]["n"]) in lines[0]
    assert message_figures(f"{TODAY}-999999") == []


def test_a_reader_without_the_area_is_not_offered_it(world):
    assert TOWN not in {s.key for s in scopes_for(world.actor("lin"), TODAY)}
