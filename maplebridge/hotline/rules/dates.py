"""Times as offices write them, read as Asia/Shanghai."""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.worktime import ZONE

EARLIEST = 2000  # no hotline's message is older; a smaller year is a slip or a number of days
AHEAD = timedelta(days=1)  # clocks of other systems may be ahead of ours
# Day 0 of the 1900 system is written so that day 60, which never was, stays harmless (ECMA-376
# Part 1, 18.17.4.1); the 1904 system counts from its first day.
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001

_DATE = re.compile(
    r"(?P<y>\d{4})\s*(?P<s>[-/.年])\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?(?P<rest>.*)",
    re.DOTALL,
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_WEEKDAY = re.compile(r"^\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_TIME = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|晚|am|pm)?\s*"
    r"(?P<h>\d{1,2})\s*(?:[:时点]\s*"
    r"(?:(?P<m>\d{1,2}|半|整)\s*(?:[:分]\s*(?:(?P<s>\d{1,2})(?:\.\d+)?\s*秒?)?)?)?)?"
    r"\s*(?P<after>am|pm)?\s*(?P<zone>z|[+-]\d{2}:?\d{2})?"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_LATER = {"下午", "傍晚", "晚上", "晚", "pm"}


def parse_time(value: object, *, now: datetime, epoch_1904: bool = False) -> datetime:
    """The aware moment a cell means: typed, an Excel serial, or text in any usual form.

    Reads 2019/2/28 11:25:05, 2026-03-01T08:00:00+08:00, 20260301, 2026年3月1日 8时, 下午3点半,
    with weekday, seconds and fractions or without. Raises InvalidInput("time") with the reason:
    empty, unreadable, no such day or hour, before 2000 or more than a day after `now`.
    """
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=ZONE)
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=ZONE)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        text = str(value)
        packed = _PACKED.fullmatch(text) if len(text) != 5 else None
        moment = _packed(packed, text) if packed else _serial(float(value), epoch_1904)
    else:
        moment = _written("" if value is None else str(value), epoch_1904)
    if moment.year < EARLIEST:
        raise InvalidInput("time", _("The time %(time)s is too early.") % {"time": f"{moment:%F}"})
    if moment > now + AHEAD:
        raise InvalidInput("time", _("The time %(time)s lies ahead.") % {"time": f"{moment:%F}"})
    return moment


def _serial(days: float, epoch_1904: bool) -> datetime:
    if not 0 < days < 110_000:
        raise InvalidInput("time", _("%(time)s is not a time.") % {"time": f"{days:g}"})
    naive = (_EPOCH_1904 if epoch_1904 else _EPOCH_1900) + timedelta(seconds=round(days * 86_400))
    return naive.replace(tzinfo=ZONE)


def _written(raw: str, epoch_1904: bool) -> datetime:
    text = unicodedata.normalize("NFKC", raw).strip().lower()
    if not text:
        raise InvalidInput("time", _("The time is empty."))
    if packed := _PACKED.fullmatch(text):
        return _packed(packed, raw)
    if _SERIAL.fullmatch(text):
        return _serial(float(text), epoch_1904)
    found = _DATE.fullmatch(text)
    if found is None:
        raise _unreadable(raw)
    rest = _WEEKDAY.sub("", found["rest"].lstrip(" t,")).strip(" t,")
    hour, minute, second, zone = _clock(rest, raw)
    return _made(
        raw, (int(found["y"]), int(found["m"]), int(found["d"])), (hour, minute, second), zone
    )


def _packed(found: re.Match[str], raw: str) -> datetime:
    y, m, d, hour, minute, second = (int(part or 0) for part in found.groups())
    return _made(raw, (y, m, d), (hour, minute, second), None)


def _clock(rest: str, raw: str) -> tuple[int, int, int, str | None]:
    if not rest:
        return 0, 0, 0, None
    found = _TIME.fullmatch(rest)
    if found is None:
        raise _unreadable(raw)
    hour = int(found["h"])
    half = found["half"] or found["after"]
    if half in _LATER and hour < 12:
        hour += 12
    elif half in {"am", "凌晨"} and hour == 12:
        hour = 0
    elif half == "中午" and hour < 3:
        hour += 12
    minute = {"半": 30, "整": 0}.get(found["m"] or "")
    return (
        hour,
        int(found["m"] or 0) if minute is None else minute,
        int(found["s"] or 0),
        found["zone"],
    )


def _made(
    raw: str, day: tuple[int, int, int], clock: tuple[int, int, int], zone: str | None
) -> datetime:
    hour, minute, second = clock
    midnight = (hour, minute, second) == (24, 0, 0)
    try:
        naive = datetime(*day, 0 if midnight else hour, minute, second)  # noqa: DTZ001
        moment = naive.replace(tzinfo=_zone(zone) if zone else ZONE)
        return moment + timedelta(days=1) if midnight else moment
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            "time", _("There is no such day or hour: %(time)s") % {"time": raw.strip()[:40]}
        ) from error


def _zone(text: str) -> timezone:
    if text == "z":
        return timezone.utc  # noqa: UP017
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _unreadable(raw: str) -> InvalidInput:
    return InvalidInput("time", _("%(time)s is not a time.") % {"time": raw.strip()[:40]})
