"""The light of a clock: how it stands against its limit, in working time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from maplebridge.kernel.worktime import Limit
from maplebridge.matters.models import Clock
from maplebridge.org.queries import directory

SOON_SECONDS = 4 * 3600
AFTER = ((3, Limit(5, "wd")), (2, Limit(2, "wd")))
LONG_AGO = timedelta(days=60)  # five working days never take longer
LEVELS = {1: "yellow", 2: "orange", 3: "red"}


@dataclass(frozen=True)
class ClockState:
    """A clock with the name of its light now."""

    clock: Clock
    light: str

    @property
    def extended(self) -> bool:
        return self.clock.due_at != self.clock.first_due_at


def overdue_level(due: datetime, now: datetime) -> int:
    """0 in time, 1 when due, 2 two working days later, 3 five (domain practice: 红黄灯)."""
    if now < due:
        return 0
    calendar = directory().calendar
    return next((level for level, limit in AFTER if calendar.add(due, limit) <= now), 1)


def longest_due(level: int, now: datetime) -> datetime:
    """The latest due time that has this level of lateness at a moment, to the microsecond."""
    if level <= 1:
        return now
    calendar, limit = directory().calendar, next(limit for at, limit in AFTER if at == level)
    early, late = now - LONG_AGO, now
    while late - early > timedelta(microseconds=1):
        middle = early + (late - early) / 2
        early, late = (middle, late) if calendar.add(middle, limit) <= now else (early, middle)
    return early


def light_at(due: datetime | None, now: datetime) -> str:
    """green, soon (at most four working hours), yellow, orange or red; "" without a due time."""
    if due is None:
        return ""
    if level := overdue_level(due, now):
        return LEVELS[level]
    # Four working hours never take longer than a fortnight of days off.
    if due - now > timedelta(days=14):
        return "green"
    left = directory().calendar.working_seconds(now, due)
    return "soon" if left <= SOON_SECONDS else "green"


class Lit(Protocol):
    """What the light of a matter goes by."""

    @property
    def is_open(self) -> bool: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def suspended_until(self) -> date | None: ...
    @property
    def supervision(self) -> int: ...


def light_of(matter: Lit, now: datetime) -> str:
    """The light of a matter in a list: of the clock that ends next, or of a supervisor's hand."""
    if not matter.is_open:
        return ""
    if matter.suspended_until:
        return "paused"
    raised = LEVELS.get(matter.supervision, "")
    shown = light_at(matter.due_at, now)
    return max(raised, shown, key=("", "green", "soon", "yellow", "orange", "red").index)


def clock_states(clocks: Iterable[Clock], now: datetime) -> list[ClockState]:
    """Each clock with its light: stopped, paused or as it runs."""
    return [ClockState(c, _state(c, now)) for c in clocks]


def _state(clock: Clock, now: datetime) -> str:
    if clock.stopped_at:
        return "stopped"
    return "paused" if clock.paused_at else light_at(clock.due_at, now)
