"""What a worker's records came to. The worker sees these rows, the appraisal reads these totals."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.kernel.worktime import midnight
from maplebridge.sync.models import Submission
from maplebridge.sync.queries.opening import record_of
from maplebridge.sync.rules import COUNTS_AS

WAYS = ("counted", "waiting", "returned")


@dataclass(frozen=True)
class Ledger:
    """One person's records made in a month, and how many count as what: "sent" is all of them."""

    month: str
    rows: list[dict[str, Any]]
    counts: dict[str, int]


def records_of(person_id: int, begin: datetime, end: datetime) -> QuerySet[Submission]:
    """Records of a person made from one moment until before another; unfinished forms and second
    bytes under an id are no records. What nobody could read yet stands at its arrival."""
    made = Q(made_at__gte=begin, made_at__lt=end)
    unread = Q(made_at__isnull=True, arrived_at__gte=begin, arrived_at__lt=end)
    found = Submission.objects.filter(made | unread, person_id=person_id, contested=False)
    return found.exclude(kind="draft")


def ledger(person_id: int, month: str) -> Ledger:
    """The ledger of "2026-11"; its totals are the counted rows. InvalidInput("month")."""
    begin, end = _bounds(month)
    found = records_of(person_id, begin, end).select_related("matter")
    rows = [
        {
            "id": str(r.record), "kind": r.kind, "made_at": r.made_at, "arrived_at": r.arrived_at,
            "state": r.state, "counts_as": COUNTS_AS[r.state], "reason": r.reason,
            "matter": r.matter.number if r.matter else None,
        }
        for r in found.order_by("made_at", "receipt")
    ]  # fmt: skip
    tally = Counter(row["counts_as"] for row in rows)
    return Ledger(month, rows, {"sent": len(rows), **{way: tally[way] for way in WAYS}})


def _bounds(month: str) -> tuple[datetime, datetime]:
    try:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError:
        raise InvalidInput("month", _("Write the month as 2026-01.")) from None
    return midnight(first), midnight(after)


def own_record(person_id: int, record_id: UUID) -> dict[str, Any]:
    """One's own record as it was written, with its state. NotFound for anybody else's."""
    row = Submission.objects.filter(
        record=record_id, person_id=person_id, contested=False
    ).select_related("matter")
    found = row.first()
    if found is None:
        raise NotFound(_("There is no such record of yours."))
    facts = {
        "id": str(found.record), "receipt": found.receipt, "state": found.state,
        "reason": found.reason, "made_at": found.made_at, "arrived_at": found.arrived_at,
        "matter": found.matter.number if found.matter else None, "record": None,
    }  # fmt: skip
    try:
        facts["record"] = record_of(found).model_dump(mode="json")
    except InvalidInput:
        facts["reason"] = found.reason or _("The words of this record were erased with time.")
    return facts
