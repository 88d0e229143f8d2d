"""An administrator in a real browser: a limit from Monday on, an absence, an account; axe."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maplebridge.org.models import Change, Duty, Post
from tests.journeys.conftest import NO_BROWSER, accessible

pytestmark = [pytest.mark.browser, NO_BROWSER]
PAGES = (
    "", "duties", "categories", "calendar", "replies", "posts", "absences", "roster", "history",
    "accounts", "who-gets?text=垃圾成堆&area=331181101201001", "duty/new", "category/new", "post/new",
    "absence/new", "shift/new", "day/new", "season/new", "reply/new", "unit/new", "year/new",
    "accounts/new", "password",
)  # fmt: skip


@pytest.fixture
def keeper(town, people):
    Post.objects.create(
        person=town.people.wu, kind="administrator", title="系统管理员", unit=town.units.command
    )
    return people


def ask(page, site, day):
    """The dry run's first card for rubbish in a grid on a day."""
    page.goto(f"{site}/desk/setup/who-gets")
    page.get_by_label("What somebody would write").fill("村口垃圾成堆")
    page.get_by_label("Village or grid").select_option("331181101201001")
    page.get_by_label("Day", exact=True).fill(day.isoformat())
    page.get_by_role("button", name="Show who would get it").click()
    expect(page.locator(".answer h2")).to_contain_text("环卫所")
    return page.locator(".answer")


def test_a_limit_from_monday_on_is_seen_by_the_dry_run(keeper, site):
    page = keeper("wu", width=1440)
    page.wait_for_url("**/desk/setup/")
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    expect(ask(page, site, monday)).to_contain_text("1 working day ·")
    page.get_by_role("link", name="Duty list").click()
    page.locator(".filter-bar").get_by_label("Category").select_option("E01")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="E01").click()
    page.get_by_role("link", name="Change", exact=True).click()
    limit = page.get_by_role("group", name=re.compile("Limit to handle"))
    limit.get_by_label("How many").fill("3")
    page.get_by_label("From which day on").fill(monday.isoformat())
    page.get_by_label("Reason").fill("区里第 12 号文")
    accessible(page)
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("main")).to_contain_text("区里第 12 号文")
    expect(page.locator(".line li")).to_have_count(2)
    accessible(page)
    expect(ask(page, site, monday - timedelta(days=1))).to_contain_text("1 working day ·")
    expect(page.locator(".weighed")).to_contain_text(f"Not yet: it holds from {monday}")
    expect(ask(page, site, monday)).to_contain_text("3 working days ·")
    expect(page.locator(".weighed")).to_contain_text("No more: it held until")
    assert Duty.objects.filter(category__code="E01").count() == 2
    assert Change.objects.get().reason == "区里第 12 号文"
    assert page.faults == []


def test_a_new_colleague_signs_in_and_chooses_a_password(keeper, site):
    page = keeper("wu")
    page.goto(f"{site}/desk/setup/accounts/new")
    page.get_by_label("Username").fill("hu")
    page.get_by_label("Name", exact=False).last.fill("胡明")
    page.get_by_label("Reason").fill("新来")
    page.get_by_role("button", name="Open the account").click()
    password = page.locator(".first-password").inner_text()
    accessible(page)
    page.get_by_role("link", name="Add a post").click()
    page.get_by_label("Kind").select_option("handler")
    page.get_by_label("Title").fill("承办人")
    page.get_by_label("Unit").select_option(label="环卫所")
    page.get_by_label("Reason").fill("新来")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("h1")).to_contain_text("承办人 胡明")
    other = keeper()
    other.goto(f"{site}/desk/sign-in")
    other.get_by_label("Username").fill("hu")
    other.get_by_label("Password").fill(password)
    other.locator("main button[type=submit]").click()
    other.wait_for_url("**/desk/setup/password")
    accessible(other)
    other.get_by_label("Present password").fill(password)
    other.get_by_label("New password", exact=False).first.fill("maple-bridge-11")
    other.get_by_label("New password once more").fill("maple-bridge-11")
    other.get_by_role("button", name="Keep the new password").click()
    other.wait_for_url(lambda url: "/setup/" not in url)


@pytest.mark.parametrize(("width", "locale"), [(1440, "zh-CN"), (390, "en-GB")])
def test_every_page_is_accessible_and_fits(keeper, site, width, locale):
    page = keeper("wu", width=width, locale=locale)
    for name in PAGES:
        page.goto(f"{site}/desk/setup/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if width == 1440:  # the narrow page has the same parts in the same order
            accessible(page)
    assert page.faults == []


def test_a_reply_is_previewed_while_it_is_typed(keeper, site):
    page = keeper("wu")
    page.goto(f"{site}/desk/setup/reply/new")
    page.get_by_role("textbox", name="Text").fill("编号 ")
    page.get_by_role("button", name="Put in number of the matter").click()
    expect(page.locator("[data-preview-text]")).to_contain_text(re.compile(r"编号 331181\d+"))
