"""The working time of the table of seasons and days."""

from datetime import date

from maplebridge.kernel.worktime import Season, Spans, WorkCalendar
from maplebridge.org.models import CalendarDay, CalendarYear, WorkSeason
from maplebridge.org.models.calendar import parse_spans


def read_calendar() -> WorkCalendar:
    """The calendar as the tables hold it; without seasons, the hours most offices keep."""
    seasons = tuple(
        Season(s.from_month_day, parse_spans(s.spans)) for s in WorkSeason.objects.all()
    )
    if not seasons:
        seasons = (Season("01-01", parse_spans("08:30-12:00,14:00-17:30")),)
    by_start = sorted(seasons, key=lambda s: s.from_month_day)

    def season_spans(day: date) -> Spans:
        past = [s for s in by_start if s.from_month_day <= f"{day:%m-%d}"]
        return (past or by_start)[-1].spans

    days = {
        d.day: (parse_spans(d.spans) or season_spans(d.day)) if d.working else None
        for d in CalendarDay.objects.all()
    }
    return WorkCalendar(
        seasons=seasons,
        days=days,
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )
