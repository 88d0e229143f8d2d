"""The daily digest in a real Chromium: from a number to its list, on one sheet, without scripts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maplebridge.insight.actions import make_digests
from tests.insight.conftest import EVENING, Busy
from tests.journeys.conftest import NO_BROWSER, accessible
from tests.kept import kept
from tests.org.builders import build_town

pytestmark = [pytest.mark.browser, NO_BROWSER]
DAY = timezone.localdate(EVENING)


@pytest.fixture
def town(transactional_db):
    """A town that has lived, and the digests of its last day."""
    return kept("town with digests", lived)


def lived():
    busy = Busy(**vars(build_town())).live()
    make_digests(DAY, EVENING)
    return busy


@pytest.mark.parametrize(
    ("width", "locale", "title"),
    [(390, "zh-CN", "每日汇总"), (1024, "en-GB", "Daily digest"), (1440, "zh-CN", "每日汇总")],
)
def test_it_fits_every_screen_and_is_accessible(site, people, width, locale, title):
    page = people("zhao", width=width, locale=locale)
    for day in (f"?day={DAY}", ""):
        page.goto(f"{site}/desk/digest{day}")
        expect(page.locator("h1")).to_contain_text(title)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        accessible(page)
    assert page.faults == []


def test_from_a_number_to_its_list_and_by_key_to_the_day_before(site, people):
    page = people("zhao", width=1440)
    page.goto(f"{site}/desk/digest?day={DAY}")
    expect(page.get_by_text("Rule who leads")).to_be_visible()
    page.get_by_role("link", name="1 Suspended").click()
    expect(page.locator("#found")).to_contain_text("1 matter")
    page.go_back()
    page.get_by_role("link", name="3 matters in 90 days").first.click()
    expect(page.locator("#found [role=status]")).to_contain_text("3 matters")
    page.go_back()
    page.keyboard.press("[")
    page.wait_for_url("**day=*-22*")
    expect(page.get_by_text("No digest was kept of this day")).to_be_visible()
    page.keyboard.press("]")
    page.wait_for_url(f"**day={DAY}*")
    page.get_by_role("button", name="Send me the numbers every morning").click()
    expect(page.get_by_text("Its numbers are sent to you every morning.")).to_be_visible()
    assert page.faults == []


def test_it_prints_on_one_sheet_and_reads_without_scripts(site, people):
    signed_in = people("zhao")
    page = signed_in.context.browser.new_context(
        java_script_enabled=False, locale="en-GB", storage_state=signed_in.context.storage_state()
    ).new_page()
    page.goto(f"{site}/desk/digest?day={DAY}")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.get_by_label("Area").select_option(index=1)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("h1")).not_to_contain_text("派出所")
    page.emulate_media(media="print")
    expect(page.locator(".digest-choose")).to_be_hidden()
    expect(page.locator(".digest-figures")).to_be_visible()
