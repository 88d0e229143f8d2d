"""The working time of the table of seasons and days."""

from datetime import date

from maplebridge.kernel.worktime import Season, WorkCalendar, season_spans
from maplebridge.org.models import CalendarDay, CalendarYear, WorkSeason
from maplebridge.org.models.calendar import parse_spans


def read_calendar() -> WorkCalendar:
    """The calendar as the tables hold it; without seasons, the hours most offices keep."""
    seasons = tuple(
        Season(s.from_month_day, parse_spans(s.spans), s.valid_from, s.valid_to or date.max)
        for s in WorkSeason.objects.all()
    )
    if not seasons:
        seasons = (Season("01-01", parse_spans("08:30-12:00,14:00-17:30")),)
    days = {
        d.day: (parse_spans(d.spans) or season_spans(seasons, d.day)) if d.working else None
        for d in CalendarDay.objects.all()
    }
    return WorkCalendar(
        seasons=seasons,
        days=days,
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )
