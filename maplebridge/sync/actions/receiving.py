"""Taking in a batch of sealed records: the raw bytes first, in one transaction; then the acts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.sync.actions.applying import alone_here, apply_receipts
from maplebridge.sync.actions.epochs import begin_epoch, current_epoch
from maplebridge.sync.models import Device, Epoch, Submission
from maplebridge.sync.queries.receipts import receipts_of
from maplebridge.sync.record import Item

# How long one request may apply; a phone waits for its answer, and others wait behind it.
SECONDS = 2.0
_KEEP = """
INSERT INTO sync_submission (record, sha256, sealed, contested, device_id, person_id, arrived_at,
    lag_ms, contact_seq, contact_at, state, reason, version, tries, kind)
SELECT record, sha256, sealed, %(contested)s, %(device)s, %(person)s, %(at)s, %(lag)s, %(seq)s,
    %(contact)s, %(state)s, %(reason)s, 1, 0, ''
FROM unnest(%(records)s::uuid[], %(hashes)s::bytea[], %(sealed)s::bytea[])
    WITH ORDINALITY AS sent (record, sha256, sealed, place)
ORDER BY record, place
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Told:
    """What a phone says of itself with a batch: its clock, the epoch and the highest receipt it
    knows, and how it stands."""

    sent_at: datetime
    epoch: str
    last: tuple[int, UUID] | None
    state: dict[str, Any]
    seq: int | None


@dataclass(frozen=True)
class Answer:
    """What a phone is told: the receipts in the order sent, and whether it holds a receipt that
    is not known here."""

    epoch: Epoch
    lost: bool
    receipts: list[dict[str, Any]]


def receive(
    device: Device, told: Told, items: Sequence[Item], *, at: datetime | None = None,
    seconds: float = SECONDS,
) -> Answer:  # fmt: skip
    """Keep what a device sent, then apply what there is time for, in the order of its records.

    The raw bytes are committed before anything is done with them. The same batch again, at the
    same time or later, keeps nothing twice and answers the states of now.
    """
    moment = at or timezone.now()
    until = time.monotonic() + seconds
    with transaction.atomic():
        _keep(device, told, items, moment)
        _contact(device, told, moment)
    lost, epoch = _look_back(told, moment)
    with alone_here() as free:
        if free:
            apply_receipts(_pending(device), lambda: at or timezone.now(), until)
    return Answer(epoch, lost, receipts_of(items))


def _keep(device: Device, told: Told, items: Sequence[Item], at: datetime) -> None:
    if not items:
        return
    _insert(device, told, items, at, "kept", "", contested=False)
    kept = {
        (record, bytes(sha))
        for record, sha in Submission.objects.filter(
            record__in={i.record for i in items}
        ).values_list("record", "sha256")
    }
    others = [i for i in items if (i.record, i.sha256) not in kept]
    if others:
        said = _("Another record has this id.")
        _insert(device, told, others, at, "quarantined", said, contested=True)


def _insert(
    device: Device, told: Told, items: Sequence[Item], at: datetime, state: str, reason: str,
    *, contested: bool,
) -> None:  # fmt: skip
    facts: dict[str, Any] = {
        "records": [i.record for i in items], "hashes": [i.sha256 for i in items],
        "sealed": [i.sealed for i in items], "contested": contested, "device": device.id,
        "person": device.person_id, "at": at, "lag": _lag(told, at), "seq": device.seq_told,
        "contact": device.last_contact_at, "state": state, "reason": reason,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, facts)


def _lag(told: Told, at: datetime) -> int:
    return (at - told.sent_at) // timedelta(milliseconds=1)


def _contact(device: Device, told: Told, at: datetime) -> None:
    """Note how the phone stands. An answer that was slow never takes a newer one back."""
    seq = device.seq_told if told.seq is None else Greatest(F("seq_told"), told.seq)
    Device.objects.filter(pk=device.pk).update(
        last_contact_at=Greatest(F("last_contact_at"), at), drift_ms=_lag(told, at),
        told=told.state, seq_told=seq,
        browser=str(told.state.get("browser") or device.browser)[:60],
    )  # fmt: skip


def _look_back(told: Told, at: datetime) -> tuple[bool, Epoch]:
    """Whether the phone holds a receipt we never gave: then we were restored from a backup."""
    epoch = current_epoch(at)
    if told.last is None:
        return False, epoch
    receipt, record = told.last
    if Submission.objects.filter(receipt=receipt, record=record).exists():
        return False, epoch
    return True, begin_epoch(Epoch.Cause.RECEIPT, at=at, known=told.epoch)


def _pending(device: Device) -> list[int]:
    kept = Submission.objects.filter(device=device, state="kept").order_by("receipt")
    return list(kept.values_list("receipt", flat=True))
