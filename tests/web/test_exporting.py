"""Lists as workbooks: columns, dates, texts, personal details and the trace."""

import io
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from maplebridge.org.models import Category, Post, Shift
from maplebridge.org.queries import forget_directory
from maplebridge.trust.models import AccessLog, Export
from maplebridge.trust.queries import readings_of
from maplebridge.web import exporting
from maplebridge.web.sheet import COLUMNS

ALL = [c.code for c in COLUMNS]
HOUR = timedelta(hours=1)
WHY = "Telling the result"


def take(client, name="matters", query="", **chosen):
    chosen.setdefault("columns", ALL)
    return client.post(reverse("web:export", args=[name]) + query, chosen)


def opened(answer):
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert answer.streaming
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


def table(answer):
    head, *rows = opened(answer).iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_every_column_and_kind_of_value(world, desk):
    matter = world.in_status("closed", text="=1+1 垃圾成堆", address="+86 桥头", category="E02")
    (row,) = table(take(desk.open_for("li")))
    assert row["Matter number"] == matter.number
    assert row["Title"] == "=1+1 垃圾成堆"
    assert row["Address"] == "+86 桥头"
    assert row["Status"] == "Closed"
    assert row["Village"] == "上村"
    assert row["Lead unit"] == "环卫所"
    assert row["Reported at"] == datetime(2026, 11, 23, 9, 0)
    assert row["Closed at"] == datetime(2026, 11, 23, 9, 0)
    assert row["First limit to handle"] > row["Reported at"]
    assert row["Number of reports"] == 1
    assert row["Words of the reports"] == "=1+1 垃圾成堆"
    assert row["Result"] == "已清运"
    assert row["Extended"] is None


def test_nothing_in_the_file_is_a_formula_and_the_head_stays(world, desk):
    world.report(text='=HYPERLINK("http://x","好")', address="@SUM(A1)")
    world.report(text="-2+3", address="https://example.org")
    sheet = opened(take(desk.open_for("li")))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(ALL)).column_letter}3"
    assert sheet.title == "Find matters"


def test_free_text_is_masked_and_contacts_are_not_there(world, desk):
    world.report(text="垃圾，找我13800001234", contact={"name": "方某", "phone": "13900005678"})
    rows = table(take(desk.open_for("li")))
    assert "方某" not in str(rows)
    assert "13900005678" not in str(rows)
    assert rows[0]["Words of the reports"] == "垃圾，找我138****1234"
    assert AccessLog.objects.count() == 0


def test_columns_are_chosen_and_remembered(world, desk):
    world.report()
    li = desk.open_for("li")
    (row,) = table(take(li, columns=["status", "number"]))
    assert list(row) == ["Matter number", "Status"]
    shown = li.get(reverse("web:export", args=["matters"])).content.decode()
    assert shown.count("checked") == 2
    assert take(li, columns=[]).status_code == 422
    assert take(li, columns=["salary"]).status_code == 422
    assert take(li, "unit").status_code == 404
    assert take(li, query="?status=gone").status_code == 400


def test_the_filter_and_the_list_decide_what_is_in_it(world, desk):
    rubbish, lamp = world.report().matter, world.report(text="路灯不亮").matter
    li = desk.open_for("li")
    assert [r["Matter number"] for r in table(take(li))] == [lamp.number, rubbish.number]
    assert [r["Matter number"] for r in table(take(li, query="?q=路灯"))] == [lamp.number]
    assert len(table(take(li, "inbox"))) == 2
    world.step(lamp, "dispatch", "li", category="E02", lead="utility")
    assert [r["Matter number"] for r in table(take(desk.open_for("zhou"), "unit"))] == [lamp.number]
    nothing = desk.open_for("wang").get(reverse("web:export", args=["unit"]))
    assert "The list is empty" in nothing.content.decode()
    done = world.in_status("handled")
    joint = world.report().matter
    world.step(joint, "dispatch", "li", category="E02", lead="enforcement", helpers=["sanitation"])
    for name, number in (("handed_in", done.number), ("help", joint.number)):
        assert [r["Matter number"] for r in table(take(desk.open_for("wang"), name))] == [number]


