"""Reading a holiday notice of the State Council: which days are off, which are worked instead.

The notices have had one form for years: a numbered paragraph for each holiday, with sentences such
as “2月15日（农历腊月二十八、周日）至23日放假调休，共9天。2月14日（周六）、2月28日（周六）上班。”
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ASIDE = re.compile(r"[（(][^）)]*[）)]")
_NUMBER = re.compile(r"[一二三四五六七八九十]+、")
_NAME = re.compile(r"\s*([^：:。\s]{2,14})\s*[：:](.*)", re.DOTALL)
_DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
_SPAN = re.compile(rf"{_DAY}(?:\s*(?:至|—|－|-|~)\s*{_DAY})?")
_WEEK = "一二三四五六日"
_WEEKDAY = re.compile(
    rf"(?<!年)(?<!\d)(\d{{1,2}})月(\d{{1,2}})日[（(][^）)]*?(?:周|星期)([{_WEEK}])"
)
_IN_ALL = re.compile(r"共\s*(\d{1,2})\s*天")
LONGEST = timedelta(days=14)
_SATURDAY = 5


@dataclass(frozen=True)
class Holiday:
    """One paragraph: days off, days worked instead, and how many days off it says there are."""

    name: str
    off: tuple[date, ...]
    on: tuple[date, ...]
    said: int | None

    @property
    def agrees(self) -> bool:
        """True when the days read are as many as the notice says."""
        return self.said is None or self.said == len(self.off)

    @property
    def differing(self) -> list[tuple[date, bool]]:
        """(day, working) of the days on which it is not as the week has it."""
        off = [(day, False) for day in self.off if day.weekday() < _SATURDAY]
        on = [(day, True) for day in self.on if day.weekday() >= _SATURDAY]
        return sorted([*off, *on])


def read_notice(text: str, year: int) -> list[Holiday]:
    """The holidays of a notice for a year, in its order; [] when there is none in the text."""
    parts = _NUMBER.split(_ASIDE.sub("", text))
    named = filter(None, map(_NAME.match, parts[1:]))
    read = [_holiday(found[1], found[2], year) for found in named]
    return [holiday for holiday in read if holiday.off]


def weekdays_fit(text: str, year: int) -> bool:
    """False when a day of the notice is not the weekday it says: the notice of another year."""
    told = (
        (int(month), int(day), _WEEK.index(word)) for month, day, word in _WEEKDAY.findall(text)
    )
    known = ((_date(year, month, day), weekday) for month, day, weekday in told)
    return all(day is None or day.weekday() == weekday for day, weekday in known)


def _holiday(name: str, body: str, year: int) -> Holiday:
    off: list[date] = []
    on: list[date] = []
    for sentence in re.split(r"[。；;\n]", body):
        days = list(_days(sentence, year))
        if "上班" in sentence:
            on += days
        elif "放假" in sentence:
            off += days
    said = _IN_ALL.search(body)
    return Holiday(name, tuple(off), tuple(on), int(said[1]) if said else None)


def _days(sentence: str, year: int) -> Iterator[date]:
    month = 0
    for found in _SPAN.finditer(sentence):
        first_year, first_month, first_day, last_year, last_month, last_day = found.groups()
        month = int(first_month or month)
        first = _date(int(first_year or year), month, int(first_day))
        if first is None:
            continue
        last = first
        if last_day:
            month = int(last_month or month)
            last = _date(int(last_year or first.year), month, int(last_day)) or first
            if not first <= last <= first + LONGEST:
                continue
        day = first
        while day <= last:
            yield day
            day += timedelta(days=1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
