"""Applying what was kept: each record once, in a transaction of its own, and never lost.

Whatever a room below refuses, and whatever breaks, becomes a state with a reason.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from maplebridge.files.actions import promise
from maplebridge.kernel.errors import (
    Conflict,
    InvalidInput,
    MaplebridgeError,
    NotAllowed,
    NotFound,
)
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import Actor
from maplebridge.sql import read, update_row
from maplebridge.sync import commands, models
from maplebridge.sync.models import Device, Submission, Upload
from maplebridge.sync.queries.opening import record_of
from maplebridge.sync.queries.standing import matter_of, standing
from maplebridge.sync.record import Record
from maplebridge.sync.rules import CLOCK_ERROR, FORCE_AFTER, TRIES, time_of_making

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


@dataclass
class Verdict:
    """What becomes of a record, and what it met."""

    state: str
    reason: str = ""
    matter: int | None = None
    conflicts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def alone_here() -> Iterator[bool]:
    """True for one caller of this process at a time."""
    mine = _gate.acquire(blocking=False)
    try:
        yield mine
    finally:
        if mine:
            _gate.release()


class _Devices:
    """Devices with their people, read once for a run of records."""

    def __init__(self) -> None:
        self._known: dict[UUID, Device | None] = {}

    def get(self, device_id: UUID) -> Device | None:
        if device_id not in self._known:
            found = Device.objects.select_related("person").filter(pk=device_id)
            self._known[device_id] = found.first()
        return self._known[device_id]


def apply_receipts(
    receipts: Iterable[int], now: Callable[[], datetime], until: float, *, force: bool = False
) -> int:
    """Apply these submissions in order, and those that waited for them, until a moment of the
    monotonic clock; how many came to an end. What is left stays as it is for the timer. `force`
    lets records that waited too long go without the one before them."""
    queue, devices, done = deque(receipts), _Devices(), 0
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
    receipts: list[int], devices: _Devices, at: datetime, force: bool
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


def _apply(row: Submission, devices: _Devices, at: datetime, force: bool) -> None:
    """Apply a locked submission; a refusal undoes what the act wrote and becomes its state."""
    try:
        with transaction.atomic():
            verdict = _judge(row, devices, at, force)
    except MaplebridgeError as error:
        verdict = _refusal(row, devices, error, at)
    conclude(row, verdict, at)


def _apply_alone(receipt: int, devices: _Devices, at: datetime, force: bool) -> Submission | None:
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


def _judge(row: Submission, devices: _Devices, at: datetime, force: bool) -> Verdict:
    """Read the record, look whether it may go on, and act."""
    record = record_of(row)
    device = devices.get(row.device_id)
    assert device is not None
    made_on = note_facts(row, record, device, devices.get)
    expect_files(row, record, at)
    if record.kind == "draft":
        return Verdict("quarantined", _("An unfinished form of a phone that was signed out."))
    if why := _suspect(row, device, made_on):
        return Verdict("quarantined", why)
    if record.after is not None and not force:
        before = Submission.objects.filter(record=record.after, contested=False)
        state = before.values_list("state", flat=True).first()
        if state not in {"applied", "set_aside"}:
            return Verdict("waiting", _("It waits for an earlier record of this phone."))
    return act(row, record, actor_for(device.person, row.made_at), at)


def act(row: Submission, record: Record, actor: Actor, at: datetime) -> Verdict:
    """Run the command of a record; raises what the acts refuse."""
    assert row.made_at is not None
    done = commands.run(
        commands.Wish(record, actor, row.made_at, at, matter_of(record, row.person_id))
    )
    if done.conflicts:
        reason = _("Somebody else wrote something different meanwhile. Choose what is right.")
        return Verdict("conflict", reason, done.matter, dict(done.conflicts))
    return Verdict("applied", done.reason, done.matter)


def note_facts(
    row: Submission, record: Record, device: Device, known: Callable[[UUID], Device | None]
) -> Device | None:
    """Set what the record says of itself on its row; its author is whoever enrolled the device it
    was made on. That device, None when it is not known here."""
    made_on: Device | None = device
    if record.device is not None and record.device != device.id:
        made_on = known(record.device)
    author_id = (made_on or device).person_id
    enrolled = (made_on or device).enrolled_at
    if row.contact_at and row.contact_seq is not None and record.seq > row.contact_seq:
        enrolled = max(enrolled, row.contact_at)
    row.kind, row.after, row.seq, row.person_id = record.kind, record.after, record.seq, author_id
    row.made_at = time_of_making(
        record.made_at, record.offset_ms, lag_ms=row.lag_ms, arrived=row.arrived_at,
        not_before=enrolled,
    )  # fmt: skip
    return made_on


def expect_files(row: Submission, record: Record, at: datetime) -> None:
    """Note the files the record names, so that they are known when they come."""
    if not record.files:
        return
    promise({f.sha256: f.kind for f in record.files}, at=at)
    Upload.objects.bulk_create(
        (
            Upload(
                sha256=f.sealed, plain=f.sha256, kind=f.kind, size=f.size, begun_at=at,
                submission=row, device_id=row.device_id,
            )
            for f in record.files
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    early = Upload.objects.filter(
        sha256__in=[f.sealed for f in record.files], submission__isnull=True
    )
    early.update(submission=row)


def _suspect(row: Submission, device: Device, made_on: Device | None) -> str:
    """Why a record is left to the command room, "" when nothing speaks against it."""
    if made_on is None:
        return _("It was made on a phone that is not known here.")
    if made_on.person_id != device.person_id:
        return _("It was sent by the phone of somebody else.")
    if not device.person.is_active:
        return _("The account of its author has ended.")
    if device.revoked_at is not None and not device.signed_out:
        return _("The phone may no longer be used.")
    ended = device.revoked_at
    if ended is not None and row.made_at and row.made_at > ended + CLOCK_ERROR:
        return _("It was made after the phone was signed out.")
    return ""


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


def _refusal(row: Submission, devices: _Devices, error: Exception, at: datetime) -> Verdict:
    """The state of a record that an act refused: a conflict, where the matter moved on since its
    author saw it, else returned with the reason."""
    reason = str(error)
    try:
        record = record_of(row)
    except InvalidInput as unreadable:
        return Verdict("quarantined", unreadable.message)
    device = devices.get(row.device_id)
    assert device is not None
    note_facts(row, record, device, devices.get)
    expect_files(row, record, at)
    matter = matter_of(record, row.person_id)
    if record.kind in commands.DECIDABLE and isinstance(error, (Conflict, NotAllowed, NotFound)):
        stands = standing(record, matter, row.person_id, at)
        if stands and (isinstance(error, Conflict) or stands.moved):
            return Verdict("conflict", reason, matter, {"status": stands.fields})
    return Verdict("quarantined", reason, matter if isinstance(error, Conflict) else None)


def waited_too_long(now: datetime) -> list[int]:
    """Receipts of records that have waited for another for five days."""
    waiting = Submission.objects.filter(state="waiting", arrived_at__lt=now - FORCE_AFTER)
    return list(waiting.order_by("receipt").values_list("receipt", flat=True)[:BATCH])


def due(limit: int = BATCH) -> list[int]:
    """Receipts of records that are kept and not applied, the oldest first, faults after them."""
    kept = Submission.objects.filter(state="kept").order_by("tries", "arrived_at", "receipt")
    return list(kept.values_list("receipt", flat=True)[:limit])
