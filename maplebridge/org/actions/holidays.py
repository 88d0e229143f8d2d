"""A year's holidays entered at once, as the notice of the State Council has them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from maplebridge.org.actions.recording import begin, clean_reason, record
from maplebridge.org.lists import LISTS, plain
from maplebridge.org.models import CalendarDay, CalendarYear, Change
from maplebridge.org.rules import Actor


@transaction.atomic
def enter_year(
    year: int, days: Mapping[date, tuple[bool, str]], *, actor: Actor, reason: str,
    command_id: UUID, at: datetime | None = None,
) -> int:  # fmt: skip
    """Enter (working, note) of days and mark the year as entered; how many days were new or other.

    The reason is the notice, so it stands as the year's source as well.

    Days that are there already are put right; days that are not named stay as they are. A command
    that came before enters nothing.
    """
    kept, now = begin("day", actor), at or timezone.now()
    reason, made = clean_reason(reason), 0
    if Change.objects.filter(command_id=uuid5(command_id, "year")).exists():
        return 0
    known = {row.day: row for row in CalendarDay.objects.filter(day__in=days)}
    for day, (working, note) in sorted(days.items()):
        row = known.get(day)
        before = plain(kept, row) if row else {}
        if row is not None and (row.working, row.note) == (working, note[:60]):
            continue
        row = row or CalendarDay(day=day)
        row.working, row.note, row.spans = working, note[:60], ""
        row.save()
        act, number = (
            Change.Act.CHANGED if before else Change.Act.ADDED,
            uuid5(command_id, f"{day}"),
        )
        record(kept, row, act, before, plain(kept, row), 0, actor, reason, number, now)
        made += 1
    _mark(year, actor, reason, uuid5(command_id, "year"), now)
    return made


def _mark(year: int, actor: Actor, reason: str, number: UUID, now: datetime) -> None:
    kept = LISTS["year"]
    row: Any = CalendarYear.objects.filter(year=year).first() or CalendarYear(year=year)
    before = plain(kept, row) if row.pk else {}
    row.source = reason[:100]
    row.save()
    act = Change.Act.CHANGED if before else Change.Act.ADDED
    record(kept, row, act, before, plain(kept, row), 0, actor, reason, number, now)
