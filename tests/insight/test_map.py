"""The map's answers: who sees what, counted rightly at every zoom, each where it should stand."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from maplebridge.config.basemap import OWN_FILE, read_base_map
from maplebridge.insight.map_page import asked
from maplebridge.insight.queries import map as drawn
from maplebridge.insight.queries.layers import layers_json
from maplebridge.kernel import geography
from maplebridge.kernel.errors import InvalidInput
from maplebridge.matters.flow import OPEN
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import MatterFilter, matters_visible_to
from tests.kept import kept
from tests.matters.conftest import MONDAY, World
from tests.org.builders import build_town

EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)
ALL = MatterFilter(state="open")
LATER = MONDAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def town(db):
    """Twelve matters in 上村 and 岭根村, two of them suspended or closed, one without a place."""
    return kept("places", _told)


def _told():
    world = World(**vars(build_town()))
    for n in range(12):
        lon, lat = world.point[0] + n * 0.0011, world.point[1] + (n % 3) * 0.009
        world.report(text=f"第{n}处路面坑洼", lon=lon, lat=lat)
    world.in_status("closed", text="垃圾已经清走")
    world.report(text="没有地点的事", lon=None, lat=None)
    return world


def points(world, who="li", wanted=ALL, box=EVERYWHERE, zoom=10, now=LATER):
    return drawn.map_points(world.actor(who), wanted, drawn.View(box, zoom), now)


def total(answer):
    return sum(square[2] for square in answer["squares"]) + len(answer["matters"])


def late(answer):
    return sum(s[3] for s in answer["squares"]) + sum(m["late"] for m in answer["matters"])


@pytest.mark.parametrize("zoom", range(19))
def test_every_zoom_counts_what_the_list_holds(town, zoom):
    listed = ALL.apply(matters_visible_to(town.actor("li")), LATER).filter(lon__isnull=False)
    late_ones = replace(ALL, state="late").apply(listed, LATER)
    answer = points(town, zoom=zoom)
    assert total(answer) == listed.count() == 12
    assert late(answer) == late_ones.count() > 0


def test_a_square_holds_squares_of_the_next_zoom(town):
    for zoom in range(drawn.KEPT_ZOOM):
        wide, near = points(town, zoom=zoom)["squares"], points(town, zoom=zoom + 1)["squares"]
        for _lon, _lat, n, _late, west, south, east, north, _name in near:
            around = [
                s for s in wide if s[4] <= west and s[5] <= south and s[6] >= east and s[7] >= north
            ]
            assert any(s[2] >= n for s in around)


def test_the_middle_of_a_square_is_the_mean_of_its_matters(town):
    (square,) = points(town, zoom=3)["squares"]
    matters = Matter.objects.filter(status__in=OPEN, lon__isnull=False)
    assert square[0] == pytest.approx(sum(m.lon for m in matters) / 12, abs=1e-6)
    assert square[8] in {"上村", "下村", "岭根村"}


@pytest.mark.parametrize("who", ["li", "wang", "lin", "zhao", "wu"])
@pytest.mark.parametrize("zoom", [5, 12, 16, 18])
def test_nobody_sees_more_than_the_doorway_lets_through(town, who, zoom):
    town.in_status("in_progress", text="渣土堆在路边")
    actor = town.actor(who)
    allowed = set(matters_visible_to(actor).values_list("number", flat=True))
    answer = points(town, who, MatterFilter(), zoom=zoom)
    assert {m["number"] for m in answer["matters"]} <= allowed
    seen = matters_visible_to(actor).filter(lon__isnull=False)
    assert total(answer) == seen.count()
    assert sum(n for n, _l in drawn.counts_by_area(actor, MatterFilter(), LATER).values()) == len(
        allowed
    )


def test_what_is_kept_is_forgotten_with_the_next_event(town):
    assert total(points(town)) == 12
    with connection.execute_wrapper(_no_counting):
        assert total(points(town)) == 12
    town.report(text="又一处路面塌陷")
    assert total(points(town)) == 13


def _no_counting(execute, sql, params, many, context):
    assert "GROUP BY" not in sql
    return execute(sql, params, many, context)


def test_only_what_is_in_the_box_is_drawn(town):
    west, south, east, north = town.point[0] - 0.0005, 27.9, town.point[0] + 0.0016, 28.2
    answer = points(town, box=(west, south, east, north), zoom=17)
    assert answer["squares"] == []
    assert {m["lon"] <= east and m["lon"] >= west for m in answer["matters"]} == {True}
    assert len(answer["matters"]) == 2


def test_too_many_near_stay_squares_and_at_last_the_newest(town, monkeypatch):
    monkeypatch.setattr(drawn, "SINGLES", 5)
    assert points(town, zoom=15)["matters"] == []
    answer = points(town, zoom=drawn.LAST_ZOOM)
    assert answer["more"]
    newest = Matter.objects.filter(status__in=OPEN, lon__isnull=False).order_by("-id")[:5]
    assert [m["number"] for m in answer["matters"]] == [m.number for m in newest]


@pytest.mark.parametrize(
    ("given_", "state", "status"),
    [
        ({}, "open", ""),
        ({"state": ""}, "", ""),
        ({"state": "late"}, "late", ""),
        ({"state": "open", "status": "closed"}, "", "closed"),
        ({"status": "closed"}, "", "closed"),
    ],
)
def test_open_matters_unless_asked_otherwise(db, given_, state, status):
    wanted = asked(given_)
    assert (wanted.state, wanted.status) == (state, status)


@pytest.mark.parametrize(
    ("bbox", "zoom"),
    [("", "3"), ("1,2,3", "3"), ("3,1,2,2", "3"), ("nan,1,2,3", "3"), ("1,1,2,2", "x"),
     ("1,1,2,2", "99"), ("-181,1,2,2", "3"), ("inf,1,2,2", "3"), ("1,1,2,2", "-1")],
)  # fmt: skip
def test_an_impossible_view_is_refused(bbox, zoom):
    with pytest.raises(InvalidInput):
        drawn.View.read(bbox, zoom)


# ---- places: given in the systems of the maps used here, drawn where they are ----

# WGS-84 and GCJ-02 of the same places, as published with eviltransform (Shanghai, Shenzhen,
# Beijing); the BD-09 of the last two steps on with the published formula of that system.
KNOWN = [
    ((121.5272106, 31.1774276), "gcj02", (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), "gcj02", (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), "gcj02", (116.38404722455657, 39.91334545536069)),
    ((116.404, 39.915), "bd09", (116.41662724378733, 39.922699552216216)),
    ((116.404, 39.915), "wgs84", (116.404, 39.915)),
    ((-0.1276, 51.5072), "gcj02", (-0.1276, 51.5072)),
    ((-0.1276, 51.5072), "bd09", (-0.1276, 51.5072)),
]


@pytest.mark.parametrize(("true", "crs", "told"), KNOWN)
def test_a_report_stands_on_the_map_where_it_is(world, true, crs, told):
    body = {"id": str(uuid4()), "text": "路灯不亮", "lon": told[0], "lat": told[1], "crs": crs}
    made = Client().post("/api/v1/reports", json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content
    matter = Matter.objects.get()
    assert matter.reports.get().source_crs == crs
    box = (true[0] - 0.001, true[1] - 0.001, true[0] + 0.001, true[1] + 0.001)
    (shown,) = points(world, box=box, zoom=18)["matters"]
    assert shown["number"] == matter.number
    assert geography.distance_m(*true, shown["lon"], shown["lat"]) < 1


@settings(max_examples=200, deadline=None)
@given(st.floats(73.5, 135.1), st.floats(3.9, 53.6), st.sampled_from(["gcj02", "bd09"]))
def test_there_and_back_within_china(lon, lat, crs):
    there = geography.from_wgs84(lon, lat, crs)
    assert 30 < geography.distance_m(lon, lat, *there) < 3000
    assert geography.distance_m(lon, lat, *geography.to_wgs84(*there, crs)) < 0.5


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(st.floats(-180, 72), st.floats(137.84, 180)), st.floats(-90, 90),
    st.sampled_from(["gcj02", "bd09"]),
)  # fmt: skip
def test_abroad_nothing_is_moved(lon, lat, crs):
    assert geography.to_wgs84(lon, lat, crs) == geography.from_wgs84(lon, lat, crs) == (lon, lat)


# ---- what lies under them ----


def test_layers_hold_villages_made_of_grids_jurisdictions_and_units(world):
    features = json.loads(layers_json())["features"]
    layers = [f["properties"]["layer"] for f in features]
    assert {layer: layers.count(layer) for layer in layers} == {
        "village": 3, "grid": 6, "jurisdiction": 1, "unit": 5,
    }  # fmt: skip
    village = next(f for f in features if f["properties"]["name"] == "上村")
    west, south, east, north = 119.05, 27.95, 119.07, 27.96
    ring = village["geometry"]["coordinates"][0]
    assert {min(p[0] for p in ring), max(p[0] for p in ring)} == {west, east}
    assert {min(p[1] for p in ring), max(p[1] for p in ring)} == {south, north}
    roof = next(f["properties"] for f in features if len(f["properties"].get("names", [])) > 1)
    assert roof["name"].endswith(f"+{len(roof['names']) - 1}")


# ---- pages ----


def open_page(world, who, address):
    client = Client(headers={"accept-language": "en"})
    client.force_login(
        getattr(world.people, who), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client.get(address)


def test_the_page_says_the_same_without_javascript(town):
    page = open_page(town, "li", "/desk/map").content.decode()
    assert "13 matters fit the filter." in page
    assert "1 of them has no point and is not on the map." in page
    assert "路面坑洼" in page
    for address in set(re.findall(r'href="(/desk/matters\?[^"]+)"', page)):
        assert open_page(town, "li", address.replace("&amp;", "&")).status_code == 200
    book = open_page(town, "li", "/desk/map.xlsx?state=open").getvalue()
    rows = list(load_workbook(BytesIO(book)).active.values)[2:]
    assert sum(row[1] for row in rows) == 13


def test_the_filter_of_the_address_stands_in_the_form(town):
    page = open_page(
        town, "li", "/desk/map?status=closed&category=E&unit=sanitation&since=2026-01-01"
    )
    text = page.content.decode()
    assert '<option value="closed" selected>' in text
    assert '<option value="E" selected>' in text
    assert 'name="unit" value="sanitation"' in text
    assert 'value="2026-01-01"' in text


def test_points_are_json_and_strangers_see_none(town):
    address = "/desk/map/points?bbox=119,27,120,29&zoom=17"
    answer = open_page(town, "li", address).json()
    assert {m["status"] for m in answer["matters"]} == {"reported"}
    assert Client().get(address).status_code == 302
    assert open_page(town, "wu", address).status_code == 403
    assert open_page(town, "li", "/desk/map/points?bbox=1&zoom=2").status_code == 400
    assert open_page(town, "li", "/desk/map?since=never").status_code == 400


# ---- the base map ----

TIANDITU = "https://t{0-7}.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY"


def test_a_template_of_several_servers_names_them_all():
    base = read_base_map(f"{TIANDITU} https://tiles.example/{{z}}/{{x}}/{{y}}.png", "天地图", "")
    assert [len(urls) for urls in base.tiles] == [8, 1]
    assert base.origins[0] == "https://t0.tianditu.gov.cn"
    assert base.origins[-1] == "https://tiles.example"
    assert read_base_map("", "", "").origins == []


@pytest.mark.parametrize(
    ("tiles", "pmtiles", "why"),
    [
        ("https://tiles.example/{z}/{x}.png", "", "{z}"),
        ("ftp://tiles.example/{z}/{x}/{y}", "", "{z}"),
        ("https://webrd01.is.autonavi.com/tile?x={x}&y={y}&z={z}", "", "shifted"),
        ("https://maponline1.bdimg.com/tile/?x={x}&y={y}&z={z}", "", "shifted"),
        ("", "/nowhere/at/all.pmtiles", "no file"),
        ("https://tiles.example/{z}/{x}/{y}", "https://a.example/b.pmtiles", "not both"),
    ],
)
def test_a_base_map_that_cannot_be_is_refused(tiles, pmtiles, why):
    with pytest.raises(ImproperlyConfigured, match=re.escape(why)):
        read_base_map(tiles, "", pmtiles)


def test_pmtiles_are_served_in_parts(settings, tmp_path, client):
    file = tmp_path / "small.pmtiles"
    file.write_bytes(bytes(range(200)))
    settings.BASE_MAP = read_base_map("", "", str(file))
    assert settings.BASE_MAP.pmtiles == OWN_FILE
    assert settings.BASE_MAP.origins == []
    part = client.get(OWN_FILE, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part["Content-Range"] == "bytes 10-19/200"
    assert client.get(OWN_FILE, headers={"range": "bytes=190-900"}).content == bytes(
        range(190, 200)
    )
    for bad in ("bytes=200-300", "bytes=9-3", "lines=1-2", ""):
        assert client.get(OWN_FILE, headers={"range": bad}).status_code == 416
    settings.BASE_MAP = read_base_map("", "", "https://maps.example/china.pmtiles")
    assert settings.BASE_MAP.origins == ["https://maps.example"]
    assert client.get(OWN_FILE, headers={"range": "bytes=0-1"}).status_code == 404
