"""What a query finds: a table of invented tellings and of what people type for them."""

from datetime import timedelta

import pytest

from maplebridge.matters.queries import MatterFilter, matching_ids, page_of, searching, words
from maplebridge.matters.queries.words import understood
from tests.matters.conftest import MONDAY

LOWER = (119.055, 27.965)  # 下村
RIDGE = (119.055, 27.975)  # 岭根村
TELLINGS = {
    "rubbish": ("村口垃圾成堆，味道很大，希望尽快清运！", None, "老樟树对面38号"),
    "lamp": ("路灯不亮，从小学到桥头一共５盏，晚上走路害怕。", LOWER, "小学路"),
    "mast": ("楼顶装了5G基站，WiFi也变慢了；邻居说有辐射。", None, "A栋3单元"),
    "wage": ("工地拖欠工资「三个月」，老板电话０５７８-７２１１２３４ 没人接", RIDGE, ""),
    "wall": ("与邻居因围墙占地20厘米吵架\n\n村干部来过两次", LOWER, "12-3号"),
    "water": ("自来水发黄。\t已经一周，老人孩子喝了拉肚子", RIDGE, "岭根水站旁"),
    "lift": ("幸福苑二期电梯坏了三天，八楼的老人下不来", None, "幸福苑２期"),
    "river": ("溪边倾倒建筑垃圾，鱼都死了 please come", RIDGE, "石板桥下"),
}
ALL = set(TELLINGS)
FINDS = [
    ("垃圾", {"rubbish", "river"}),
    ("垃圾成堆", {"rubbish"}),
    ("建筑垃圾", {"river"}),
    ("垃圾建筑", set()),
    ("圾成", {"rubbish"}),
    ("垃圾 清运", {"rubbish"}),
    ("垃圾，清运", {"rubbish"}),
    ("清运　垃圾", {"rubbish"}),
    ("垃 圾", {"rubbish", "river"}),
    ("垃圾 路灯", set()),
    ("老人", {"water", "lift"}),
    ("路灯不亮", {"lamp"}),
    ("路灯。不亮", {"lamp"}),
    ("5盏", {"lamp"}),
    ("５盏", {"lamp"}),
    ("共5", {"lamp"}),
    ("5G", {"mast"}),
    ("5g基站", {"mast"}),
    ("５Ｇ", {"mast"}),
    ("G基", {"mast"}),
    ("wifi", {"mast"}),
    ("WIFI", {"mast"}),
    ("ｗｉｆｉ也", {"mast"}),
    ("wif", {"mast"}),
    ("A栋", {"mast"}),
    ("a栋3单元", {"mast"}),
    ("38号", {"rubbish"}),
    ("8号", {"rubbish"}),
    ("「三个月」", {"wage"}),
    ("“三个月”", {"wage"}),
    ("『拖欠』工资", {"wage"}),
    ("0578-7211234", {"wage"}),
    ("０５７８－７２１１２３４", {"wage"}),
    ("7211", {"wage"}),
    ("围墙占地20厘米", {"wall"}),
    ("吵架 村干部", {"wall"}),
    ("吵架村干部", set()),
    ("12-3号", {"wall"}),
    ("12－3", {"wall"}),
    ("12—3", {"wall"}),
    ("发黄 一周", {"water"}),
    ("黄已", set()),
    ("幸福苑2期", {"lift"}),
    ("幸福苑二期", {"lift"}),
    ("please come", {"river"}),
    ("PLEASE", {"river"}),
    ("石板桥", {"river"}),
    ("鱼都死了!?", {"river"}),
    # where it happened, though nobody wrote it
    ("下村", {"lamp", "wall"}),
    ("岭根", {"wage", "water", "river"}),
    ("岭根村", {"wage", "water", "river"}),
    ("岭根村垃圾", {"river"}),
    ("岭根 垃圾", {"river"}),
    ("岭上乡岭根村的垃圾", {"river"}),
    ("下村吵架", {"wall"}),
    ("下村第1网格", {"lamp", "wall"}),
    ("八都镇", ALL - {"wage", "water", "river"}),
    ("八都 垃圾", {"rubbish"}),
    ("龙泉市", ALL),
    # part of a number
    ("20261123", ALL),
    ("1123", ALL),
    ("0003", {"river", "lift"}),
    ("1123-0003", {"river", "lift"}),
    ("23-0003", {"river", "lift"}),
    ("331181101202-20261123-0001", {"lamp"}),
    ("331181101202-20261123", {"lamp", "wall"}),
    ("331181201201－20261123－0002", {"water"}),
    ("1202", {"lamp", "wall"}),
    ("9999", set()),
    # not enough to ask
    ("灯", set()),
    ("？！", set()),
    ("a", set()),
    ("' & | ! :* \\ <->", set()),
    ("垃圾' | '路灯", set()),
    ("%_%", set()),
]


