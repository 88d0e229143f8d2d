"""A year of the work calendar as twelve sheets."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maplebridge.org.models import CalendarDay, CalendarYear, WorkSeason


@dataclass(frozen=True)
class Day:
    """One day: its kind, the sign that stands beside the number, and what a reader hears."""

    day: date
    inside: bool
    kind: str  # "work", "weekend", "off", "extra", "hours"
    sign: str
    words: str
    row: CalendarDay | None


@dataclass(frozen=True)
class Year:
    """Twelve months of weeks of days, the special days, the seasons; `known`: holidays entered."""

    year: int
    months: list[tuple[date, list[list[Day]]]]
    special: list[CalendarDay]
    seasons: list[WorkSeason]
    known: CalendarYear | None


def year_of(year: int) -> Year:
    """The calendar of a year, in three queries."""
    special = {d.day: d for d in CalendarDay.objects.filter(day__year=year)}
    months = []
    for month in range(1, 13):
        weeks = Calendar().monthdatescalendar(year, month)
        sheet = [[_day(d, d.month == month, special.get(d)) for d in week] for week in weeks]
        months.append((date(year, month, 1), sheet))
    return Year(
        year, months, list(special.values()), list(_seasons_of(year)),
        CalendarYear.objects.filter(year=year).first(),
    )  # fmt: skip


def _seasons_of(year: int) -> QuerySet[WorkSeason]:
    """Those that hold on a day of the year."""
    begun = WorkSeason.objects.filter(valid_from__lte=date(year, 12, 31))
    return begun.exclude(valid_to__lt=date(year, 1, 1))


def _day(day: date, inside: bool, row: CalendarDay | None) -> Day:
    if row is None:
        weekend = day.weekday() >= 5
        return Day(day, inside, "weekend" if weekend else "work", "", "", None)
    if not row.working:
        return Day(day, inside, "off", _("off"), _("day off"), row)
    if row.spans:
        return Day(day, inside, "hours", _("part"), _("other working hours"), row)
    return Day(day, inside, "extra", _("on"), _("working day by adjustment"), row)
