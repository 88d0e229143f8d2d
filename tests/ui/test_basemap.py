"""Base maps in a real Chromium: each kind of the settings is drawn under our own outlines."""

import io
import threading

import pytest
from django.conf import settings as site_settings
from PIL import Image
from playwright.sync_api import expect
from tiles import MVT, PNG, Tianditu, picture, pmtiles, tile_at, water

from maplebridge.config.basemap import read_base_map
from tests.browser import NO_BROWSER, pages_served

pytestmark = [pytest.mark.browser, pytest.mark.urls("ui_pages"), NO_BROWSER]
VIOLET, WATER, NAMES = (176, 96, 208, 255), (207, 224, 234), (20, 90, 20, 255)
HERE = [tile_at(lon, lat) for lon in (118.9, 119.05, 119.2) for lat in (27.9, 28.03, 28.2)]
RESTS = """() => {
  const map = document.querySelector("[data-map]").maplibre;
  return Boolean(map?.loaded() && map.areTilesLoaded());
}"""


@pytest.fixture
def drawn(chromium, settings):
    """drawn(base) opens a page with a map over that base map and returns (page, colour of land)."""

    def draw(base):
        settings.BASE_MAP = base
        policy = site_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        wider = {name: [*policy[name], *base.origins] for name in ("img-src", "connect-src")}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | wider}
        page = chromium.new_context(viewport={"width": 1024, "height": 900}).new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
        page.goto(f"{site}/public")
        page.locator("[data-map]").first.scroll_into_view_if_needed()
        page.wait_for_function(RESTS)
        page.wait_for_timeout(300)  # the last frame
        shot = Image.open(io.BytesIO(page.locator("[data-map]").first.screenshot()))
        assert page.faults == []
        return page, shot.convert("RGB").getpixel((30, 30))

    with pages_served() as site:
        yield draw


def near(colour, wanted):
    return all(abs(a - b) < 8 for a, b in zip(colour, wanted, strict=False))


def test_a_pmtiles_file_of_pictures(drawn, tmp_path):
    file = tmp_path / "land.pmtiles"
    file.write_bytes(pmtiles({place: picture(VIOLET) for place in HERE}, PNG))
    page, land = drawn(read_base_map("", "测绘院 审图号 浙S(2026)1号", str(file)))
    assert near(land, VIOLET)
    expect(page.get_by_text("审图号 浙S(2026)1号").first).to_be_visible()


def test_a_pmtiles_file_of_vectors_in_protomaps_layers(drawn, tmp_path):
    file = tmp_path / "land.pmtiles"
    file.write_bytes(pmtiles({place: water() for place in HERE}, MVT))
    _page, land = drawn(read_base_map("", "Protomaps", str(file)))
    assert near(land, WATER)


def test_tianditus_two_layers(drawn):
    server = Tianditu({"vec": VIOLET, "cva": NAMES})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page, land = drawn(read_base_map(server.template(), "天地图 GS(2024)0650号", ""))
    server.shutdown()
    server.server_close()
    assert near(land, NAMES)  # the names lie over the land
    assert {asked["LAYER"] for asked in server.asked} == {"vec", "cva"}
    column, row = tile_at(119.05, 28.03, int(server.asked[0]["TILEMATRIX"]))
    assert (f"{column}", f"{row}") in {(a["TILECOL"], a["TILEROW"]) for a in server.asked}
    expect(page.get_by_text("天地图 GS(2024)0650号").first).to_be_visible()
