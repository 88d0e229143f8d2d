"""What goes by days without a row of its own on the page: limits of categories, a year's holidays."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

from django.urls import reverse

from maplebridge.org.models import CalendarDay, CalendarYear, Category, Change
from tests.setup.test_pages import DAY, press, shown, today


def test_the_limits_of_a_category_go_by_days(desk):
    gao, category = desk.open_for("gao"), Category.objects.get(code="E01")
    monday = today() + timedelta(days=7 - today().weekday())
    page = shown(gao.get(reverse("setup:row", args=["category", category.pk])))
    href = re.search(r'href="([^"]+limits/new[^"]+)"', page)[1]
    ends = monday + 13 * DAY
    done = press(
        gao, href, handle_0="9", valid_from=monday.isoformat(), valid_to=ends.isoformat(),
        reason="汛期延长",
    )  # fmt: skip
    assert done["Location"] == reverse("setup:row", args=["category", category.pk])
    page = shown(gao.get(done["Location"]))
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    for words in (f"{monday} – {ends}", f"{ends + DAY} – open", "汛期延长", "9 working days"):
        assert words in re.sub(r"\s+", " ", text)
    assert f"other limits from {monday}" in shown(gao.get(reverse("setup:categories")))
    ask = {"text": "村口垃圾成堆", "area": "331181101201001"}
    for day, limit in (
        (monday - DAY, "1 working day"),
        (monday, "9 working days"),
        (ends + DAY, "1 working day"),
    ):
        assert f"{limit} ·" in shown(gao.get(reverse("setup:who_gets"), ask | {"day": str(day)}))
    change = reverse("setup:change", args=["category", category.pk])
    assert (
        "limit" not in re.sub(r"<[^>]+>", "", shown(gao.get(change)).partition("<main")[2]).lower()
    )


def test_a_years_holidays_are_read_from_the_notice_and_entered_at_once(desk):
    gao, notice = desk.open_for("gao"), reverse("setup:notice")
    text = "二、春节：2月6日（周六）至12日（周五）放假调休，共7天。2月13日（周六）上班。"
    read = shown(gao.post(notice, {"read": "1", "year": "2027", "text": text}))
    assert "2027-02-06 (Sat)" in read
    assert not CalendarDay.objects.filter(day__year=2027).exists()
    given_now = {"enter": "1", "year": "2027", "text": text, "command_id": str(uuid4())}
    assert gao.post(notice, given_now).status_code == 422  # no reason
    other_year = given_now | {"year": "2026", "reason": "x"}
    assert "weekdays" in unescape(gao.post(notice, other_year).content.decode())
    for _twice in range(2):
        done = gao.post(notice, given_now | {"reason": "国办发明电〔2026〕9号"})
        assert done["Location"] == reverse("setup:calendar") + "?year=2027"
    days = CalendarDay.objects.filter(day__year=2027).values_list("day", "working")
    assert [(d.isoformat()[5:], w) for d, w in days] == [
        ("02-08", False), ("02-09", False), ("02-10", False), ("02-11", False), ("02-12", False),
        ("02-13", True),
    ]  # fmt: skip
    assert CalendarYear.objects.get(year=2027).source == "国办发明电〔2026〕9号"
    assert Change.objects.filter(list_name="day").count() == 6
    assert "春节" in shown(gao.get(reverse("setup:calendar"), {"year": 2027}))
    assert desk.open_for("zhao").get(notice).status_code == 403
