"""What a unit has to do: as lead, as helper, and how much that is."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from maplebridge.matters.flow import OPEN
from maplebridge.matters.models import Assignment, Matter
from maplebridge.matters.queries.filters import STATES
from maplebridge.matters.queries.lists import for_rows
from maplebridge.org.rules import Actor

WORKING = ("accepted", "in_progress")
LED = ("dispatched", *WORKING)


def _by_due(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    return for_rows(matters).order_by(F("due_at").asc(nulls_last=True), "id")


def unit_list(actor: Actor) -> QuerySet[Matter]:
    """What the actor's units lead and have not finished."""
    return for_rows(Matter.objects.filter(lead_id__in=actor.unit_ids, status__in=LED))


def to_accept(actor: Actor) -> QuerySet[Matter]:
    """Dispatched to the actor's units, not accepted yet, by due time."""
    return _by_due(Matter.objects.filter(lead_id__in=actor.unit_ids, status="dispatched"))


def in_work(actor: Actor) -> QuerySet[Matter]:
    """Accepted by the actor's units and not handed in, by due time."""
    return _by_due(Matter.objects.filter(lead_id__in=actor.unit_ids, status__in=WORKING))


def to_help(actor: Actor) -> QuerySet[Matter]:
    """Matters in which a part of the actor's units is still open; `part_accepted`, or not yet."""
    part = Assignment.objects.filter(
        matter=OuterRef("pk"), unit_id__in=actor.unit_ids, role="helper", state="active"
    )
    found = _by_due(Matter.objects.filter(Exists(part), status__in=LED))
    return found.annotate(part_accepted=~Exists(part.filter(accepted_at=None)))


def handed_in(actor: Actor) -> QuerySet[Matter]:
    """Handed in by the actor's units, waiting for a verifier."""
    return _by_due(Matter.objects.filter(lead_id__in=actor.unit_ids, status="handled"))


LOAD = ("open", "late", "next_day", "paused", "asks")


def unit_load(unit_ids: Collection[int], now: datetime) -> dict[int, dict[str, int]]:
    """Unit id to how many open matters it leads, by states of the filter (`LOAD`). One query."""
    conditions = {name: Count("pk", filter=STATES[name][1](now)) for name in LOAD}
    rows = (
        Matter.objects.filter(lead_id__in=unit_ids, status__in=OPEN)
        .values("lead_id")
        .annotate(**conditions)
        .values_list("lead_id", *LOAD)
        .order_by()
    )
    counted = {pk: dict(zip(LOAD, found, strict=True)) for pk, *found in rows}
    return {pk: counted.get(pk, dict.fromkeys(LOAD, 0)) for pk in unit_ids}
