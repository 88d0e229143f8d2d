"""Verifier and supervisor in a real browser, by keyboard where they work all day."""

import pytest
from playwright.sync_api import expect

from maplebridge.matters.models import Matter
from maplebridge.org.models import Duty
from tests.journeys.conftest import NO_BROWSER, accessible
from tests.matters.conftest import World
from tests.web.test_supervising import asking, longer, returned_twice

pytestmark = [pytest.mark.browser, NO_BROWSER]


@pytest.fixture
def world(town):
    return World(**vars(town))


def test_five_are_verified_by_keyboard(world, site, people):
    handed = [
        world.in_status("handled", contact={"name": "方某", "phone": "13800000000"})
        for _ in range(6)
    ]
    page = people("chen", width=1440)
    page.wait_for_url("**/desk/verify")
    accessible(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/verify/{handed[1].number}")
    # One is called back first: the contact for a purpose, then what the reporter says.
    page.get_by_role("button", name="Verifying the result with the reporter").press("Enter")
    expect(page.locator(".contact").last).to_have_text("13800000000")
    accessible(page)
    page.keyboard.press("c")
    page.keyboard.press("Space")
    page.get_by_label("Solved", exact=True).press("Space")
    page.get_by_label("Satisfied", exact=True).press("Space")
    page.get_by_role("button", name="Note the call").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Call back: done")
    accessible(page)
    for done, ahead in zip(handed[1:5], [*handed[2:6]], strict=True):
        page.keyboard.press("a")
        page.wait_for_url(f"**/verify/{ahead.number}")
        expect(page.locator(".messages a")).to_have_text(done.number)
    # The last goes back with a reason; the first, left over, opens by itself.
    page.get_by_label("Reason").fill("照片看不清")
    page.get_by_role("button", name="Send back to work").press("Enter")
    page.wait_for_url(f"**/verify/{handed[0].number}")
    assert [world.fresh(m).status for m in handed] == ["handled", *["closed"] * 4, "in_progress"]
    page.keyboard.press("a")
    expect(page.locator("main")).to_contain_text("Nothing waits for verification")
    accessible(page)
    assert page.faults == []


def test_a_request_is_decided_on_its_row(world, site, people):
    first, second = asking(world), asking(world, "suspension")
    page = people("zhao", width=1024)
    page.wait_for_url("**/desk/supervise")
    accessible(page)
    row = page.locator("article", has_text=first.number)
    expect(row.get_by_label("Until")).to_have_value(longer(first))
    row.get_by_role("button", name="Grant").click()
    expect(page.locator(".messages")).to_contain_text("Grant more time")
    row = page.locator("article", has_text=second.number)
    row.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is refused")
    accessible(page)
    row.get_by_label("Reason").fill("下周可以施工")
    row.get_by_role("button", name="Refuse").click()
    expect(page.locator("main")).to_contain_text("Nobody waits for your decision")
    assert not Matter.objects.filter(petition_open=True).exists()
    assert page.faults == []


def test_a_second_return_is_ruled_and_the_precedent_leads(world, site, people):
    matter = returned_twice(world)
    page = people("zhao", width=1440)
    page.get_by_role("link", name="Returned twice").click()
    expect(page.locator("main")).to_contain_text("sanitation说不归我们")
    accessible(page)
    page.get_by_label("Lead unit").select_option("enforcement")
    page.get_by_label("Reason").fill("属占道垃圾")
    page.get_by_label("Legal basis").fill("城市管理条例第五条")
    page.get_by_role("button", name="Rule").click()
    expect(page.locator("main")).to_contain_text("No matter was returned a second time")
    assert Duty.objects.exclude(precedent_of="").get().precedent_of == matter.number
    returned_twice(world)
    page.get_by_role("link", name="Returned twice").click()
    expect(page.locator("main")).to_contain_text(f"Precedent of {matter.number}")
    expect(page.get_by_label("Lead unit")).to_have_value("enforcement")
    assert page.faults == []
