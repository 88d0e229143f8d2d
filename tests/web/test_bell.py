"""The bell and what rings, on every page of the desk and as it renews itself."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maplebridge.matters.models import Matter
from maplebridge.matters.queries import light_of, ringing, urgent_first
from maplebridge.org.models import Person, Post

BELL = "web:bell"


@pytest.fixture
def desks(world):
    """A police officer beside the town's people."""
    world.people.he = Person.objects.create(username="he", name="何警官")
    Post.objects.create(
        person=world.people.he, kind="handler", title="民警", unit=world.units.police
    )
    return world


def fire(world, **more):
    return world.report("楼道起火", urgency="fire", at=timezone.now(), **more).matter


@pytest.mark.parametrize(
    ("who", "hears"),
    [("li", 1), ("he", 1), ("zhao", 1), ("wang", 0), ("chen", 0), ("lin", 0), ("wu", 0)],
)
def test_it_rings_for_those_who_may_answer(desks, who, hears):
    matter = fire(desks)
    now = timezone.now()
    actor = desks.actor(who)
    assert [a.matter_id for a in ringing(actor)] == [matter.id] * hears
    if who == "he":
        desks.step(matter, "acknowledge", actor, at=now)
        assert ringing(actor) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("楼道起火", "2026-11-23T09:00"),  # in office hours
        ("楼道起火", "2026-11-23T20:41"),  # in the evening: the first contact is due tomorrow
        ("山上着火冒烟", "2026-11-23T20:41"),  # a category that is answered at once
        ("山上着火冒烟", "2026-11-22T03:10"),  # on a Sunday night
    ],
)
def test_the_strip_says_until_when_to_take_charge(desks, desk, text, told):
    at = datetime.fromisoformat(f"{told}+08:00")
    matter = desks.report(text, urgency="fire", at=at).matter
    (alarm,) = ringing(desks.actor("li"))
    assert alarm.due_at == at + timedelta(minutes=15)
    assert light_of(matter, at) != "yellow"


def test_the_strip_names_the_alarm_of_a_matter_that_was_late_before(desks, desk):
    now = timezone.now()
    matter = desks.report("有烟味", at=now - timedelta(days=30)).matter
    desks.step(matter, "mark_urgent", "li", urgency="fire", at=now)
    due = timezone.localtime(now + timedelta(minutes=15))
    page = desk.open_for("li").get(reverse(BELL)).content.decode()
    assert f"{due:%H:%M}" in page


def test_the_lead_hears_it_until_it_accepts(desks):
    matter = fire(desks)
    now = timezone.now()
    desks.step(matter, "dispatch", "li", category="E02", lead="sanitation", at=now)
    assert [a.matter_id for a in ringing(desks.actor("wang"))] == [matter.id]
    desks.step(matter, "accept", "wang", at=now)
    assert ringing(desks.actor("wang")) == []


def test_an_open_page_learns_of_it(desks, desk):
    """The fragment holds bell and strip; the page has both places."""
    he = desk.open_for("he")
    before = he.get(reverse("web:unit")).content.decode()
    assert 'data-unread="0"' in before
    assert 'id="desk-rings"' in before
    matter = fire(desks)
    answer = he.get(reverse(BELL))
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert 'data-unread="1"' in page
    assert reverse("web:matter", args=[matter.number]) in page
    assert "Nobody has taken charge yet" in page
    assert he.get(reverse("web:matter", args=[matter.number])).status_code == 200
    assert 'data-unread="0"' in he.get(reverse(BELL)).content.decode()


def test_who_was_signed_out_is_told_and_nothing_else(desks):
    fire(desks)
    page = Client().get(reverse(BELL)).content.decode()
    assert reverse("web:sign_in") in page
    assert "起火" not in page
    assert Client().get(reverse("web:dispatch_rows")).status_code == 204
    # A form is not taken and says so; its page comes back, as a whole where a part was asked for.
    gone, unit = Client(headers={"referer": "http://testserver/desk/unit"}), reverse("web:unit")
    door = gone.post(reverse("web:accept_many"), follow=True)
    assert door.redirect_chain[0][0].endswith(f"?next={unit}")
    assert "没有提交" in door.content.decode()
    part = gone.post(reverse("web:accept_many"), headers={"hx-request": "true"})
    assert part["HX-Redirect"].endswith(f"?next={unit}")


def test_the_bell_keeps_nobody_signed_in(desks, desk):
    li = desk.open_for("li")
    li.get(reverse(BELL))
    assert "seen" not in li.session


def test_the_strip_costs_two_queries_however_much_rings(desks):
    actor = desks.actor("li")
    for _n in range(7):
        fire(desks)
    with CaptureQueriesContext(connection) as caught:
        assert len(ringing(actor)) == 5
    assert len(caught) == 2


def test_urgent_ones_stand_first_and_only_once(desks):
    calm = [desks.report(f"垃圾{n}堆", at=timezone.now()).matter.id for n in range(3)]
    urgent = fire(desks)
    desks.step(urgent, "acknowledge", "li", at=timezone.now())
    seen, after = urgent_first(Matter.objects.all(), "", 2)
    assert [m.id for m in seen] == [urgent.id, calm[0]]
    more, after = urgent_first(Matter.objects.all(), after, 2)
    assert [m.id for m in more] == calm[1:]
    assert after == ""
