"""The map in a real Chromium: filter, look closer, open a matter, by mouse and by keyboard."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from maplebridge.matters.actions import report
from maplebridge.matters.models import Matter
from tests.journeys.conftest import NO_BROWSER, accessible

pytestmark = [pytest.mark.browser, NO_BROWSER]


@pytest.fixture
def matters(town):
    """Thirty reports over both grids of three villages; the first two at one place."""
    lon, lat = town.point
    for n in range(30):
        at = max(n - 1, 0)
        report(
            text=f"第{n}处垃圾成堆" if n % 2 else f"第{n}处路灯不亮", channel="web", command_id=uuid4(),
            lon=lon + (at % 6) * 0.0019, lat=lat + (at // 6) * 0.0045,
        )  # fmt: skip
    return Matter.objects.order_by("id")


STILL = """() => {
  const desk = document.querySelector("[data-mapdesk]");
  const map = document.querySelector("[data-map-canvas]").maplibre;
  return map && map.loaded() && !map.isMoving() ? desk.dataset.drawn : "";
}"""


def drawn(page):
    """Wait until the map rests and has drawn what it was asked for last."""
    before = None
    while not (now := page.evaluate(STILL)) or now != before:
        before = now
        page.wait_for_timeout(500)


def press_at(page, lon, lat):
    x, y = page.evaluate(
        """([lon, lat]) => {
          const canvas = document.querySelector("[data-map-canvas]");
          const at = canvas.maplibre.project([lon, lat]);
          const box = canvas.getBoundingClientRect();
          return [box.left + at.x, box.top + at.y];
        }""",
        [lon, lat],
    )
    page.mouse.click(x, y)


def test_from_afar_to_one_matter(matters, site, people):
    page = people("li", maps=True)
    page.goto(f"{site}/desk/map")
    drawn(page)
    said = page.locator("[data-view-said]")
    expect(said).to_have_text("30 matters in view, 0 late")
    accessible(page)

    page.get_by_label("Category", exact=True).select_option("D")
    expect(said).to_have_text("15 matters in view, 0 late")
    expect(page.locator("#map-areas")).to_contain_text("15 matters fit the filter.")
    assert "category=D" in page.url
    page.reload()
    drawn(page)
    expect(said).to_have_text("15 matters in view, 0 late")
    page.get_by_label("Category", exact=True).select_option("")
    expect(said).to_have_text("30 matters in view, 0 late")

    first, second = matters[:2]
    page.goto(f"{site}/desk/map#map=17/{first.lat}/{first.lon}")
    page.reload()
    drawn(page)
    press_at(page, first.lon, first.lat)
    panel = page.locator("[data-map-panel]")
    expect(panel.get_by_role("heading")).to_have_text("2 matters at this place")
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(panel).to_contain_text(second.title)
    accessible(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    press_at(page, first.lon, first.lat)
    panel.get_by_role("link", name=first.title, exact=True).click()
    page.wait_for_url(f"**/desk/matters/{first.number}")
    assert page.faults == []


def test_by_keyboard_alone(matters, site, people):
    page = people("li", width=1024, maps=True)
    page.goto(f"{site}/desk/lists/open")
    page.keyboard.press("6")
    page.wait_for_url("**/desk/map*")
    drawn(page)
    rows = page.locator("[data-view-rows] [data-row-link]")
    for _ in range(8):  # every square opens until single matters stand there
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.tagName") == "A":
            break
        page.keyboard.press("Enter")
        drawn(page)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    number = page.locator("[data-view-rows] [data-part=number]").nth(1).text_content()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/matters/{number}")
    assert page.faults == []


def test_moving_within_what_is_held_asks_nothing(matters, site, people):
    page = people("li", maps=True)
    page.goto(f"{site}/desk/map#map=16/{matters[0].lat}/{matters[0].lon}")
    page.reload()
    drawn(page)
    asked = []
    page.on("request", lambda r: asked.append(r.url) if "/map/points" in r.url else None)
    move = "([x, y]) => document.querySelector('[data-map-canvas]').maplibre.panBy([x, y], {animate: false})"
    for step in ([30, 0], [0, 30], [-30, 0], [0, -30]):
        page.evaluate(move, step)
    assert asked == []
    page.evaluate(move, [3000, 0])
    drawn(page)
    assert len(asked) == 1
    expect(page.locator("[data-view-said]")).to_contain_text("Nothing in view")


@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_every_screen_and_works_without_javascript(matters, site, people, width):
    page = people("li", width=width, maps=True)
    page.goto(f"{site}/desk/map")
    drawn(page)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_text("What the signs mean").click()
    page.get_by_label("Grids").check()
    page.get_by_label("Jurisdiction: Police").check()
    page.get_by_label("Offices of units").check()
    drawn(page)
    accessible(page)
    assert page.faults == []
    plain = page.context.browser.new_context(
        java_script_enabled=False, locale="en-GB", viewport={"width": width, "height": 900},
        storage_state=page.context.storage_state(),
    ).new_page()  # fmt: skip
    plain.goto(f"{site}/desk/map")
    plain.get_by_label("Category", exact=True).select_option("E")
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("main")).to_contain_text("15 matters fit the filter.")
    assert plain.locator("[data-view-rows] li").count() == 15
