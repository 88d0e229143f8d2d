"""Every number of a digest is the length of the list behind it, for everyone who may read it."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maplebridge.insight.queries import read_digest, scopes_for, scopes_on
from maplebridge.insight.queries.places import places
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import MatterFilter, matters_visible_to
from tests.insight.conftest import EVENING
from tests.matters.conftest import MONDAY

TODAY = timezone.localdate(MONDAY)
TOWN, VILLAGE, LOWER = "331181101", "331181101201", "331181101202"


def figures_in(node):
    """Every {"n", "query"} anywhere in a digest."""
    if isinstance(node, dict):
        if node.get("query") and node.get("n") is not None:
            yield node
        for value in node.values():
            yield from figures_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from figures_in(value)


def behind(actor, figure, now):
    wanted = MatterFilter.read(dict(parse_qsl(figure["query"])))
    return wanted.apply(matters_visible_to(actor), now).count()


def scope_of(actor, key):
    return next(s for s in scopes_for(actor, TODAY) if s.key.startswith(key))


@pytest.mark.parametrize("who", ["zhao", "li", "chen"])
@pytest.mark.parametrize("key", ["station-", TOWN, VILLAGE, LOWER])
def test_every_number_is_its_list(busy, who, key):
    actor = busy.actor(who)
    digest = read_digest(scope_of(actor, key), TODAY, EVENING)
    figures = list(figures_in(digest))
    assert len(figures) > 20
    wrong = [(f, n) for f in figures if (n := behind(actor, f, EVENING)) != f["n"]]
    assert wrong == []


def test_something_of_every_kind_is_counted(busy):
    digest = read_digest(scope_of(busy.actor("zhao"), "station-"), TODAY, EVENING)
    n = {name: figure["n"] for name, figure in digest["figures"].items()}
    assert all(n.values()), n
    assert (n["closed"], n["closed_weeks"], n["timed"]) == (1, 4, 4)
    assert (n["rated"], n["satisfied"], n["asks"], n["paused"]) == (2, 1, 1, 1)
    assert digest["groups"][0]["code"] == ""
    assert {w["rule"] for w in digest["warnings"]} >= {
        "alarm",
        "undispatched",
        "fire",
        "ruling",
        "unit_late",
    }
    assert digest["units"][0]["unit"] == min(u["unit"] for u in digest["units"])


def test_only_areas_wholly_held_are_offered(busy):
    keys = [s.key for s in scopes_for(busy.actor("zhao"), TODAY)]
    assert keys[0].startswith("station-")
    assert set(keys[1:]) == {TOWN, "331181201", VILLAGE, LOWER, "331181201201"}
    assert scopes_for(busy.actor("lin"), TODAY) == []  # a grid is smaller than a village
    assert scopes_for(busy.actor("wang"), TODAY) == []  # a handler sees his unit's matters only
    assert len(scopes_on(TODAY)) == 6


def test_no_text_of_anybody_is_kept(busy):
    kept = str(read_digest(scope_of(busy.actor("zhao"), "station-"), TODAY, EVENING))
    assert not [word for word in ("围墙", "消防通道", "垃圾", "塌方", "号") if word in kept]


def test_one_address_is_one_place_however_it_is_written(busy):
    zhao = busy.actor("zhao")
    digest = read_digest(scope_of(zhao, "station-"), TODAY, EVENING)
    (place,) = [p for p in digest["places"] if p["group"] == "F"]
    assert (place["n"], place["lately"]) == (3, 2)
    assert behind(zhao, place, EVENING) == 3
    assert Matter.objects.get(pk=place["matter"]).address == "上村１２号"
    lower = {"area": LOWER, "lon": None, "lat": None}
    busy.told("摆摊占道", at=MONDAY, category="F02", address="下村12号", **lower)
    again = read_digest(scope_of(zhao, "station-"), TODAY, EVENING)
    assert [p["n"] for p in again["places"] if p["group"] == "F"] == [3]  # another village


def test_a_cell_that_only_surrounds_an_address_is_left_out(busy):
    at = {"lon": busy.point[0], "lat": busy.point[1]}
    for _n in range(3):
        busy.told("占道摆摊", at=MONDAY, category="F02", address="上村老桥头", **at)

    def found():
        at_all, _n = places(MatterFilter(area=VILLAGE), EVENING)
        return sorted((p["n"], bool(p["matter"])) for p in at_all if p["group"] == "F")

    assert found() == [(3, True), (3, True)]
    for n in range(3):
        busy.told("占道摆摊", at=MONDAY, category="F02", address=f"上村{n}", **at)
    assert found() == [(3, True), (3, True), (6, False)]


def test_confidential_matters_are_counted_and_not_named(busy):
    digest = read_digest(scope_of(busy.actor("zhao"), VILLAGE), TODAY, EVENING)
    disputes = next(p for p in digest["groups"] if p["code"] == "A")
    assert disputes["before"] == 3  # the fourth is forty days old
    named = [row["matter"] for rows in digest["named"].values() for row in rows]
    assert named
    assert not Matter.objects.filter(pk__in=named, category__confidential=True).exists()
    assert next(p for p in digest["places"] if p["group"] == "A")["last_closed"] is None


def test_as_many_queries_for_many_as_for_few(busy):
    scope = scope_of(busy.actor("zhao"), "station-")

    def queries():
        read_digest(scope, TODAY, EVENING)  # warms the directory
        with CaptureQueriesContext(connection) as seen:
            read_digest(scope, TODAY, EVENING)
        return len(seen)

    before = queries()
    for n in range(20):
        busy.told(f"路灯不亮{n}", ("web", "phone", "field")[n % 3], category=f"D0{n % 3 + 1}")
    assert queries() == before <= 16


def test_a_new_place_is_compared_with_nothing(world):
    world.report()
    digest = read_digest(scope_of(world.actor("zhao"), TOWN), TODAY, MONDAY + timedelta(hours=1))
    assert (digest["days"], digest["figures"]["came_in"]["n"]) == (0, 1)
