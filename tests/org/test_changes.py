"""Keeping the lists: every change has dates, a reason and a history, and never overwrites one."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.org.actions import copy_week, give_password, open_account, remove, unlock
from maplebridge.org.lists import LISTS, fingerprint
from maplebridge.org.models import (
    Absence,
    Category,
    Change,
    Duty,
    Post,
    ReplyTemplate,
    Shift,
    Token,
    WorkSeason,
)
from maplebridge.org.queries import actor_for, directory
from tests.org.builders import TOWN
from tests.org.conftest import DAY, MONDAY, NOW, TODAY


def rubbish():
    return Duty.objects.get(category__code="E01")


def test_the_limits_of_a_category_change_by_date(town, keep):
    category, week = Category.objects.get(code="E01"), 7 * DAY
    old = category.handle
    limits = lambda day: directory().limits(category, day)  # noqa: E731
    given = {"category": category, "respond": "2wd", "sign": "1wd", "handle": "9wd"}
    keep("limits", None, given, valid_from=MONDAY)
    assert limits(MONDAY - DAY) == category
    assert limits(MONDAY).sign == "1wd"
    assert directory().duty_for(category, "331181101201001", MONDAY).handle == "9wd"
    for_a_week = {**given, "handle": "20wd", "valid_to": MONDAY + 2 * week - DAY}
    short = keep("limits", None, for_a_week, valid_from=MONDAY + week)
    found = [limits(MONDAY + n * week).handle for n in (-1, 0, 1, 2)]
    assert found == [old, "9wd", "20wd", "9wd"]
    remove("limits", short.pk, actor=town.gao, reason="撤", command_id=uuid4(), at=NOW)
    assert limits(MONDAY + week).handle == "9wd"
    for twice_or_past in (MONDAY, TODAY - DAY):
        with pytest.raises(InvalidInput):
            keep("limits", None, given, valid_from=twice_or_past)
    written = Change.objects.filter(list_name="limits").order_by("id")
    assert [c.act for c in written] == ["added", "added", "removed"]


def post_of(town, name):
    return Post.objects.get(person=getattr(town.people, name))


def at(day, hour):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


def test_a_limit_changed_from_monday_on_opens_a_new_row(town, keep):
    old = rubbish()
    category = Category.objects.get(code="E01")
    limit = lambda day: directory().duty_for(category, "331181101201001", day).handle  # noqa: E731
    assert limit(MONDAY) == category.handle
    new = keep("duty", old, {"handle": "3wd"}, valid_from=MONDAY)
    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.valid_to) == (MONDAY - DAY, MONDAY, None)
    assert new.pk != old.pk
    assert (limit(MONDAY - DAY), limit(MONDAY)) == (category.handle, "3wd")
    written = Change.objects.get()
    assert (written.before["handle"], written.after["handle"]) == ("", "3wd")
    assert (written.act, written.row_id, written.line_id) == ("taken_over", new.pk, old.pk)
    assert (written.reason, written.person) == ("区里新文件", town.people.gao)


def test_helpers_come_along_and_can_change(town, keep):
    old = rubbish()
    old.helpers.set([town.units.police])
    new = keep("duty", old, {"handle": "3wd"}, valid_from=MONDAY)
    assert list(new.helpers.all()) == [town.units.police]
    later = keep("duty", new, {"helpers": [town.units.utility]}, valid_from=MONDAY + 2 * DAY)
    assert later.pk == new.pk  # planned, nothing has happened by it: changed in place
    assert list(later.helpers.all()) == [town.units.utility]
    assert list(old.helpers.all()) == [town.units.police]
    old.refresh_from_db()
    assert old.valid_to == MONDAY + DAY  # and the row before it reaches up to the new day


def test_a_planned_row_is_withdrawn_and_the_old_one_goes_on(town, keep):
    old = rubbish()
    new = keep("duty", old, {"handle": "3wd"}, valid_from=MONDAY)
    remove("duty", new.pk, actor=town.gao, reason="撤销", command_id=uuid4(), at=NOW)
    old.refresh_from_db()
    assert old.valid_to is None
    assert not Duty.objects.filter(pk=new.pk).exists()
    assert [c.act for c in Change.objects.filter(line_id=old.pk)] == ["removed", "taken_over"]
    with pytest.raises(Conflict):
        remove("duty", old.pk, actor=town.gao, reason="撤销", command_id=uuid4(), at=NOW)


def test_a_note_and_an_end_change_the_row_itself(keep):
    old = rubbish()
    assert keep("duty", old, {"note": "见纪要", "valid_to": MONDAY}).pk == old.pk
    assert keep("duty", old, {"valid_to": TODAY - DAY}).valid_to == TODAY - DAY  # closed as of now
    with pytest.raises(Conflict):
        keep("duty", old, {"note": "再改"})


@pytest.mark.parametrize(
    ("values", "more", "field"),
    [
        ({"handle": "3wd"}, {}, "valid_from"),
        ({"handle": "3wd"}, {"valid_from": TODAY - DAY}, "valid_from"),
        ({"handle": "soon"}, {"valid_from": MONDAY}, "handle"),
        ({"handle": "0m"}, {"valid_from": MONDAY}, "handle"),
        ({"handle": "3wd"}, {"valid_from": MONDAY, "reason": "  "}, "reason"),
        ({"handle": "3wd"}, {"valid_from": MONDAY, "reason": "长" * 201}, "reason"),
        ({"handle": "3wd", "valid_to": TODAY}, {"valid_from": MONDAY}, "valid_to"),
        ({"valid_to": TODAY - 2 * DAY}, {}, "valid_to"),
        ({"lead_kind": ""}, {"valid_from": MONDAY}, ""),
        ({"temporary": True}, {"valid_from": MONDAY}, ""),
        ({"area_code": "999999"}, {"valid_from": MONDAY}, "area_code"),
        ({"area_code": "12"}, {"valid_from": MONDAY}, "area_code"),
        ({"precedent_of": "x"}, {"valid_from": MONDAY}, "precedent_of"),
        ({"category": None}, {"valid_from": MONDAY}, "category"),
        ({}, {"valid_from": MONDAY}, ""),
    ],
)
def test_a_duty_refuses_and_changes_nothing(keep, values, more, field):
    old = rubbish()
    before = fingerprint(LISTS["duty"], old)
    with pytest.raises(InvalidInput) as refused:
        keep("duty", old, values, **more)
    assert refused.value.field == field
    assert fingerprint(LISTS["duty"], rubbish()) == before
    assert not Change.objects.exists()


def test_two_entries_for_one_category_and_area_do_not_overlap(town, keep):
    new = {
        "category": Category.objects.get(code="E01"), "lead": town.units.enforcement,
        "legal_basis": "条例", "approved_by": "平安办",
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="2024-01-01"):
        keep("duty", None, new)
    assert keep("duty", None, new | {"area_code": TOWN}).valid_from == TODAY
    until = new | {"temporary": True, "valid_to": MONDAY}
    assert keep("duty", None, until).valid_to == MONDAY  # a temporary one may stand above
    with pytest.raises(InvalidInput):
        keep("duty", None, until, valid_from=MONDAY)


def row_for(town, name):
    """Values of a new row of every list, by its name."""
    people, units = town.people, town.units
    post = post_of(town, "wang")
    return {
        "duty": {
            "category": Category.objects.get(code="E01"), "lead": units.enforcement,
            "area_code": TOWN, "legal_basis": "条例", "approved_by": "平安办",
        },
        "category": {
            "code": "L01", "name": "其他一类", "group": "其他",
            "respond": "1wd", "sign": "4wh", "handle": "5wd",
        },
        "unit": {"code": "school", "name": "中心小学", "kind": "village", "area": town.areas[TOWN]},
        "post": {
            "person": people.wu, "kind": "handler", "title": "承办人", "unit": units.utility,
            "areas": [town.areas[TOWN]],
        },
        "limits": {
            "category": Category.objects.get(code="E01"),
            "respond": "2wd", "sign": "1wd", "handle": "9wd",
        },
        "absence": {
            "post": post, "stand_in": people.sun, "from_day": MONDAY, "to_day": MONDAY + DAY,
        },
        "shift": {"post": post, "starts_at": at(MONDAY, 8), "ends_at": at(MONDAY + DAY, 8)},
        "day": {"day": MONDAY, "working": True, "spans": "08:30-12:00", "note": "半天"},
        "season": {"from_month_day": "05-01", "spans": "08:00-12:00,15:00-18:00"},
        "year": {"year": 2027, "source": "国务院办公厅通知"},
        "reply": {"name": "已清运", "use": "result", "text": "{number} 已于 {today} 清运。"},
        "person": {"username": "new", "name": "新人"},
    }[name]  # fmt: skip


def test_a_category_without_english_shows_its_chinese_name():
    with translation.override("en"):
        plain = Category(name="其他一类", group="其他")
        assert (plain.label, plain.group_label) == ("其他一类", "其他")
        assert Category(name="其他一类", name_en="One more").label == "One more"


@pytest.mark.parametrize("name", LISTS)
def test_every_list_takes_a_row_once_with_its_history(town, keep, name):
    command, values = uuid4(), row_for(town, name)
    made = keep(name, None, values, command_id=command)
    again = keep(name, None, values, command_id=command)
    assert again.pk == made.pk
    written = Change.objects.get()
    assert (written.act, written.list_name, written.before) == ("added", name, {})
    assert set(values) - {"areas"} <= set(written.after)
    other = next(n for n in LISTS if n != name)
    with pytest.raises(Conflict):
        keep(other, None, row_for(town, other), command_id=command)


@pytest.mark.parametrize("name", LISTS)
def test_nobody_but_an_administrator_changes_a_list(town, keep, name):
    for who in ("li", "wang", "zhao", "wu"):
        with pytest.raises(NotAllowed):
            keep(name, None, row_for(town, name), actor=actor_for(getattr(town.people, who), NOW))
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("name", "values", "field"),
    [
        ("category", {"respond": "bald"}, "respond"),
        ("limits", {"respond": "bald"}, "respond"),
        ("category", {"respond": "0m"}, "respond"),
        ("limits", {"handle": "0wd"}, "handle"),
        ("category", {"code": "E01"}, "code"),
        ("absence", {"to_day": MONDAY - DAY}, ""),
        ("absence", {"from_day": TODAY - 3 * DAY, "to_day": TODAY - DAY}, "to_day"),
        ("shift", {"ends_at": at(MONDAY, 8)}, ""),
        ("shift", {"ends_at": at(MONDAY + 3 * DAY, 8)}, "ends_at"),
        ("day", {"spans": "12:00-08:00"}, "spans"),
        ("day", {"working": False}, "spans"),
        ("season", {"from_month_day": "02-31"}, "from_month_day"),
        ("season", {"from_month_day": "01-01"}, "from_month_day"),
        ("season", {"spans": "früh"}, "spans"),
        ("year", {"year": 2026}, "year"),
        ("reply", {"text": "尊敬的 {name}"}, "text"),
        ("person", {"username": "li"}, "username"),
        ("person", {"username": "a b"}, "username"),
        ("unit", {"valid_from": MONDAY, "valid_to": TODAY}, "valid_to"),
        ("duty", {"nonsense": 1}, "nonsense"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(town, keep, name, values, field):
    with pytest.raises(InvalidInput) as refused:
        keep(name, None, row_for(town, name) | values)
    assert refused.value.field == field
    assert not Change.objects.exists()


def test_absences_do_not_meet(town, keep):
    new = row_for(town, "absence")
    keep("absence", None, new)
    zhou = post_of(town, "zhou")
    for values, field in (
        ({"from_day": MONDAY + DAY, "to_day": MONDAY + 3 * DAY}, "from_day"),
        ({"post": zhou, "stand_in": town.people.zhou}, "stand_in"),
        ({"post": zhou, "stand_in": town.people.wang}, "stand_in"),  # is away himself
    ):
        with pytest.raises(InvalidInput) as refused:
            keep("absence", None, new | values)
        assert refused.value.field == field


def test_what_an_editor_has_not_seen_is_not_overwritten(keep):
    old = rubbish()
    seen = fingerprint(LISTS["duty"], old)
    keep("duty", old, {"note": "先到"}, seen=seen)
    with pytest.raises(Conflict):
        keep("duty", old, {"note": "后到"}, seen=seen)
    assert rubbish().note == "先到"


def test_a_post_changed_from_a_day_on_takes_its_roster_along(town, keep):
    post = post_of(town, "wang")
    for start in (TODAY + DAY, MONDAY - DAY, MONDAY + DAY):
        Shift.objects.create(post=post, starts_at=at(start, 20), ends_at=at(start + DAY, 8))
    Absence.objects.create(
        post=post, stand_in=town.people.sun, from_day=TODAY, to_day=MONDAY + 2 * DAY
    )
    new = keep("post", post, {"title": "组长", "areas": [town.areas[TOWN]]}, valid_from=MONDAY)
    assert [s.starts_at for s in new.shifts.all()] == [at(MONDAY, 0), at(MONDAY + DAY, 20)]
    assert [s.ends_at for s in post.shifts.all()] == [at(TODAY + 2 * DAY, 8), at(MONDAY, 0)]
    assert [(a.from_day, a.to_day) for a in post.absences.all()] == [(TODAY, MONDAY - DAY)]
    assert [(a.from_day, a.to_day) for a in new.absences.all()] == [(MONDAY, MONDAY + 2 * DAY)]
    sun = actor_for(town.people.sun, at(MONDAY, 10))
    assert "组长" in {p.title for p in sun.posts}
    post.refresh_from_db()
    assert post.valid_to == MONDAY - DAY
    assert post.title != "组长"


def test_nobody_locks_himself_out(town, keep):
    own = post_of(town, "gao")
    with pytest.raises(InvalidInput):
        keep("post", own, {"valid_to": MONDAY})
    with pytest.raises(InvalidInput):
        keep("person", town.people.gao, {"is_active": False})


def test_last_weeks_roster_is_copied_once(town):
    post, last = post_of(town, "li"), MONDAY - timedelta(days=7)
    ended = post_of(town, "wang")
    for day in range(3):
        Shift.objects.create(
            post=post, starts_at=at(last + day * DAY, 20), ends_at=at(last + (day + 1) * DAY, 8)
        )
    Shift.objects.create(post=ended, starts_at=at(last, 8), ends_at=at(last, 18))
    Shift.objects.create(post=post, starts_at=at(MONDAY, 22), ends_at=at(MONDAY, 23))
    Post.objects.filter(pk=ended.pk).update(valid_to=TODAY)
    units = [town.units.command.pk, town.units.sanitation.pk]
    given = {"actor": town.gao, "reason": "照上周", "command_id": uuid4(), "at": NOW}
    assert copy_week(MONDAY, units, **given) == 2
    assert copy_week(MONDAY, units, **given) == 0
    assert copy_week(MONDAY, units, **given | {"command_id": uuid4()}) == 0
    starts = post.shifts.filter(starts_at__gte=at(MONDAY, 0)).values_list("starts_at", flat=True)
    assert list(starts) == [at(MONDAY, 22), at(MONDAY + DAY, 20), at(MONDAY + 2 * DAY, 20)]
    assert Change.objects.filter(list_name="shift").count() == 2


def test_seasons_begin_with_the_year(town):
    first = WorkSeason.objects.get(from_month_day="01-01")
    with pytest.raises(Conflict):
        remove("season", first.pk, actor=town.gao, reason="x", command_id=uuid4(), at=NOW)
    with pytest.raises(NotFound):
        remove("season", 0, actor=town.gao, reason="x", command_id=uuid4(), at=NOW)


def test_a_future_shift_is_withdrawn_and_a_past_one_stays(town, keep):
    made = keep("shift", None, row_for(town, "shift"))
    command = uuid4()
    for _twice in range(2):
        remove("shift", made.pk, actor=town.gao, reason="换班", command_id=command, at=NOW)
    assert not Shift.objects.exists()
    past = Shift.objects.create(
        post=post_of(town, "li"), starts_at=at(TODAY, 8), ends_at=at(TODAY, 20)
    )
    with pytest.raises(Conflict):
        remove("shift", past.pk, actor=town.gao, reason="换班", command_id=uuid4(), at=NOW)


def test_an_account_begins_with_a_password_shown_once(town):
    given = {"actor": town.gao, "reason": "新来", "command_id": uuid4(), "at": NOW}
    person, password = open_account("hu", "胡明", **given)
    assert person.check_password(password)
    assert person.first_password
    assert len(password) == 14
    same, shown = open_account("hu", "胡明", **given)
    assert (same.pk, shown) == (person.pk, "")
    assert [c.act for c in Change.objects.all()] == ["password", "added"]
    again = give_password(person.pk, **given | {"command_id": uuid4()})
    assert again != password
    assert password not in str(list(Change.objects.values()))
    unlock(person.pk, **given | {"command_id": uuid4()})
    with pytest.raises(NotAllowed):
        give_password(
            person.pk, **given | {"command_id": uuid4(), "actor": actor_for(town.people.zhao, NOW)}
        )


def test_closing_an_account_revokes_its_tokens_and_keeps_the_person(town, keep):
    token = Token.objects.create(
        digest=b"x", person=town.people.wu, created_at=NOW, expires_at=NOW + DAY
    )
    keep("person", town.people.wu, {"is_active": False})
    token.refresh_from_db()
    assert token.revoked_at == NOW
    town.people.wu.refresh_from_db()
    assert not town.people.wu.is_active
    with pytest.raises(Conflict):
        give_password(
            town.people.wu.pk, actor=town.gao, reason="x", command_id=uuid4(), at=NOW
        )  # fmt: skip
    with pytest.raises(InvalidInput):
        keep("post", None, row_for(town, "post"))


def test_a_reply_is_filled():
    text = ReplyTemplate(text="{number}：{unit} 将在 {until} 前办结，{today}。")
    assert (
        text.filled({"number": "1", "unit": "环卫所"}) == "1：环卫所 将在 {until} 前办结，{today}。"
    )
