"""A unit and the police desk in a real Chromium: much accepted at once, parts, an alarm taken."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maplebridge.matters.models import Matter
from maplebridge.org.models import Person, Post
from tests.files.pictures import encoded, picture
from tests.journeys.conftest import NO_BROWSER, accessible
from tests.matters.conftest import World
from tests.web.test_handling import given

pytestmark = [pytest.mark.browser, NO_BROWSER]


@pytest.fixture
def world(town):
    return World(**vars(town))


def test_a_unit_accepts_works_together_and_hands_in(world, site, people, tmp_path):
    joint, other = given(world, 2, helpers=["utility"])
    page = people("wang", width=1440)
    page.wait_for_url("**/desk/unit")
    accessible(page)
    page.keyboard.press("a")
    expect(page.locator(".messages")).to_contain_text("2 matters accepted")
    accessible(page)
    page.goto(f"{site}/desk/matters/{joint.number}")
    page.get_by_label("Reached the reporter").check()
    page.get_by_role("button", name="First contact").click()

    page.goto(f"{site}/desk/matters/{joint.number}/steps/ask_extension")
    later = timezone.localdate(world.fresh(joint).due_at) + timedelta(days=2)
    page.get_by_label("Until").fill(later.isoformat())
    page.get_by_label("Reason").fill("连日下雨")
    page.get_by_role("button", name="Ask for more time").click()
    expect(page.locator(".timeline")).to_contain_text("连日下雨")

    helper = people("zhou", width=390)
    helper.goto(f"{site}/desk/matters/{joint.number}")
    helper.get_by_role("button", name="Accept our part").click()
    expect(page.locator("main")).not_to_contain_text("已断电")
    helper.get_by_label("What was done").fill("已断电")
    accessible(helper)
    helper.get_by_role("button", name=re.compile("Our part is done")).click()
    expect(helper.locator("main")).to_contain_text("已断电")
    assert Matter.objects.get(pk=joint.pk).status == "in_progress"

    (tmp_path / "after.jpg").write_bytes(encoded(picture()))
    page.goto(f"{site}/desk/matters/{joint.number}/steps/handle")
    page.get_by_label("What was done").fill("已清运")
    page.locator("input[type=file]").last.set_input_files(tmp_path / "after.jpg")
    page.get_by_role("button", name="Hand in the result").click()
    expect(page.locator("main")).to_contain_text("Handled, to verify")
    assert Matter.objects.get(pk=joint.pk).status == "handled"
    assert Matter.objects.get(pk=other.pk).status == "accepted"
    assert page.faults == helper.faults == []


def test_the_police_desk_hears_an_alarm_on_an_open_page_and_takes_charge(world, site, people):
    desk = Person.objects.create(username="he", name="何警官")
    Post.objects.create(person=desk, kind="handler", title="民警", unit=world.units.police)
    page = people("he", width=390)
    expect(page.locator("#desk-rings")).to_be_empty()
    bell = page.locator("#desk-bell")
    expect(bell).to_have_attribute("data-unread", "0")
    fire = world.report("楼道起火冒烟", urgency="fire", at=timezone.now()).matter
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bell).to_have_attribute("data-unread", "1")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(page.locator("#desk-rings")).to_contain_text("楼道起火冒烟")
    accessible(page)
    page.locator("#desk-rings a").first.click()
    page.get_by_role("button", name="Take charge").click()
    expect(page.locator("main")).to_contain_text("Somebody has taken charge")
    history = page.locator(".timeline")
    expect(history).to_contain_text("何警官")
    expect(history).to_contain_text("派出所")
    expect(page.locator("#desk-rings")).to_be_empty()
    assert [e.step for e in fire.events.order_by("version")] == ["report", "alert", "acknowledge"]
    assert page.faults == []