@pytest.fixture
def told(world):
    """The tellings as matters, all of one Monday, by name."""
    made = {}
    for n, (name, (text, point, address)) in enumerate(TELLINGS.items()):
        lon, lat = point or world.point
        at = MONDAY + timedelta(minutes=n)
        made[name] = world.report(text=text, lon=lon, lat=lat, address=address, at=at)
    return made


def found(world, query, who="li", **more):
    return matching_ids(world.actor(who), MatterFilter(q=query, **more), MONDAY, 100)


def names(world, told, query, **more):
    by_matter = {r.matter_id: name for name, r in told.items()}
    return {by_matter[i] for i in found(world, query, **more)}


def test_each_query_finds_what_it_should(world, told):
    wrong = {query: got for query, wanted in FINDS if (got := names(world, told, query)) != wanted}
    assert wrong == {}


def test_a_query_code_finds_its_matter_however_it_is_typed(world, told):
    code = told["lift"].code
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]}"):
        assert names(world, told, typed) == {"lift"}


@pytest.mark.parametrize("typed", ["灯", "a", "垃 ", "？！", "\\"])
def test_too_little_says_why(world, typed):
    asked = understood(typed)
    assert asked.why
    assert not asked.tsquery


def test_only_what_is_yours_to_see_is_found(world, told):
    lin = world.actor("lin")  # 上村第1网格
    wanted = MatterFilter(q="老人")
    assert len(matching_ids(world.actor("li"), wanted, MONDAY, 9)) == 2
    assert matching_ids(lin, wanted, MONDAY, 9) == [told["lift"].matter_id]
    assert matching_ids(lin, MatterFilter(q="岭根村"), MONDAY, 9) == []
    assert matching_ids(world.actor("wang"), wanted, MONDAY, 9) == []
    assert matching_ids(world.actor("wu"), wanted, MONDAY, 9) == []


def test_a_matter_that_moved_is_found_where_it_is(world, told):
    matter = told["lamp"].matter
    world.step(matter, "classify", "li", area="331181201201", address="水口庙")
    assert "lamp" in names(world, told, "岭根村 路灯")
    assert names(world, told, "下村路灯") == set()
    assert names(world, told, "水口庙") == {"lamp"}
    assert names(world, told, "1202-20261123-0001") == {"lamp"}


def test_a_merged_report_is_found_by_both_numbers(world, told):
    kept, gone = told["rubbish"].matter, told["river"].matter
    world.step(gone, "merge", "li", target_matter=kept.number)
    assert found(world, "建筑垃圾") == [kept.id]
    assert found(world, "201201-20261123-0003") == [kept.id]
    assert found(world, gone.number) == [gone.id]
    assert found(world, "建筑垃圾 岭根") == []


def test_pages_go_back_through_all_ranges(world, monkeypatch):
    """With ranges of a few ids every look and every page edge is met."""
    for module in (words, searching):
        monkeypatch.setattr(module, "RANGES", (4, 8, 16))
    made = [
        world.report(text="老屋漏水" if n % 3 else "河道淤塞", at=MONDAY).matter_id
        for n in range(70)
    ]
    wanted = {q: [] for q in ("漏水", "淤塞")}
    for n, pk in enumerate(made):
        wanted["漏水" if n % 3 else "淤塞"].insert(0, pk)
    for query, ids in wanted.items():
        seen, after = [], ""
        while True:
            page = page_of(world.actor("li"), MatterFilter(q=query), MONDAY, after, size=5)
            seen += [m.id for m in page.rows]
            if not (after := page.older):
                break
        assert seen == ids
