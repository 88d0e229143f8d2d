"""A week of the roster by unit: who is on duty, who stands in, and when nobody is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.utils import timezone

from maplebridge.kernel.worktime import midnight
from maplebridge.org.models import Absence, Shift, Unit

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# Where somebody must be reached day and night: command room, police desk, fire post.
WATCHES = (Unit.Kind.COMMAND_ROOM, Unit.Kind.POLICE, Unit.Kind.EMERGENCY)


@dataclass(frozen=True)
class Watch:
    """A shift as a cell shows it; `stand_in` is who takes it while the holder is away."""

    shift: Shift
    starts: datetime
    ends: datetime
    who: str
    stand_in: str
    next_day: bool


@dataclass(frozen=True)
class Gap:
    """A time when nobody is on duty, local."""

    starts: datetime
    ends: datetime

    @property
    def shift(self) -> str:
        """What a form that adds a shift begins with, of a day at most."""
        ends = min(self.ends, self.starts + DAY)
        return urlencode(
            {
                "day_of": self.starts.date(),
                "starts": f"{self.starts:%H:%M}",
                "ends": f"{ends:%H:%M}",
            }
        )


@dataclass(frozen=True)
class UnitWeek:
    """A unit's seven days with their shifts, and the gaps of the week."""

    unit: Unit
    days: list[tuple[date, list[Watch]]]
    gaps: list[Gap]


def monday_of(day: date) -> date:
    """The Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def week_of(monday: date) -> list[UnitWeek]:
    """The watch units with the week's shifts; three queries whatever the number of shifts."""
    first, last = midnight(monday), midnight(monday + WEEK)
    absences = Absence.objects.filter(
        from_day__lte=monday + WEEK, to_day__gte=monday
    ).select_related("stand_in")
    shifts = (
        Shift.objects.filter(starts_at__lt=last, ends_at__gt=first, post__unit__kind__in=WATCHES)
        .select_related("post__person", "post__unit")
        .prefetch_related(Prefetch("post__absences", absences, to_attr="away"))
    )
    by_unit: dict[int, list[Shift]] = {}
    for shift in shifts:
        if shift.post.is_valid_on(timezone.localdate(max(shift.starts_at, first))):
            by_unit.setdefault(shift.post.unit_id, []).append(shift)
    units = Unit.objects.filter(kind__in=WATCHES).exclude(valid_to__lt=monday)
    order = {kind: n for n, kind in enumerate(WATCHES)}
    found = sorted(units, key=lambda u: (order[Unit.Kind(u.kind)], u.code))
    return [_unit_week(unit, by_unit.get(unit.pk, []), monday, first, last) for unit in found]


def _unit_week(
    unit: Unit, shifts: list[Shift], monday: date, first: datetime, last: datetime
) -> UnitWeek:
    days: dict[date, list[Watch]] = {monday + n * DAY: [] for n in range(7)}
    for shift in shifts:
        watch = _watch(shift)
        if watch.starts.date() in days:
            days[watch.starts.date()].append(watch)
    return UnitWeek(unit, list(days.items()), gaps(shifts, first, last))


def _watch(shift: Shift) -> Watch:
    starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    day = starts.date()
    away = next((a for a in shift.post.away if a.from_day <= day <= a.to_day), None)  # type: ignore[attr-defined]
    return Watch(
        shift=shift,
        starts=starts,
        ends=ends,
        who=shift.post.person.name,
        stand_in=away.stand_in.name if away else "",
        next_day=ends.date() > day,
    )


def gaps(shifts: Iterable[Shift], first: datetime, last: datetime) -> list[Gap]:
    """The times between two moments that no shift covers, in order."""
    found, covered = [], first
    for shift in sorted(shifts, key=lambda s: s.starts_at):
        if shift.starts_at > covered:
            found.append((covered, min(shift.starts_at, last)))
        covered = max(covered, shift.ends_at)
    if covered < last:
        found.append((covered, last))
    return [Gap(timezone.localtime(a), timezone.localtime(b)) for a, b in found]
