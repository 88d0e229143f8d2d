"""Limits and working time. All datetimes are aware; days are those of Asia/Shanghai.

Civil Code Art. 201: the day on which a period begins is not counted. Art. 203: a period whose
last day is a day off ends on the next working day; its last day ends at the end of office hours.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maplebridge.kernel.errors import InvalidInput, Said

ZONE = ZoneInfo("Asia/Shanghai")
Spans = tuple[tuple[time, time], ...]
Moments = tuple[tuple[datetime, datetime], ...]
_LIMIT = re.compile(r"(\d{1,4})(m|h|d|wh|wd)")
_SEARCHED = 400  # days without any working time after which the calendar must be wrong
_DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """The moment a day begins here."""
    return datetime.combine(day, time.min, ZONE)


@dataclass(frozen=True)
class Limit:
    """An amount of minutes (m), hours (h), days (d), working hours (wh) or working days (wd)."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read "4wh", "30d", "0m" (at once); InvalidInput("limit") for anything else."""
        match = _LIMIT.fullmatch(text.strip())
        if match is None:
            raise InvalidInput(
                "limit", Said("“%(text)s” is no limit: write 90m, 24h, 30d, 4wh or 3wd.", text=text)
            )
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    def half(self) -> "Limit":
        """Half of it, rounded up."""
        return Limit((self.amount + 1) // 2, self.unit)


@dataclass(frozen=True)
class Season:
    """Working hours (local times) from a day of the year, "MM-DD", until the next season.

    So it is from the day `first` to the day `last`, both included.
    """

    from_month_day: str
    spans: Spans
    first: date = date.min
    last: date = date.max


def season_spans(seasons: Sequence[Season], day: date) -> Spans:
    """The hours of a working day by the seasons that hold on it; before the first of them in a
    year the last counts. Where none holds, all do: an office without hours would keep no limit."""
    held = [s for s in seasons if s.first <= day <= s.last] or seasons
    ordered = sorted(held, key=lambda s: s.from_month_day)
    index = bisect_right([s.from_month_day for s in ordered], f"{day:%m-%d}")
    return ordered[index - 1].spans if ordered else ()


@dataclass(frozen=True)
class WorkCalendar:
    """When people work. `days` overrides single dates: None is a day off, spans are its hours.

    Other dates follow Monday to Friday with the hours of the season. `years` have holiday data.
    """

    seasons: tuple[Season, ...]
    days: Mapping[date, Spans | None]
    years: frozenset[int]
    _cache: dict[date, Moments] = field(default_factory=dict, repr=False, compare=False)

    def spans(self, day: date) -> Moments:
        """The working spans of a day as aware UTC moments, in order; empty on a day off."""
        found = self._cache.get(day)
        if found is None:
            local = self.days[day] if day in self.days else self._usual(day)
            found = tuple(
                (
                    datetime.combine(day, start, ZONE).astimezone(UTC),
                    datetime.combine(day, end, ZONE).astimezone(UTC),
                )
                for start, end in local or ()
            )
            self._cache[day] = found
        return found

    def _usual(self, day: date) -> Spans:
        return () if day.weekday() >= 5 else season_spans(self.seasons, day)

    def is_working_day(self, day: date) -> bool:
        """True when anybody works that day, half-days included."""
        return bool(self.spans(day))

    def data_missing(self, at: datetime) -> bool:
        """True when the holidays of that year have not been entered."""
        return at.astimezone(ZONE).year not in self.years

    def add(self, start: datetime, limit: Limit) -> datetime:
        """When a limit that begins at `start` is over, in UTC.

        m, h: by the clock. wh: working hours. wd: the end of office hours of the n-th working
        day after the first; a start on a day off or after hours counts as the next working day.
        d: the end of the n-th calendar day, moved to the next working day's end when that is a
        day off. Raises InvalidInput when the calendar has no working time.
        """
        start = _aware(start)
        if limit.unit == "m":
            return start + timedelta(minutes=limit.amount)
        if limit.unit == "h":
            return start + timedelta(hours=limit.amount)
        if limit.unit == "wh":
            return self.add_working_seconds(start, limit.amount * 3600)
        first = start.astimezone(ZONE).date()
        if limit.unit == "d":
            last = first + timedelta(days=limit.amount)
            if self.is_working_day(last):
                return midnight(last + _DAY).astimezone(UTC)
            return self._next_working_end(last)
        day = first
        if not self.is_working_day(day) or start >= self.spans(day)[-1][1]:
            day = self._next_working(day + _DAY)
        for _ in range(limit.amount):
            day = self._next_working(day + _DAY)
        return max(self.spans(day)[-1][1], start)

    def _next_working(self, day: date) -> date:
        for offset in range(_SEARCHED):
            if self.is_working_day(day + timedelta(days=offset)):
                return day + timedelta(days=offset)
        raise InvalidInput(
            "calendar", Said("From %(day)s on the calendar has no working time.", day=day)
        )

    def _next_working_end(self, day: date) -> datetime:
        return self.spans(self._next_working(day))[-1][1]

    def add_working_seconds(self, start: datetime, seconds: int) -> datetime:
        """The moment when so many seconds inside working hours have passed, in UTC.

        Zero seconds outside working hours is the start of the next span.
        """
        moment = _aware(start)
        day = self._next_working(moment.astimezone(ZONE).date())
        left = timedelta(seconds=seconds)
        while True:
            for begin, end in self.spans(day):
                if moment >= end:
                    continue
                moment = max(moment, begin)
                if left <= end - moment:
                    return moment + left
                left -= end - moment
                moment = end
            day = self._next_working(day + _DAY)

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Whole seconds of working hours between two moments; negative when `end` is earlier."""
        start, end = _aware(start), _aware(end)
        if end < start:
            return -self.working_seconds(end, start)
        total, day, last = timedelta(), start.astimezone(ZONE).date(), end.astimezone(ZONE).date()
        while day <= last:
            for begin, finish in self.spans(day):
                inside = min(finish, end) - max(begin, start)
                total += max(inside, timedelta())
            day += _DAY
        return int(total.total_seconds())


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise TypeError("working time needs aware datetimes")
    return moment.astimezone(UTC)
