"""What a new installation begins with: catalogue, duty list, calendar."""

from datetime import date, timedelta

import chinese_calendar
from django.db import transaction

from maplebridge.org.catalogue import CATEGORIES, DUTIES
from maplebridge.org.models import CalendarDay, CalendarYear, Category, Duty, WorkSeason
from maplebridge.org.queries import forget_directory

# The library's names of the State Council's holidays, as an office here writes them.
HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


@transaction.atomic
def load_catalogue() -> int:
    """Create the default categories that are missing; returns how many were new.

    What an office has changed stays as it is. Source: the catalogue of `org/catalogue.py`.
    """
    known = set(Category.objects.values_list("code", flat=True))
    new = [Category(**row) for row in CATEGORIES if row["code"] not in known]
    Category.objects.bulk_create(new)
    forget_directory()
    return len(new)


@transaction.atomic
def load_duties(approved_by: str, valid_from: date) -> int:
    """Create the default duty list (by kinds of unit) for categories that have no duty yet."""
    categories = {c.code: c for c in Category.objects.exclude(duty__isnull=False)}
    new = [
        Duty(
            category=categories[row["category"]],
            approved_by=approved_by,
            valid_from=valid_from,
            **{k: v for k, v in row.items() if k != "category"},
        )
        for row in DUTIES
        if row["category"] in categories
    ]
    Duty.objects.bulk_create(new)
    forget_directory()
    return len(new)


@transaction.atomic
def load_calendar(years: range) -> list[int]:
    """Enter holidays and adjusted working days of the years the calendar library knows.

    Returns the years entered; a year entered before is left as the office has it. Seasons are
    created once: 8:30–12:00 and 14:00–17:30, in July to September 8:30–12:00 and 14:30–18:00.
    """
    if not WorkSeason.objects.exists():
        WorkSeason.objects.bulk_create(
            [
                WorkSeason(from_month_day="01-01", spans="08:30-12:00,14:00-17:30"),
                WorkSeason(from_month_day="07-01", spans="08:30-12:00,14:30-18:00"),
                WorkSeason(from_month_day="10-01", spans="08:30-12:00,14:00-17:30"),
            ]
        )
    entered = []
    for year in years:
        if CalendarYear.objects.filter(year=year).exists():
            continue
        try:
            days = _special_days(year)
        except NotImplementedError:  # the library ends with the last announced year
            continue
        CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
        CalendarYear.objects.create(year=year, source="chinesecalendar")
        entered.append(year)
    forget_directory()
    return entered


def _special_days(year: int) -> list[CalendarDay]:
    special = []
    day = date(year, 1, 1)
    while day.year == year:
        working = chinese_calendar.is_workday(day)
        if working != (day.weekday() < 5):
            _on_holiday, name = chinese_calendar.get_holiday_detail(day)
            note = HOLIDAYS.get(name or "", name or "")
            special.append(CalendarDay(day=day, working=working, note=note))
        day += timedelta(days=1)
    return special
