"""Changes for a later day: what holds before, on and after it; withdrawn, two, changed meanwhile."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.worktime import Limit
from maplebridge.org.actions import carry_out_plans, change, remove, withdraw_plan
from maplebridge.org.lists import LISTS, fingerprint
from maplebridge.org.models import Category, Change, ReplyTemplate, Unit, WorkSeason
from maplebridge.org.queries import actor_for, directory, planned_changes, replies_valid
from tests.org.conftest import DAY, MONDAY, NOW, TODAY

ANSWERS = ["note"]


def category():
    return Category.objects.get(code="E01")


def midnight(day):
    """A minute after a day has begun, when the ticker comes by."""
    return datetime(day.year, day.month, day.day, 0, 1, tzinfo=UTC) - timedelta(hours=8)


def acts():
    return [(c.act, c.day, c.before, c.after) for c in Change.objects.order_by("id")]


def test_a_category_changes_on_its_day_by_itself(town, keep):
    old, command = category().name, uuid4()
    for _twice in range(2):
        kept = keep(
            "category", category(), {"name": "生活垃圾", "safety": True}, valid_from=MONDAY,
            command_id=command,
        )  # fmt: skip
        assert (kept.name, category().name) == (old, old)
    plan = ("planned", MONDAY, {"name": old, "safety": False}, {"name": "生活垃圾", "safety": True})
    assert acts() == [plan]
    assert carry_out_plans(midnight(MONDAY - DAY)) == 0
    assert directory().category("E01").name == old
    assert carry_out_plans(midnight(MONDAY)) == 1
    assert carry_out_plans(midnight(MONDAY + DAY)) == 0
    assert (directory().category("E01").name, category().safety) == ("生活垃圾", True)
    assert acts() == [plan, ("taken_over", *plan[1:])]
    done = Change.objects.get(act="taken_over")
    assert (done.person, done.reason) == (town.people.gao, "区里新文件")
    assert done.settles.act == "planned"


def test_a_change_to_a_day_ends_by_itself(town, keep):
    old = category().name
    given = {"valid_from": MONDAY, "until": MONDAY + 2 * DAY}
    keep("category", category(), {"name": "汛期垃圾"}, **given)
    names = []
    for day in (MONDAY - DAY, MONDAY, MONDAY + 2 * DAY, MONDAY + 3 * DAY):
        carry_out_plans(midnight(day))
        names.append(category().name)
    assert names == [old, "汛期垃圾", "汛期垃圾", old]
    keep("category", category(), {"name": "今日"}, until=TODAY)  # at once, back tomorrow
    assert category().name == "今日"
    carry_out_plans(midnight(TODAY + DAY))
    assert category().name == old


def test_a_planned_change_is_withdrawn_once(town, keep):
    keep("unit", town.units.sanitation, {"name": "环卫站"}, valid_from=MONDAY)
    plan, command = planned_changes("unit", town.units.sanitation.pk).get(), uuid4()
    given = {"reason": "区里收回", "command_id": command, "at": NOW}
    with pytest.raises(NotAllowed):
        withdraw_plan(plan.pk, actor=actor_for(town.people.li, NOW), **given)
    for _twice in range(2):
        withdraw_plan(plan.pk, actor=town.gao, **given)
    with pytest.raises(Conflict):
        withdraw_plan(plan.pk, actor=town.gao, **given | {"command_id": uuid4()})
    with pytest.raises(NotFound):
        withdraw_plan(0, actor=town.gao, **given)
    assert carry_out_plans(midnight(MONDAY)) == 0
    assert Unit.objects.get(pk=town.units.sanitation.pk).name != "环卫站"
    assert [a[0] for a in acts()] == ["planned", "removed"]


def test_with_a_change_its_way_back_is_withdrawn(town, keep):
    keep("category", category(), {"name": "汛期垃圾"}, valid_from=MONDAY, until=MONDAY + DAY)
    there, back = planned_changes("category")
    given = {"actor": town.gao, "reason": "不改了", "at": NOW}
    withdraw_plan(there.pk, command_id=uuid4(), **given)
    assert not planned_changes().exists()
    assert Change.objects.filter(settles=back).exists()
    keep("category", category(), {"name": "一直"}, valid_from=MONDAY, until=MONDAY + DAY)
    withdraw_plan(planned_changes().last().pk, command_id=uuid4(), **given)  # for good now
    assert carry_out_plans(midnight(MONDAY + 9 * DAY)) == 1
    assert category().name == "一直"


def test_two_are_carried_out_in_their_order_but_one_a_day(town, keep):
    keep("category", category(), {"name": "第二"}, valid_from=MONDAY + DAY)
    keep("category", category(), {"name": "第一", "public": False}, valid_from=MONDAY)
    with pytest.raises(InvalidInput) as refused:
        keep("category", category(), {"name": "第三"}, valid_from=MONDAY)
    assert refused.value.field == "holds_from"
    assert carry_out_plans(midnight(MONDAY + DAY)) == 2  # the ticker stood still for a day
    assert (category().name, category().public) == ("第二", False)


def test_what_changed_meanwhile_stays_and_the_history_says_from_what(town, keep):
    seen = fingerprint(LISTS["category"], category())
    keep("category", category(), {"name": "以后"}, valid_from=MONDAY, seen=seen)
    keep("category", category(), {"name": "现在", "closing": "现场复查"}, seen=seen)
    with pytest.raises(Conflict):
        keep("category", category(), {"name": "x"}, valid_from=MONDAY + DAY, seen=seen)
    carry_out_plans(midnight(MONDAY))
    assert (category().name, category().closing) == ("以后", "现场复查")
    assert acts()[-1] == ("taken_over", MONDAY, {"name": "现在"}, {"name": "以后"})


def test_a_unit_moves_to_another_place_on_a_day(town, keep):
    unit, place = town.units.sanitation, town.areas["331181101201"]
    keep("unit", unit, {"area": place, "parent": town.units.command}, valid_from=MONDAY)
    carry_out_plans(midnight(MONDAY))
    moved = directory().units[unit.pk]
    assert (moved.area, moved.parent_id) == (place, town.units.command.pk)


def test_what_does_not_fit_is_refused_or_waits(town, keep):
    for values, more, field in (
        ({"name": ""}, {"valid_from": MONDAY}, "name"),
        ({"name": "x"}, {"valid_from": TODAY - DAY}, "holds_from"),
        ({"name": "x"}, {"valid_from": MONDAY, "until": MONDAY - DAY}, "holds_to"),
        ({"code": "E9"}, {"valid_from": MONDAY}, "code"),
        ({}, {"valid_from": MONDAY}, ""),
    ):
        with pytest.raises(InvalidInput) as refused:
            keep("category", category(), values, **more)
        assert refused.value.field == field
    assert not Change.objects.exists()
    keep("category", category(), {"valid_to": MONDAY + DAY}, valid_from=MONDAY)
    Category.objects.filter(code="E01").update(valid_from=MONDAY + 9 * DAY)
    assert carry_out_plans(midnight(MONDAY)) == 0
    assert planned_changes().count() == 1  # it waits, and setup says so


def test_a_reply_reads_otherwise_from_a_day_on(town, keep):
    def texts(day):
        return [r.text for r in replies_valid(ANSWERS, None, None, day)]

    first = ReplyTemplate.objects.create(name="已受理", use="note", text="旧文")
    second = keep("reply", first, {"text": "新文"}, valid_from=MONDAY)
    assert texts(MONDAY - DAY) == ["旧文"]
    assert texts(MONDAY) == texts(MONDAY + DAY) == ["新文"]
    given = {"actor": town.gao, "reason": "不改了", "command_id": uuid4(), "at": NOW}
    remove("reply", second.pk, **given)
    assert texts(MONDAY) == ["旧文"]
    today = keep("reply", first, {"text": "今文"}, valid_from=TODAY)
    assert keep("reply", today, {"text": "正文"}, valid_from=TODAY).pk == today.pk  # put right
    assert texts(TODAY - DAY) == ["旧文"]
    assert texts(TODAY) == ["正文"]


def test_hours_change_from_a_day_on_and_limits_over_it_are_right(town, keep):
    season = WorkSeason.objects.get(from_month_day="10-01")
    friday = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # 16:00 in Shanghai, open until 17:30
    assert f"{directory().calendar.add(friday, Limit(1, 'wd')):%d %H:%M}" == "30 09:30"
    new = keep("season", season, {"spans": "09:00-12:00,13:30-17:00"}, valid_from=MONDAY)
    assert f"{directory().calendar.add(friday, Limit(1, 'wd')):%d %H:%M}" == "30 09:00"
    assert f"{directory().calendar.spans(MONDAY - 3 * DAY)[-1][1]:%H:%M}" == "09:30"
    assert f"{directory().calendar.spans(date(2027, 3, 1))[-1][1]:%H:%M}" == "09:30"  # 01-01's
    season.refresh_from_db()
    with pytest.raises(InvalidInput) as refused:
        keep("season", None, {"from_month_day": "10-01", "spans": "08:00-12:00"})
    assert refused.value.field == "from_month_day"
    given = {"actor": town.gao, "reason": "不改了", "command_id": uuid4(), "at": NOW}
    remove("season", new.pk, **given)
    assert f"{directory().calendar.add(friday, Limit(1, 'wd')):%d %H:%M}" == "30 09:30"


def test_some_hours_always_hold(town, keep):
    WorkSeason.objects.exclude(from_month_day="01-01").delete()
    only = WorkSeason.objects.get()
    with pytest.raises(InvalidInput) as refused:
        keep("season", only, {"valid_to": MONDAY})
    assert refused.value.field == "valid_to"
    change(
        "season", only.pk, {"spans": "08:00-16:00"}, actor=town.gao, reason="冬令时",
        command_id=uuid4(), valid_from=MONDAY, at=NOW,
    )  # fmt: skip
    assert [(s.valid_from, s.valid_to) for s in WorkSeason.objects.all()] == [
        (date(2000, 1, 1), MONDAY - DAY), (MONDAY, None),
    ]  # fmt: skip
