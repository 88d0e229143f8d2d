"""The dispatcher's screen by keyboard alone, in a real Chromium."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maplebridge.matters.actions import report
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import verify_ledger
from tests.journeys.conftest import NO_BROWSER, accessible

pytestmark = [pytest.mark.browser, NO_BROWSER]


def told(town, text="村口垃圾成堆，味道很大", minutes=60, category="E02", **more):
    west, south = town.point
    place = {"lon": west + more.pop("east", 0.0), "lat": south}
    at = timezone.now() - timedelta(minutes=minutes)
    return report(
        text=text, channel="web", command_id=uuid4(), at=at, category=category, **place, **more
    ).matter


class Presses:
    """A keyboard that counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.count += 1


def test_ten_matters_by_keyboard_one_press_each(town, site, people):
    made = [told(town, f"第{n}处垃圾成堆", 90 - n, east=0.0004 * n) for n in range(10)]
    page = people("li")
    keys = Presses(page)
    for matter in made:
        expect(page.locator("#dispatch [data-row][aria-current=true]")).to_have_attribute(
            "id", f"row-{matter.number}"
        )
        expect(page.locator("[data-confirm]")).to_be_focused()
        keys.press("Enter")
    expect(page.locator("#dispatch")).to_contain_text("Nothing waits here")
    assert keys.count == 10
    assert {m.status for m in Matter.objects.all()} == {"dispatched"}
    assert {m.lead.code for m in Matter.objects.all()} == {"enforcement"}
    keys.press("u")  # the last one was a slip of the hand
    expect(page.locator("[data-row]")).to_have_count(1)
    assert Matter.objects.get(number=made[-1].number).status == "reported"
    assert list(verify_ledger()) == []
    assert page.faults == []


def test_moving_changing_and_merging_by_keyboard(town, site, people):
    first = told(town, "村口垃圾成堆，味道很大", 90)
    second = told(town, "村口的垃圾成堆了，味道大", 80)
    third = told(town, "看不清是什么", 70, category="", east=0.008)
    page = people("li", maps=True)
    keys = Presses(page)
    accessible(page)
    keys.press("j")
    expect(page.locator(f"#matter-{second.number}")).to_be_visible()
    keys.press("m")
    expect(page.locator("[data-key=m]").first).to_be_focused()
    expect(page.locator(".compare").first).to_contain_text("differs")
    keys.press("Enter")
    expect(page.locator(f"#matter-{third.number}")).to_be_visible()
    assert Matter.objects.get(pk=second.pk).merged_into_id == first.pk
    # Nothing was proposed: the first thing missing has the focus, and Enter asks for it.
    expect(page.locator("select[name=category]")).to_be_focused()
    page.get_by_label("Category").first.select_option("E02")
    page.get_by_label("Lead unit").first.select_option("sanitation")
    page.locator("[data-confirm]").press("Enter")
    expect(page.locator(f"#matter-{first.number}")).to_be_visible()
    assert Matter.objects.get(pk=third.pk).status == "dispatched"
    keys.press("d")
    expect(page.locator("select[name=category]")).to_be_focused()
    page.locator("#inbox-title").click()
    keys.press("?")
    for words in ("Change the proposal", "Dispatch", "next and previous row"):
        expect(page.locator("#keys-help")).to_contain_text(words)
    assert page.faults == []


def test_a_new_report_appears_and_nothing_moves(town, site, people):
    made = [told(town, f"第{n}处垃圾成堆", 90 - n, east=0.0004 * n) for n in range(12)]
    page = people("li")
    page.set_viewport_size({"width": 1024, "height": 600})
    for matter in made[1:5]:
        page.keyboard.press("j")
        expect(page.locator(f"#matter-{matter.number}")).to_be_visible()
    current = page.locator("[data-row][aria-current=true]")
    before = page.locator("#matter-title").inner_text()
    expect(page.locator("[data-confirm]")).to_be_focused()
    place = current.bounding_box()
    urgent = told(town, "楼道起火冒烟", 0, category="", urgency="fire", east=0.006)
    fresh = page.locator(f"#row-{urgent.number}")
    expect(fresh).to_have_count(1, timeout=15_000)
    expect(fresh).to_contain_text("Urgent")
    expect(page.locator(".pane-news")).to_contain_text("1 new report")
    expect(page.locator(".pane-list .count")).to_have_text("13")
    assert page.locator("#matter-title").inner_text() == before
    assert abs(current.bounding_box()["y"] - place["y"]) < 2
    expect(page.locator("[data-confirm]")).to_be_focused()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#desk-rings")).to_contain_text("楼道起火冒烟")
    assert abs(current.bounding_box()["y"] - place["y"]) < 2
    page.locator(f"#row-{urgent.number} [data-row-link]").click()
    expect(page.get_by_role("button", name="Take charge")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".pane-matter")).to_contain_text("Somebody has taken charge")
    expect(page.locator("#desk-rings a")).to_have_count(0)  # at once, not at the next look
    accessible(page)
    assert page.faults == []


def test_it_works_without_javascript(town, site, people):
    made = told(town)
    page = people("li")
    plain = page.context.browser.new_context(java_script_enabled=False, locale="en-GB")
    plain.add_cookies(page.context.cookies())
    bare = plain.new_page()
    bare.goto(f"{site}/desk/dispatch?matter={made.number}")
    bare.locator("[data-confirm]").click()
    expect(bare.locator("#dispatch")).to_contain_text(
        "“村口垃圾成堆，味道很大” went to 综合行政执法队"
    )
    bare.get_by_role("button", name="Take back").click()
    expect(bare.locator(f"#matter-{made.number}")).to_be_visible()
    assert Matter.objects.get().status == "reported"
