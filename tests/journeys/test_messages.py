"""The bell and my choices in a real browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maplebridge.matters.models import Matter
from maplebridge.notify.models import Channel, Message
from tests.journeys.conftest import NO_BROWSER, accessible
from tests.matters.conftest import World
from tests.notify.conftest import KEY

pytestmark = [pytest.mark.browser, NO_BROWSER]


@pytest.fixture
def told(town):
    world = World(**vars(town))
    for text in ("村口垃圾成堆，味道很大", "桥头有人乱倒建筑垃圾"):
        matter = world.report(text, at=timezone.now()).matter
        world.step(matter, "dispatch", "li", category="E02", lead="sanitation", at=timezone.now())
    return world


def test_the_bell_leads_to_the_matter_and_falls_silent(told, site, people):
    page = people("wang", 390)
    bell = page.locator("a.bell")
    expect(bell).to_contain_text("2")
    bell.click()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/matters/**")
    expect(page.locator("a.bell .count")).to_contain_text("1")
    page.locator("a.bell").click()
    expect(page.get_by_role("heading", name="Read", exact=True)).to_be_visible()
    page.get_by_role("button", name="Mark all read").click()
    expect(page.locator("a.bell .count")).to_have_count(0)
    assert not Message.objects.filter(person__username="wang", read=False).exists()
    assert Message.objects.filter(person__username="sun", read=False).count() == 2
    assert Matter.objects.count() == 2
    assert page.faults == []


def test_choices_and_a_test_that_fails_plainly(town, site, people):
    page = people("zhao", 390)
    page.goto(f"{site}/desk/messages/settings")
    accessible(page)
    page.get_by_label("WeCom", exact=True).check()
    page.get_by_label("Webhook of the WeCom robot").fill("https://elsewhere.example/")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("This is not the address of a robot")
    accessible(page)
    page.get_by_label("Webhook of the WeCom robot").fill(KEY)
    page.get_by_label("Quiet from").fill("20:00")
    page.get_by_role("group", name="What is late").get_by_label("Only in Maplebridge").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Send me a test message")).to_be_visible()
    assert Channel.objects.get().kind == "wecom"
    expect(page.get_by_label("Quiet from")).to_have_value("20:00")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    accessible(page)
    page.goto(f"{site}/desk/messages/deliveries")
    expect(page.locator("main")).to_contain_text("Every channel works")
    accessible(page)
    assert page.faults == []
