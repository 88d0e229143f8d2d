"""What goes by days without a row of its own on the page: limits of categories, a year's holidays."""

import re
from datetime import datetime, time, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from maplebridge.kernel.errors import NotAllowed
from maplebridge.matters.queries import matters_visible_to
from maplebridge.notify.models import Message
from maplebridge.org.models import (
    Absence,
    CalendarDay,
    CalendarYear,
    Category,
    Change,
    Post,
    ReplyTemplate,
    WorkSeason,
)
from maplebridge.org.queries import actor_for
from tests.setup.test_pages import DAY, press, shown, today


def test_the_limits_of_a_category_go_by_days(desk):
    gao, category = desk.open_for("gao"), Category.objects.get(code="E01")
    new = f"{reverse('setup:new', args=['limits'])}?category={category.pk}&respond=4wh&sign=4wh"
    refused = press(gao, new, handle_0="0", handle_1="m", reason="立即").content.decode()
    assert "A limit is at least 1: nobody can act within no time." in refused
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


def test_a_category_reads_otherwise_from_a_day_on(desk):
    gao, category = desk.open_for("gao"), Category.objects.get(code="E01")
    row, monday = reverse("setup:row", args=["category", category.pk]), today() + 3 * DAY
    change = reverse("setup:change", args=["category", category.pk])
    assert 'name="valid_from"' not in shown(gao.get(change))  # it has begun
    wished = {"name_en": "Litter", "holds_from": monday.isoformat(), "reason": "更名"}
    until = {"holds_to": (today() + DAY).isoformat()}
    assert "The last day comes after the first." in unescape(
        press(gao, change, **wished, **until).content.decode()
    )
    done = press(gao, change, **wished, holds_to=(monday + DAY).isoformat())
    assert done["Location"] == row
    page = shown(gao.get(row))
    assert f"Planned: it takes hold by itself on {monday}." in page
    assert page.count("/setup/planned/") == 2  # there and back
    for words in (f"from {monday}", f"from {monday + 2 * DAY}", "<ins>Litter</ins>", "更名"):
        assert words in page
    assert "Planned already" in shown(gao.get(change))
    assert f"changes on {monday}" in shown(gao.get(reverse("setup:categories")))
    ask = {"category": "E01", "area": "331181101201001"}
    for day, said in ((monday - DAY, False), (monday, True)):
        page = shown(gao.get(reverse("setup:who_gets"), ask | {"day": str(day)}))
        assert ("<ins>Litter</ins>" in page) is said
    withdraw = re.search(r'href="(/[^"]+/planned/[^"]+)"', shown(gao.get(row)))[1]
    page = shown(gao.get(withdraw))
    assert page.count("<ins>") == 2  # the way back goes with it
    assert re.search(r'href="[^"]+/categories" aria-current="page"', page)
    assert press(gao, withdraw, reason="不改了")["Location"] == row
    assert "/setup/planned/" not in shown(gao.get(row))
    press(gao, change, **wished)
    assert gao.get(withdraw).status_code == 404
    reader = shown(desk.open_for("zhao").get(row))
    assert "Litter" in reader
    assert "/setup/planned/" not in reader
    Change.objects.filter(act="planned").update(day=today() - DAY)  # did not fit on its day
    assert "A planned change did not fit and waits" in shown(gao.get(reverse("setup:overview")))
    assert "did not fit, waits" in shown(gao.get(row))


def test_hours_and_replies_show_from_when_they_hold(desk):
    gao, day = desk.open_for("gao"), today() + 3 * DAY
    season = WorkSeason.objects.get(from_month_day="01-01")
    change = reverse("setup:change", args=["season", season.pk])
    done = press(
        gao, change, spans="09:00-12:00,13:00-17:00", valid_from=day.isoformat(), reason="冬令时"
    )
    assert "冬令时" in shown(gao.get(done["Location"]))
    page = shown(gao.get(reverse("setup:calendar"), {"year": day.year}))
    for words in (f">{day}</span>", f">{day - DAY}</span>", "planned", "09:00-12:00,13:00-17:00"):
        assert words in page
    reply = ReplyTemplate.objects.create(name="已受理", use="note", text="旧文")
    change = reverse("setup:change", args=["reply", reply.pk])
    press(gao, change, text="新文", valid_from=day.isoformat(), reason="改口径")
    page = shown(gao.get(reverse("setup:replies")))
    for words in ("旧文", "新文", f"from {day}", f"until {day - DAY}"):
        assert words in page


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


def test_a_stand_in_takes_over_and_gives_back_by_date(world, desk):
    gao, first = desk.open_for("gao"), today() + 2 * DAY
    post = Post.objects.get(person=world.people.wang)
    url = reverse("setup:new", args=["absence"]) + f"?post={post.pk}"
    press(
        gao, url, stand_in=world.people.wu.pk, from_day=first.isoformat(),
        to_day=(first + DAY).isoformat(), reason="年休假",
    )  # fmt: skip
    assert "planned" in shown(gao.get(reverse("setup:absences")))
    row = Absence.objects.get()
    for moved, word in ((0, "planned"), (-2, "now"), (-9, "ended")):
        Absence.objects.update(from_day=first + moved * DAY, to_day=first + (moved + 1) * DAY)
        assert f"<span>{word}</span>" in shown(
            gao.get(reverse("setup:row", args=["absence", row.pk]))
        )
    Absence.objects.update(from_day=first, to_day=first + DAY)
    ask = {"category": "E01", "area": "331181101201001"}
    for day, stands_in in (
        (first - DAY, False), (first, True), (first + DAY, True), (first + 2 * DAY, False),
    ):  # fmt: skip
        page = shown(gao.get(reverse("setup:who_gets"), ask | {"day": day.isoformat()}))
        assert ("王强" in page, "吴远 stands in" in page) == (True, stands_in)
        at = timezone.make_aware(datetime.combine(day, time(9)))
        matter = world.report(at=at).matter
        world.step(matter, "dispatch", "li", at=at, category="E02", lead="sanitation")
        told = Message.objects.filter(number=matter.number, kind="dispatch")
        assert told.filter(person=world.people.wu).exists() is stands_in
        assert told.filter(person=world.people.wang).exists()
        wu = actor_for(world.people.wu, at)
        assert matters_visible_to(wu).filter(pk=matter.pk).exists() is stands_in
        if stands_in:
            world.step(matter, "accept", wu, at=at)
            assert world.fresh(matter).status == "accepted"
        else:
            with pytest.raises(NotAllowed):
                world.step(matter, "accept", wu, at=at)
