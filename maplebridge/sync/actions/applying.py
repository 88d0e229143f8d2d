"""Applying what was kept: each record once, in a transaction of its own, and never lost.

Whatever a room below refuses, and whatever breaks, becomes a state with a reason.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import (
    MaplebridgeError,
)
from maplebridge.sql import read, update_row
from maplebridge.sync import models
from maplebridge.sync.actions.judging import Devices, Verdict, judge, refusal
from maplebridge.sync.models import Submission
from maplebridge.sync.rules import FORCE_AFTER, TRIES

PENDING = ("kept", "waiting")
WRITTEN = (
    "state", "reason", "version", "tries", "kind", "after", "seq", "made_at", "matter", "person",
    "applied_at",
)  # fmt: skip
BATCH = 200
RUN = 20  # records in one transaction: a commit costs as much as a record
REASON_LIMIT = 300
log = logging.getLogger(__name__)
# In a rush every request keeps its records, and one at a time in each process applies.
_gate = threading.BoundedSemaphore(1)


@contextmanager
def alone_here() -> Iterator[bool]:
    """True for one caller of this process at a time."""
    mine = _gate.acquire(blocking=False)
    try:
        yield mine
    finally:
        if mine:
            _gate.release()


def apply_receipts(
    receipts: Iterable[int], now: Callable[[], datetime], until: float, *, force: bool = False
) -> int:
    """Apply these submissions in order, and those that waited for them, until a moment of the
    monotonic clock; how many came to an end. What is left stays as it is for the timer. `force`
    lets records that waited too long go without the one before them."""
    queue, devices, done = deque(receipts), Devices(), 0
    ended: list[UUID] = []
    while queue and time.monotonic() < until:
        run = [queue.popleft() for _ in range(min(RUN, len(queue)))]
        rows = _apply_together(run, devices, now(), force)
        done += len(rows)
        ended += [row.record for row in rows]
        if not queue and ended:
            queue.extend(waiting_for(ended))
            ended, force = [], False
    return done


def _apply_together(
    receipts: list[int], devices: Devices, at: datetime, force: bool
) -> list[Submission]:
    """Apply a run of submissions in one transaction, each with a way back of its own; those that
    came to an end. Where a fault breaks the run, each has a transaction of its own."""
    if len(receipts) > 1:
        try:
            with transaction.atomic():
                rows = _locked(receipts)
                for row in rows:
                    _apply(row, devices, at, force)
            return rows
        except Exception as error:  # noqa: BLE001 — found again at the record it lies in
            log.info("Applying one by one: %s", error)
    alone = (_apply_alone(receipt, devices, at, force) for receipt in receipts)
    return [row for row in alone if row is not None]


def _apply(row: Submission, devices: Devices, at: datetime, force: bool) -> None:
    """Apply a locked submission; a refusal undoes what the act wrote and becomes its state."""
    try:
        with transaction.atomic():
            verdict = judge(row, devices, at, force)
    except MaplebridgeError as error:
        verdict = refusal(row, devices, error, at)
    conclude(row, verdict, at)


def _apply_alone(receipt: int, devices: Devices, at: datetime, force: bool) -> Submission | None:
    """Apply one submission; None when somebody else is at it or it came to an end before."""
    try:
        with transaction.atomic():
            row = next(iter(_locked([receipt])), None)
            if row is not None:
                _apply(row, devices, at, force)
            return row
    except Exception as error:
        log.error("Record %s could not be applied.", receipt, exc_info=error)
        return _after_fault(receipt, at)


def waiting_for(records: Collection[UUID]) -> list[int]:
    """Receipts of records that waited for one of these, which have come to an end."""
    ended = Submission.objects.filter(
        record__in=records, contested=False, state__in=["applied", "set_aside"]
    )
    waiting = Submission.objects.filter(after__in=ended.values("record"), state="waiting")
    return list(waiting.order_by("receipt").values_list("receipt", flat=True))


def _locked(receipts: list[int]) -> list[Submission]:
    """Those that wait to be applied and nobody else is at, locked, in their order."""
    rows = read(
        Submission,
        "WHERE receipt = ANY(%s) AND state = ANY(%s) ORDER BY receipt FOR UPDATE SKIP LOCKED",
        [receipts, list(PENDING)],
    )
    order = {receipt: place for place, receipt in enumerate(receipts)}
    return sorted(rows, key=lambda row: order[row.receipt])


def conclude(row: Submission, verdict: Verdict, at: datetime) -> None:
    """Write what became of a record that the caller holds locked."""
    row.state, row.reason = verdict.state, verdict.reason[:REASON_LIMIT]
    row.matter_id = verdict.matter or row.matter_id
    row.version += 1
    if verdict.state == "applied":
        row.applied_at = at
    if verdict.conflicts:
        models.Conflict.objects.bulk_create(
            [models.Conflict(submission=row, fields=verdict.conflicts)],
            update_conflicts=True, unique_fields=["submission"], update_fields=["fields"],
        )  # fmt: skip
    update_row(row, WRITTEN)


def _after_fault(receipt: int, at: datetime) -> Submission | None:
    """The act was undone as a whole: try again later, for it was our own fault."""
    try:
        with transaction.atomic():
            row = next(iter(_locked([receipt])), None)
            if row is not None:
                conclude(row, _fault(row), at)
            return row
    except DatabaseError:
        log.exception("Record %s stays as it is kept.", receipt)
        return None


def _fault(row: Submission) -> Verdict:
    row.tries += 1
    if row.tries < TRIES:
        return Verdict("kept", _("Something went wrong on our side; it is tried again."))
    return Verdict("quarantined", _("Something went wrong on our side; somebody looks at it."))


def waited_too_long(now: datetime) -> list[int]:
    """Receipts of records that have waited for another for five days."""
    waiting = Submission.objects.filter(state="waiting", arrived_at__lt=now - FORCE_AFTER)
    return list(waiting.order_by("receipt").values_list("receipt", flat=True)[:BATCH])


def due(limit: int = BATCH) -> list[int]:
    """Receipts of records that are kept and not applied, the oldest first, faults after them."""
    kept = Submission.objects.filter(state="kept").order_by("tries", "arrived_at", "receipt")
    return list(kept.values_list("receipt", flat=True)[:limit])
