"""tick: what time itself does. Safe to run twice, at any moment, from several processes."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from maplebridge.kernel.attempts import Attempts
from maplebridge.kernel.errors import Conflict
from maplebridge.matters.actions.effects.watching import HIGHEST
from maplebridge.matters.actions.stepping import take_step
from maplebridge.matters.flow import OPEN
from maplebridge.matters.models import Clock, Matter
from maplebridge.matters.queries.ledger import day_leaves, first_unclosed_day
from maplebridge.matters.queries.lights import overdue_level
from maplebridge.org.rules import TIMER
from maplebridge.trust.actions import close_day, purge_expired, take_ledger_lock

ARCHIVE_AFTER = timedelta(days=30)
BATCH = 500


def tick(now: datetime | None = None) -> dict[str, int]:
    """Escalate, resume at the review date, archive, purge, close days; how many of each.

    A matter that fails stops no other and no part after it: an ExceptionGroup tells at the end.
    """
    moment, attempts = now or timezone.now(), Attempts()
    counts = {
        "alarms": _ring_on(moment, attempts),
        "escalated": _escalate(moment, attempts),
        "resumed": _resume(moment, attempts),
        "archived": _archive(moment, attempts),
    }
    with attempts:
        counts["erased"] = purge_expired(timezone.localdate(moment), at=moment)
    with attempts:
        counts["days_closed"] = _close_days(moment)
    attempts.raise_faults("Time did not pass for every matter")
    return counts


def _ring_on(now: datetime, attempts: Attempts) -> int:
    """Alarms nobody answered within their limit go one level up the line."""
    unanswered = Clock.objects.filter(
        kind="alarm", stopped_at__isnull=True, due_at__lt=now, matter__alarm__lt=HIGHEST
    ).select_related("matter")
    return sum(
        _step(c.matter, "alert", {"level": str(c.matter.alarm + 1)}, f"{c.id}", now, attempts)
        for c in unanswered.order_by("due_at", "id").iterator(BATCH)
    )


def _escalate(now: datetime, attempts: Attempts) -> int:
    late = Matter.objects.filter(status__in=OPEN, due_at__lt=now, supervision__lt=3)
    late = late.exclude(due_kind="alarm").order_by("due_at", "id")
    done = 0
    for matter in late.iterator(BATCH):
        level = overdue_level(matter.due_at, now) if matter.due_at else 0
        if level > matter.supervision:
            cause = f"{matter.due_at}/{level}"
            done += _step(matter, "escalate", {"level": str(level)}, cause, now, attempts)
    return done


def _resume(now: datetime, attempts: Attempts) -> int:
    due = Matter.objects.filter(suspended_until__lte=timezone.localdate(now), status="in_progress")
    return sum(
        _step(m, "resume", {}, f"{m.suspended_until}", now, attempts) for m in due.iterator(BATCH)
    )


def _archive(now: datetime, attempts: Attempts) -> int:
    old = Matter.objects.filter(
        status="closed", closed_at__lt=now - ARCHIVE_AFTER, petition_open=False
    )
    return sum(
        _step(m, "archive", {}, f"{m.closed_at}", now, attempts) for m in old.iterator(BATCH)
    )


def _step(
    matter: Matter, name: str, fields: dict[str, str], cause: str, now: datetime, attempts: Attempts
) -> int:
    """One step by the timer; its id comes from the cause, so a second run writes nothing."""
    command = uuid5(NAMESPACE_URL, f"tick/{matter.number}/{name}/{cause}")
    before = matter.version
    with attempts, suppress(Conflict):  # somebody acted between our reading and the lock
        event = take_step(matter.id, name, TIMER, fields, command_id=command, at=now)
        return int(event.version > before)
    return 0


def _close_days(now: datetime) -> int:
    """Close every day that is over, in order, five minutes after midnight at the earliest."""
    last = timezone.localdate(now - timedelta(minutes=5)) - timedelta(days=1)
    day, closed = first_unclosed_day(), 0
    while day is not None and day <= last:
        with transaction.atomic():
            take_ledger_lock(exclusive=True)  # every event of the day is in before we read
            close_day(day, list(day_leaves(day)), at=now)
        day += timedelta(days=1)
        closed += 1
    return closed
