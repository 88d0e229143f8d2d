"""What stands first on a matter's page, and what it says before anybody has to guess."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maplebridge.matters.models import Matter
from maplebridge.org.models import Absence, Post, ReplyTemplate
from tests.web.test_desk import now_report, press

E02 = {"category": "E02", "lead": "sanitation"}


def page_of(client, matter):
    return client.get(reverse("web:matter", args=[matter.number])).content.decode()


def first_step(page):
    """The step that the first form of the card "Next" takes."""
    card = page.split('aria-labelledby="next"', 1)[1]
    return re.search(r'action="[^"]*/steps/([a-z_]+)"', card)[1]


@pytest.fixture
def helped(world):
    """A matter that the sanitation office leads and the power office helps with."""
    matter = now_report(world)
    now = timezone.now()
    world.step(matter, "dispatch", "li", at=now, **E02, helpers=["utility"])
    world.step(matter, "accept", "wang", at=now)
    return matter


def test_a_helping_unit_finds_its_own_step_first(world, desk, helped):
    zhou = desk.open_for("zhou")
    assert first_step(page_of(zhou, helped)) == "helper_accept"
    assert press(zhou, helped, "helper_accept").status_code == 302
    assert first_step(page_of(zhou, helped)) == "helper_done"
    assert first_step(page_of(desk.open_for("wang"), helped)) == "start"
    # Who stands in for the lead as well does both: the lead's step first, the part beside it.
    lead, today = Post.objects.get(person=world.people.wang), timezone.localdate()
    Absence.objects.create(post=lead, stand_in=world.people.zhou, from_day=today, to_day=today)
    both = page_of(zhou, helped)
    assert first_step(both) == "start"
    assert both.index("/steps/helper_done") < both.index("Other steps")


def test_what_cannot_be_done_now_is_no_button(world, desk, helped):
    page = page_of(desk.open_for("zhao"), helped)
    for step in ("refuse_extension", "lift_urgency", "acknowledge", "recall"):
        assert f"/steps/{step}" not in page
    assert "/steps/mark_urgent" in page
    world.step(helped, "mark_urgent", "zhao", urgency="gas", at=timezone.now())
    page = page_of(desk.open_for("zhao"), helped)
    assert "/steps/lift_urgency" in page
    assert "/steps/mark_urgent" not in page


@pytest.mark.parametrize(
    ("code", "lead"), [("not_ours", "enforcement"), ("incomplete", "sanitation")]
)
def test_a_returned_matter_is_not_confirmed_back_to_who_returned_it(world, desk, code, lead):
    """After "not ours" the unit that was named is filled in; the return stands above the form."""
    matter = now_report(world)
    now = timezone.now()
    world.step(matter, "dispatch", "li", at=now, category="E01", lead="sanitation")
    world.step(
        matter, "return_back", "wang", at=now, reason_code=code, reason="在围墙里面",
        basis="条例", belongs_to="enforcement",
    )  # fmt: skip
    li = desk.open_for("li")
    for url in (
        reverse("web:dispatch"),
        reverse("web:matter", args=[matter.number]),
        reverse("web:step", args=[matter.number, "dispatch"]),
    ):
        page = li.get(url).content.decode()
        assert re.search(rf'<option value="{lead}" selected', page), url
        assert "Returned by 环卫所" in page or "/steps/" in url


def test_the_form_says_how_far_a_limit_may_go(world, desk, helped):
    now = timezone.now()
    world.step(helped, "start", "wang", contact_result="on_site", at=now)
    wang = desk.open_for("wang")
    page = wang.get(reverse("web:step", args=[helped.number, "ask_extension"])).content.decode()
    until = (
        re.search(r'name="until"[^>]*', page)[0] + re.search(r'<input[^>]*name="until"', page)[0]
    )
    clock = helped.clocks.get(kind="handle")
    assert f'min="{timezone.localdate(clock.due_at)}"' in until
    assert "At the latest:" in page
    day = timezone.localdate(clock.due_at) + timedelta(days=1)
    world.step(helped, "ask_extension", "wang", reason="等零件", until=day.isoformat(), at=now)
    assert "A supervisor has not decided yet." in page_of(wang, helped)


def test_ready_answers_stand_where_one_answers(world, desk, helped):
    ReplyTemplate.objects.create(
        name="已安排", use="public_answer", text="{unit}已安排。", valid_from="2026-01-01"
    )
    page = page_of(desk.open_for("wang"), helped)
    talk = page.split('id="talk-answer"', 1)[1].split("</form>", 1)[0]
    assert 'data-insert="talk-answer"' in talk
    assert "环卫所已安排。" in talk
    assert "talk-answer" not in page_of(desk.open_for("zhou"), helped)


def test_a_link_of_yesterday_leads_to_the_matter(world, desk, helped):
    wang = desk.open_for("wang")
    answer = wang.get(reverse("web:step", args=[helped.number, "accept"]), follow=True)
    assert answer.redirect_chain == [(reverse("web:matter", args=[helped.number]), 302)]
    assert "is not possible now" in answer.content.decode()
    assert Matter.objects.get(pk=helped.pk).status == "accepted"


def test_two_kinds_of_problem_at_one_place_are_not_offered_as_one(world, desk):
    now_report(world, text="村口垃圾成堆，味道很大")
    fire = now_report(world, text="楼道起火冒烟，有人被困", urgency="fire")
    again = now_report(world, text="村口的垃圾成堆了，味道大")
    li = desk.open_for("li")
    assert "Perhaps the same problem" not in page_of(li, fire)
    assert "Perhaps the same problem" in page_of(li, again)
