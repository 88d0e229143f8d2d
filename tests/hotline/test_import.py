"""Workbooks as offices have them, invented here: good rows once, bad ones named, bad files refused."""

from datetime import datetime

import pytest
from openpyxl import Workbook, load_workbook

from maplebridge.hotline.commands import import_hotline
from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import verify_ledger

NAMES = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
ROWS = [
    [1, "U1", "上村垃圾", "2026/3/1 9:05:11", "上村村口垃圾成堆，没人清运"],
    [2, "U1", "路灯", datetime(2026, 3, 2, 20, 0), "路灯不亮已经一周了"],
    [3, "U2", "上村垃圾", "2026/3/3 10:00:00", "上村村口垃圾成堆，没人清运"],
    [4, "U3", "没有时间", "昨天吧", "时间写错的一行"],
    [5, "U3", "公式", "2026/3/4 8:00", "=A1&A2"],
    [6, "U3", "没有内容", "2026/3/4 8:00", None],
    [7, "U3", None, "2026/3/4 8:00", None],
]


def book(path, rows=ROWS, names=NAMES):
    made = Workbook()
    made.active.append(names)
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def test_every_row_becomes_a_report_or_a_line_with_its_reason(town, tmp_path):
    done = import_hotline(book(tmp_path / "a.xlsx"), errors_path=tmp_path / "errors.xlsx")
    assert (done.rows, done.reports, done.joined, done.failed) == (7, 3, 1, 3)
    lines = list(load_workbook(done.errors_path).active.iter_rows(values_only=True))
    assert [line[0] for line in lines[1:]] == [5, 6, 8]
    assert all(line[1] for line in lines[1:])
    located = Matter.objects.get(title__startswith="上村")
    assert (located.area_code, located.report_count) == ("331181101201", 2)
    lamp = Matter.objects.get(title__contains="路灯")
    assert (lamp.place_known, lamp.status, lamp.category) == (False, "reported", None)
    assert lamp.proposed_category.code == "D03"
    assert list(verify_ledger()) == []


def test_running_it_twice_makes_nothing_twice(town, tmp_path):
    path = book(tmp_path / "a.xlsx")
    import_hotline(path, errors_path=tmp_path / "errors.xlsx")
    again = import_hotline(path, errors_path=tmp_path / "errors.xlsx")
    assert (again.reports, again.joined, again.already) == (0, 0, 4)
    assert Report.objects.count() == 4


def _cut(path):
    path.write_bytes(book(path).read_bytes()[:3000])


@pytest.mark.parametrize(
    ("spoil", "options", "says"),
    [
        (_cut, {}, "damaged|cut off|损坏|不完整"),
        (lambda p: p.write_bytes(b""), {}, "empty|空"),
        (lambda p: p.write_text("a,b\n1,2\n"), {}, "not an Excel|不是 Excel"),
        (lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), {}, r"\.xls"),
        (book, {"sheet": "二月"}, "Sheet"),
        (book, {"mapping": "text=正文"}, "留言详情"),
        (lambda p: book(p, names=["甲", "乙", "丙", "丁", "戊"]), {}, "No column holds|找不到"),
        (lambda p: book(p, names=["=A2", *NAMES[1:]]), {}, "A1"),
        (lambda p: book(p, rows=[]), {}, "rows|数据"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_and_nothing_is_written(
    town, tmp_path, spoil, options, says
):
    path = tmp_path / "bad.xlsx"
    spoil(path)
    with pytest.raises(MaplebridgeError, match=says):
        import_hotline(path, errors_path=tmp_path / "errors.xlsx", **options)
    assert not Report.objects.exists()


def test_columns_nobody_knows_are_listed_from_the_row_of_names(town, tmp_path):
    told = "今天下午在桥头看见一大堆没有人管的建筑垃圾，请有关部门尽快处理并告知我们具体的详细内容"
    path = book(tmp_path / "b.xlsx", [["甲", told, "丙"]], ["栏一", "栏二", "栏三"])
    with pytest.raises(MaplebridgeError, match="栏二"):
        import_hotline(path, errors_path=tmp_path / "e.xlsx")
