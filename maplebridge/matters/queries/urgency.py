"""Urgent matters: what rings for somebody now, and lists in which they stand first."""

from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from maplebridge.matters.flow import FLOW, OPEN
from maplebridge.matters.models import Clock, Matter
from maplebridge.matters.queries.lists import PAGE, keyset
from maplebridge.org.rules import Actor

# Whoever may answer an alarm by area; the lead's handlers may too.
_ANSWERING = tuple(sorted(FLOW.step("acknowledge").who - {"handler"}))
MOST = 5


def ringing(actor: Actor) -> list[Matter]:
    """Open matters whose alarm nobody has answered and the actor may, the longest ringing first."""
    ways = [Q(area_code__startswith=scope) for scope in actor.scopes(_ANSWERING)]
    if units := actor.unit_ids:
        ways.append(Q(lead_id__in=units))
    if not ways:
        return []
    rings = Clock.objects.filter(matter=OuterRef("pk"), kind="alarm", stopped_at__isnull=True)
    urgent = Matter.objects.filter(reduce(or_, ways), Exists(rings), urgent=True, status__in=OPEN)
    return list(urgent.order_by("due_at", "id")[:MOST])


def urgent_first(
    matters: QuerySet[Matter], after: str = "", size: int = PAGE
) -> tuple[list[Matter], str]:
    """One page as of `keyset`, with the urgent ones before all others; they stand on the first.

    Two queries. Raises InvalidInput("after") as `keyset`.
    """
    calm = matters.filter(urgent=False)
    if after:
        return keyset(calm, after, size)
    by_due = matters.filter(urgent=True).order_by(F("due_at").asc(nulls_last=True), "id")
    urgent = list(by_due[:size])
    others, cursor = keyset(calm, "", max(size - len(urgent), 1))
    return [*urgent, *others], cursor
