"""What time does in sync: applies what was left, forces what waited too long, forgets."""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from maplebridge.sync.actions.applying import apply_receipts, due, waited_too_long
from maplebridge.sync.models import Change, Submission, Upload
from maplebridge.sync.rules import CHANGES_DAYS, RAW_DAYS

# Not longer, for the same process sends alarms on.
SECONDS = 5.0
BATCH = 1000
# Bytes of a file that nobody went on sending for so long are of no use any more.
FORGET_DAYS = 90


def apply_due(now: datetime | None = None, *, seconds: float = SECONDS) -> int:
    """Apply records that a rush or a fault left, and those that waited five days; how many.

    Safe to run beside requests and beside itself: each record is locked by whoever applies it.
    """
    until, done = time.monotonic() + seconds, 0
    late = waited_too_long(now or timezone.now())
    done += apply_receipts(late, lambda: now or timezone.now(), until, force=True)
    tried: set[int] = set()  # a fault is tried again at the next tick, not at once
    while receipts := [r for r in due() if r not in tried]:
        done += apply_receipts(receipts, lambda: now or timezone.now(), until)
        if time.monotonic() >= until:
            break
        tried.update(receipts)
    return done


def tidy(now: datetime | None = None) -> int:
    """Erase words whose time is over and forget old notes of changes; how many records lost
    their words (PIPL 19)."""
    moment = now or timezone.now()
    Change.objects.filter(at__lt=moment - timedelta(days=CHANGES_DAYS)).delete()
    Upload.objects.filter(
        state=Upload.State.COMING, submission__isnull=True,
        begun_at__lt=moment - timedelta(days=FORGET_DAYS),
    ).delete()  # fmt: skip
    old = Submission.objects.filter(
        erased_at__isnull=True, arrived_at__lt=moment - timedelta(days=RAW_DAYS)
    )
    erased = 0
    while batch := list(old.values_list("receipt", flat=True)[:BATCH]):
        erased += _erase(batch, moment)
    return erased


@transaction.atomic
def _erase(receipts: list[int], at: datetime) -> int:
    rows = Submission.objects.filter(receipt__in=receipts)
    return rows.update(sealed=b"", erased_at=at)
