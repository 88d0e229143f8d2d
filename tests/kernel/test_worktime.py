"""Working time against examples worked by hand and laws that always hold."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.worktime import ZONE, Limit, Season, WorkCalendar

USUAL = ((time(8, 30), time(12)), (time(14), time(17, 30)))
SUMMER = ((time(8), time(11, 30)), (time(14, 30), time(17, 30)))
# October 2026: the 1st to the 7th off, Saturday 10 October worked instead, Friday 16 a half-day.
DAYS = {date(2026, 10, d): None for d in range(1, 8)}
DAYS[date(2026, 10, 10)] = USUAL
DAYS[date(2026, 10, 16)] = ((time(8, 30), time(12)),)
CALENDAR = WorkCalendar(
    (Season("01-01", USUAL), Season("07-01", SUMMER), Season("10-01", USUAL)),
    DAYS,
    frozenset({2026}),
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-09-28 09:00", "4wh", "2026-09-28 16:00"),  # summer: 09:00–11:30 and 14:30–16:00
        ("2026-09-30 16:30", "4wh", "2026-10-08 11:30"),  # over the long holiday
        ("2026-10-09 16:30", "4wh", "2026-10-10 11:30"),  # into the worked Saturday
        ("2026-10-10 18:00", "1wh", "2026-10-12 09:30"),
        ("2026-10-16 11:00", "2wh", "2026-10-19 09:30"),  # the half-day ends at noon
        ("2026-09-30 10:00", "1wd", "2026-10-08 17:30"),
        ("2026-09-30 10:00", "3wd", "2026-10-10 17:30"),
        ("2026-10-03 10:00", "1wd", "2026-10-09 17:30"),  # received on a day off: counts as the 8th
        ("2026-10-15 10:00", "1wd", "2026-10-16 12:00"),
        (
            "2026-10-16 13:00",
            "1wd",
            "2026-10-20 17:30",
        ),  # after hours of the half-day: Monday is day 0
        ("2026-10-09 23:00", "24h", "2026-10-10 23:00"),
        ("2026-09-25 09:00", "7d", "2026-10-08 17:30"),  # last day a holiday: next working day
        ("2026-10-05 09:00", "7d", "2026-10-13 00:00"),
        ("2026-10-09 23:00", "0m", "2026-10-09 23:00"),
    ],
)
def test_worked_examples(start, limit, due):
    assert CALENDAR.add(at(start), Limit.parse(limit)) == at(due)


@pytest.mark.parametrize("text", ["", "4", "wh", "-1wh", "4 wh", "4w", "99999wd", "1.5h", "四wh"])
def test_nonsense_is_no_limit(text):
    with pytest.raises(InvalidInput):
        Limit.parse(text)


@pytest.mark.parametrize(
    ("limit", "half"), [("4wh", "2wh"), ("3wd", "2wd"), ("1wd", "1wd"), ("0m", "0m")]
)
def test_half_rounds_up(limit, half):
    assert str(Limit.parse(limit).half()) == half


def test_a_calendar_without_working_time_is_refused():
    empty = WorkCalendar((), {}, frozenset())
    for limit in ("1wh", "1wd", "1d"):
        with pytest.raises(InvalidInput):
            empty.add(at("2026-10-09 10:00"), Limit.parse(limit))


def test_years_without_data_are_known():
    assert not CALENDAR.data_missing(at("2026-12-31 23:00"))
    assert CALENDAR.data_missing(datetime(2026, 12, 31, 17, tzinfo=UTC))  # already 2027 in Shanghai


def test_naive_times_are_refused():
    with pytest.raises(TypeError):
        CALENDAR.add(datetime(2026, 10, 9), Limit(1, "wh"))


MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 30)).map(
    lambda d: d.replace(tzinfo=UTC)
)
SECONDS = st.integers(0, 40 * 3600)


@settings(max_examples=150, deadline=None)
@given(MOMENTS, SECONDS, SECONDS)
def test_working_seconds_add_up(start, first, second):
    middle = CALENDAR.add_working_seconds(start, first)
    if second:  # zero seconds at the end of a span is the start of the next one
        both = CALENDAR.add_working_seconds(start, first + second)
        assert CALENDAR.add_working_seconds(middle, second) == both
    assert CALENDAR.working_seconds(start, middle) == first


@settings(max_examples=150, deadline=None)
@given(MOMENTS, MOMENTS, st.sampled_from(["1wh", "7wh", "1wd", "3wd", "5d", "24h"]))
def test_later_starts_never_end_earlier(one, other, limit):
    early, late = sorted([one, other])
    assert CALENDAR.add(early, Limit.parse(limit)) <= CALENDAR.add(late, Limit.parse(limit))


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.integers(1, 60), st.sampled_from(["wh", "wd"]))
def test_working_limits_end_inside_working_hours(start, amount, unit):
    due = CALENDAR.add(start, Limit(amount, unit))
    spans = CALENDAR.spans(due.astimezone(ZONE).date())
    assert any(begin <= due <= end for begin, end in spans)
    assert due >= start
