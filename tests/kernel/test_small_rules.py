"""Codes, ids, chains, places, texts and masks."""

import hashlib
import math
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maplebridge.kernel import chain, codes, geography, ids, masks, text
from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.kernel.flow import Flow, Step


def test_codes_carry_the_tree():
    grid = "331181101201001"
    assert codes.ancestors(grid) == [grid, "331181101201", "331181101", "331181"]
    assert codes.parent_code("331181") is None
    assert codes.covers("331181101", grid)
    assert not codes.covers("3311811", grid)
    assert [codes.town_kind("331181" + s) for s in ("001", "101", "201", "401")] == [
        "street", "town", "township", "enterprise",
    ]  # fmt: skip
    assert [codes.village_kind("331181101" + s) for s in ("001", "201")] == [
        "residents",
        "villagers",
    ]


@pytest.mark.parametrize(
    "code", ["", "33118", "3311811", "33118a", "３３１１８１", "3311811012010011"]
)
def test_other_lengths_are_no_codes(code):
    with pytest.raises(InvalidInput):
        codes.level_of(code)


def test_uuid7_rises_and_carries_its_time():
    made = [ids.uuid7() for _ in range(2000)]
    assert made == sorted(made)
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    assert ids.uuid7(moment).int >> 80 == int(moment.timestamp() * 1000)
    assert {u.version for u in made} == {7}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_query_codes_survive_typing_and_catch_slips(data):
    code = ids.new_query_code()
    typed = ids.format_query_code(code).lower().replace("0", "o").replace("1", "l")
    assert ids.normalise_query_code(typed) == code
    place = data.draw(st.integers(0, 7))
    wrong = data.draw(st.sampled_from([c for c in ids.ALPHABET if c != code[place]]))
    assert ids.normalise_query_code(code[:place] + wrong + code[place + 1 :]) is None
    if place < 7 and code[place] != code[place + 1]:
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert ids.normalise_query_code(swapped) is None


def _tree(leaves):
    """RFC 6962 section 2.1, written as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _tree(leaves[:k]) + _tree(leaves[k:])).digest()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=70))
def test_merkle_root_is_the_rfcs(leaves):
    assert chain.merkle_root(leaves) == _tree(leaves)


def test_chain_digests_are_canonical_and_refuse_floats():
    moment, some = datetime(2026, 1, 1, tzinfo=UTC), uuid4()
    one = chain.digest({"a": 1, "b": {"at": moment, "id": some}}, chain.GENESIS)
    assert one == chain.digest({"b": {"id": some, "at": moment}, "a": 1}, chain.GENESIS)
    assert one != chain.digest({"a": 1}, chain.GENESIS)
    for bad in ({"a": 1.5}, {"a": [0.1]}, {"at": datetime(2026, 1, 1)}, {"a": {1: 2}}):
        with pytest.raises(TypeError):
            chain.digest(bad, chain.GENESIS)


@settings(max_examples=100, deadline=None)
@given(st.floats(73.5, 135), st.floats(18.2, 53.5), st.sampled_from(["gcj02", "bd09"]))
def test_places_come_back_within_half_a_metre(lon, lat, crs):
    there = geography.from_wgs84(lon, lat, crs)
    assert geography.distance_m(lon, lat, *geography.to_wgs84(*there, crs)) < 0.5


def test_known_offsets_and_none_abroad():
    assert geography.from_wgs84(116.404, 39.915, "gcj02") == pytest.approx(
        (116.410245, 39.916404), abs=1e-6
    )
    assert geography.from_wgs84(-0.1, 51.5, "bd09") == (-0.1, 51.5)
    assert geography.distance_m(0, 0, 0, 1) == pytest.approx(111_195, abs=1)
    assert geography.area_km2([(119, 28), (120, 28), (120, 29), (119, 29)]) == pytest.approx(
        10_864, rel=0.003
    )


@pytest.mark.parametrize(
    "point", [(181, 0), (0, 91), (math.nan, 1), (1, math.inf), (0, 0), ("x", 1)]
)
def test_impossible_points_are_refused(point):
    with pytest.raises(InvalidInput):
        geography.check_point(*point)


def test_texts_are_cleaned_cut_and_compared():
    assert text.clean_text("a\x00\x07b\ud800\r\n\n\n\nc ", field="t", limit=9) == "ab\n\nc"
    assert text.clean_text("<b>👍</b>", field="t", limit=20) == "<b>👍</b>"
    with pytest.raises(InvalidInput):
        text.clean_text("字" * 10, field="t", limit=9)
    assert text.pairs("八都镇Ａ1 灯，AB") == [
        ("八都", 1), ("都镇", 2), ("镇a", 3), ("a1", 4), ("ab", 9),
    ]  # fmt: skip
    assert text.pairs("灯") == []
    assert text.words("Ａ1－2，「路灯」 x_y") == ["a1-2", "路灯", "x", "y"]
    assert text.signature("村口，路灯 不亮！") == text.signature("村口路灯不亮")
    assert text.similarity("路灯不亮", "路灯坏了不亮") > text.similarity("路灯不亮", "邻居吵架")


def test_masks_hide_and_redact():
    assert masks.mask_phone("13812345678") == "138****5678"
    assert (masks.mask_name("欧阳明"), masks.mask_name("张三")) == ("欧阳*", "张*")
    assert masks.is_id_number("11010519491231002X")
    assert not masks.is_id_number("110105194912310021")
    shown = masks.redact("找王工13812345678或0578-7211234，证11010519491231002X，a.b@c.cn")
    for hidden in ("1381234", "7211234", "1949", "a.b"):
        assert hidden not in shown


def _flow(**change):
    table = {
        "steps": [
            Step("go", "Go", frozenset({"a"}), "b", frozenset({"x"})),
            Step("back", "Back", frozenset({"b"}), "a", frozenset({"y"})),
        ],
        "statuses": {"a": "A", "b": "B"},
        "initial": "a",
        "endings": frozenset(),
    }
    return Flow(**{**table, **change})


def test_a_flow_that_contradicts_itself_is_refused():
    flow = _flow()
    assert [s.name for s in flow.available("a", {"x", "y"})] == ["go"]
    assert "a --> b: go" in flow.mermaid()
    with pytest.raises(NotFound):
        flow.step("fly")
    for change in ({"statuses": {"a": "A"}}, {"statuses": {"a": "A", "b": "B", "c": "C"}}, {"steps": [flow.steps[0]]},
                   {"steps": [*flow.steps, flow.steps[0]]}):  # fmt: skip
        with pytest.raises(ValueError, match=r"."):
            _flow(**change)