def test_personal_details_need_a_purpose_and_every_reading_is_logged(world, desk):
    made = [world.report(contact={"name": f"方{n}", "phone": f"1380000000{n}"}) for n in range(3)]
    world.report(text="没有留联系方式")
    li = desk.open_for("li")
    both = ["reporter.name", "reporter.phone"]
    for why in ("", "curious"):
        assert take(li, personal=both, purpose=why).status_code == 422
    assert AccessLog.objects.count() == 0
    rows = table(take(li, columns=["number"], personal=both, purpose=WHY))
    assert [(r["Reporter's name"], r["Reporter's phone"]) for r in rows[1:]] == [
        (f"方{n}", f"1380000000{n}") for n in (2, 1, 0)
    ]
    assert AccessLog.objects.count() == 6
    seen = readings_of(made[0].subject)
    assert [(r.by, r.purpose) for r in seen] == [("镇综合信息指挥室 Dispatcher", WHY)] * 2 or len(
        seen
    ) == 2
    shown = desk.open_for("li").get(reverse("public:my_data", args=[made[0].code]))
    assert WHY in shown.content.decode()
    kept = Export.objects.get()
    assert (kept.rows, kept.fields, kept.purpose, kept.person.username) == (4, both, WHY, "li")


def test_one_field_alone_logs_that_field(world, desk):
    world.report(contact={"name": "方某", "phone": "13800000000"})
    take(desk.open_for("li"), personal=["reporter.name"], purpose=WHY).getvalue()
    assert [a.field for a in AccessLog.objects.all()] == ["reporter.name"]


def test_personal_details_are_not_offered_where_one_row_is_not_open_to_the_post(world, desk):
    """On duty one sees what is urgent in the whole town; its contacts belong to who works on it."""
    mine = world.in_status("accepted", contact={"name": "近"})
    now = timezone.now()
    post = Post.objects.get(person=world.people.wang)
    Shift.objects.create(post=post, starts_at=now - HOUR, ends_at=now + HOUR)
    offered, page = "Reporter&#x27;s", reverse("web:export", args=["matters"])
    wang = desk.open_for("wang")
    assert offered in wang.get(page).content.decode()
    far = world.report(urgency="fire", contact={"name": "远"}, at=now).matter
    shown = wang.get(page).content.decode()
    assert offered not in shown
    assert "your post may not read them for every matter" in shown
    rows = table(take(wang, personal=["reporter.name"], purpose=WHY))
    assert {r["Matter number"] for r in rows} == {mine.number, far.number}
    assert not any("Reporter's name" in r for r in rows)
    assert AccessLog.objects.count() == 0


def test_the_words_of_a_confidential_matter_stay_with_those_who_work_on_it(world, desk):
    Category.objects.filter(code="E02").update(confidential=True)
    forget_directory()
    matter = world.in_status("handled", text="垃圾的秘密", category="E02", address="桥头")
    for who, open_ in (("li", True), ("chen", True), ("wang", True), ("lin", False)):
        (row,) = table(take(desk.open_for(who)))
        assert row["Matter number"] == matter.number
        assert (row["Title"], row["Words of the reports"], row["Result"], row["Address"]) == (
            ("垃圾的秘密", "垃圾的秘密", "已清运", "桥头") if open_ else ("(confidential)",) * 4
        )


def test_the_trace_is_there_for_supervisors_of_the_area_and_cannot_be_changed(world, desk):
    world.report(contact={"name": "方某"})
    take(desk.open_for("li"), query="?q=垃圾&status=reported").getvalue()
    log = reverse("web:exports")
    assert desk.open_for("li").get(log).status_code == 403
    page = desk.open_for("zhao").get(log).content.decode()
    for words in ("李敏", "垃圾", "Reported", "Without"):
        assert words in page
    assert desk.open_for("zhao").get(log, {"after": "x"}).status_code == 400
    assert desk.open_for("li").get(reverse("web:exports_book")).status_code == 403
    book = desk.open_for("zhao").get(reverse("web:exports_book")).getvalue()
    _title, _head, row = load_workbook(io.BytesIO(book)).active.values
    assert (row[1], row[3], row[5]) == ("李敏", "Find matters", 1)
    told = desk.open_for("li").get(reverse("web:messages_book"))
    assert told.status_code == 200
    assert Export.objects.count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.all().update(rows=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.all().delete()


def test_too_many_are_refused_with_advice(world, desk, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    monkeypatch.setattr(exporting, "MOST_PERSONAL", 1)
    li = desk.open_for("li")
    world.report()
    world.report()
    page = li.get(reverse("web:export", args=["matters"])).content.decode()
    assert "at most 1 matters at a time" in page
    world.report()
    refused = take(li)
    assert "Narrow the list" in refused.content.decode()
    assert Export.objects.count() == 0


def test_queries_grow_by_batches_only(world, desk):
    world.report(contact={"name": "方某"})
    li = desk.open_for("li")

    def count():
        with CaptureQueriesContext(connection) as caught:
            take(li, personal=["reporter.name"], purpose=WHY).getvalue()
        return len([q for q in caught if "org_directorystamp" not in q["sql"]])

    count()
    before = count()
    for n in range(29):
        world.report(text=f"垃圾{n}", contact={"name": f"方{n}"})
    assert count() <= before
