"""Closing a day of the ledger."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel import chain
from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.trust import ledger
from maplebridge.trust.models import DayRoot
from maplebridge.trust.rules import LEDGER_LOCK


def take_ledger_lock(*, exclusive: bool) -> None:
    """Hold the ledger until the transaction ends: shared to write events, alone to close a day.

    Whoever closes a day takes it first, then reads the day's events, then calls `close_day`, so
    that no event can slip in between. Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the ledger lock needs a transaction")
    shared = "" if exclusive else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [LEDGER_LOCK])


@transaction.atomic
def close_day(day: date, leaves: Sequence[tuple[int, bytes]], *, at: datetime) -> DayRoot:
    """Close a day over its events: (id, 32-byte hash) with rising ids, empty on a quiet day.

    The first call sets the chain's beginning; after that each day follows the one before without
    a gap. The same day with the same events answers the kept row. Raises Conflict for other
    events or a day out of order, InvalidInput for a day not over at `at` or malformed leaves.
    """
    if day >= timezone.localdate(at):
        raise InvalidInput("day", _("%(day)s is not over yet.") % {"day": day})
    if not ledger.well_formed(leaves):
        raise InvalidInput("leaves", _("The events of a day come in the order of their numbers."))
    take_ledger_lock(exclusive=True)
    root = ledger.merkle_root_of(leaves)
    if kept := DayRoot.objects.filter(day=day).first():
        if bytes(kept.root) == root and kept.count == len(leaves):
            return kept
        raise Conflict(_("%(day)s is already closed over other events.") % {"day": day})
    last = DayRoot.objects.defer("leaves").order_by("-day").first()
    if last and day != last.day + timedelta(days=1):
        raise Conflict(
            _("Days are closed one after another: %(day)s comes next.")
            % {"day": last.day + timedelta(days=1)}
        )
    previous = bytes(last.digest) if last else chain.GENESIS
    highest = leaves[-1][0] if leaves else last.highest_id if last else 0
    return DayRoot.objects.create(
        day=day,
        count=len(leaves),
        highest_id=highest,
        root=root,
        previous_digest=previous,
        digest=ledger.day_digest(day, len(leaves), highest, root, previous),
        leaves=ledger.pack(leaves),
        closed_at=at,
    )
