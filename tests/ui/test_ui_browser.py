"""The parts in a real Chromium: sizes, keys, times, no CSP breach, no sideways scrolling."""

import hashlib
import io
import re

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import expect

from maplebridge.ui import importmap
from tests.browser import NO_BROWSER, pages_served

pytestmark = [pytest.mark.browser, pytest.mark.urls("ui_pages"), NO_BROWSER]
SMALL = """(least) => [...document.querySelectorAll('.btn, .site-nav a, .desk-nav a, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), .choices label')]
  .map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width && (r.height < least - .5 || r.width < least - .5))
  .map(([e, r]) => `${e.outerHTML.slice(0, 80)} ${r.width}x${r.height}`)"""


@pytest.fixture
def site():
    with pages_served() as address:
        yield address


def open_page(chromium, *, width=1024, **options):
    """An empty page; its errors and warnings of the content policy collect in `page.faults`."""
    page = chromium.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    return page


def go(page, address, *, language="en", view="normal"):
    """Visit an address as somebody who has chosen a language and a view."""
    chosen = {settings.LANGUAGE_COOKIE_NAME: language, "mb_view": view}
    page.context.add_cookies([{"name": n, "value": v, "url": address} for n, v in chosen.items()])
    page.goto(address, wait_until="networkidle" if "public" in address else "load")


def visit(chromium, site, path, *, language="en", **options):
    """Open a page at a path of the site."""
    page = open_page(chromium, **options)
    go(page, site + path, language=language)
    return page


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("view", ["normal", "elder"])
def test_pages_fit_and_can_be_pressed(chromium, site, width, view):
    page = open_page(chromium, width=width)
    for path in ("/public?bad", "/desk", "/login"):
        for language in ("zh-hans", "en") if width == 390 else ("en",):  # English is longer
            go(page, site + path, language=language, view=view)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(SMALL, 60 if view == "elder" else 44) == [], path
            if view == "elder":
                size = "parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"
                assert page.evaluate(size) >= 18
            if importmap.npm_url("maplibre-gl", "dist/maplibre-gl.mjs"):
                assert page.faults == [], path
    page.context.close()


def test_keys_walk_the_list(chromium, site):
    page = visit(chromium, site, "/desk")
    expect(page.locator("time").first).to_have_text("5 hours ago")  # the modules are awake
    seen = []
    for key in "jjkjjj":
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.textContent"))
    assert seen == [f"Matter {n}" for n in (1, 2, 1, 2, 3, 3)]
    page.keyboard.press("Enter")
    page.wait_for_url("**#3")  # the address follows the press a moment later
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "desk-search"
    page.keyboard.type("j/?")  # in a field, keys are letters
    assert page.input_value("#desk-search") == "j/?"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert "Dispatch" in page.inner_text("#keys-help")
    page.check("[data-keys-off]")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.context.close()


def test_times_are_relative_with_the_exact_one_in_the_title(chromium, site):
    for language, words in (("en", "5 hours ago"), ("zh-hans", "5小时前")):
        page = visit(chromium, site, "/desk", language=language)
        time = page.locator(".row-facts time").first
        expect(time).to_have_text(words)
        assert time.get_attribute("title")
        page.context.close()


def test_photo_is_shrunk_hashed_and_kept_in_the_form(chromium, site, tmp_path):
    Image.new("RGB", (2400, 1200), "#775522").save(tmp_path / "wall.png")
    (tmp_path / "not.jpg").write_text("no picture")
    page = visit(chromium, site, "/public")
    sent = []

    def store(route):
        body = route.request.post_data_buffer
        sent.append((route.request.method, route.request.url.rsplit("/", 1)[1], body))
        route.fulfill(status=201, body="{}")

    page.route("**/api/v1/files/*", store)
    page.set_input_files("#id_photos", [tmp_path / "wall.png", tmp_path / "not.jpg"])
    page.wait_for_selector("input[name=photo]", state="attached")

    ((method, name, body),) = sent
    assert method == "PUT"
    assert name == hashlib.sha256(body).hexdigest() == page.input_value("input[name=photo]")
    assert Image.open(io.BytesIO(body)).size == (1600, 800)
    assert "not.jpg" in page.inner_text("[data-photo-error]")
    count = "document.querySelector('#id_photos').files.length"
    assert page.evaluate(count) == 0
    page.unroute("**/api/v1/files/*")
    page.route("**/api/v1/files/*", lambda route: route.abort())
    page.set_input_files("#id_photos", [tmp_path / "wall.png"])
    page.wait_for_selector("li[data-state='goes with the form']")
    assert page.evaluate(count) == 1  # what can't be sent travels with the form
    page.context.close()


def test_map_pin_fills_the_form(chromium, site):
    if not importmap.npm_url("maplibre-gl", "dist/maplibre-gl.mjs"):
        pytest.skip("npm packages are not built")
    page = visit(
        chromium, site, "/public", permissions=["geolocation"],
        geolocation={"longitude": 119.0612345, "latitude": 28.0412345},
    )  # fmt: skip
    page.click("[data-map-centre]")
    assert float(page.input_value("[name=lon]")) == pytest.approx(119.05, abs=0.001)
    page.click("[data-map-here]")
    expect(page.locator("[name=lon]")).to_have_value(re.compile("^119.06123"))
    assert float(page.input_value("[name=lat]")) == pytest.approx(28.041234, abs=0.000002)
    page.context.close()


def test_htmx_swaps_ours_and_ignores_typed_text(chromium, site):
    if not importmap.npm_url("htmx.org", "dist/htmx.esm.min.js"):
        pytest.skip("npm packages are not built")
    page = visit(chromium, site, "/live")
    page.wait_for_selector("#ours[data-htmx-powered]")
    page.click("#typed")
    page.click("#ours")
    expect(page.locator("#out time")).to_have_text(re.compile("years ago"))  # modules woke again
    assert page.url.endswith("/live")
    assert page.faults == []
    assert page.locator("#typed[data-htmx-powered]").count() == 0
    page.context.close()


def test_without_javascript(chromium, site):
    page = visit(chromium, site, "/public", width=390, java_script_enabled=False)
    page.click("button[name=view]")
    assert page.locator("html.elder").count() == 1
    page.click("button[name=language]")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("input[type=file]").is_visible()
    assert page.locator("[data-map-tools]").first.is_hidden()
    page.context.close()
