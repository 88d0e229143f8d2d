"""What a unit has to do: as lead, as helper, and how much that is."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from maplebridge.matters.models import Assignment, Matter
from maplebridge.org.rules import Actor

WORKING = ("accepted", "in_progress")
LED = ("dispatched", *WORKING)


def _with_units(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    related = ("category", "lead", "proposed_category", "proposed_lead")
    return matters.select_related(*related).order_by(F("due_at").asc(nulls_last=True), "id")


def to_accept(actor: Actor) -> QuerySet[Matter]:
    """Dispatched to the actor's units, not accepted yet, by due time."""
    return _with_units(Matter.objects.filter(lead_id__in=actor.unit_ids, status="dispatched"))


def in_work(actor: Actor) -> QuerySet[Matter]:
    """Accepted by the actor's units and not handed in, by due time."""
    return _with_units(Matter.objects.filter(lead_id__in=actor.unit_ids, status__in=WORKING))


def to_help(actor: Actor) -> QuerySet[Matter]:
    """Matters in which a part of the actor's units is still open."""
    part = Assignment.objects.filter(
        matter=OuterRef("pk"), unit_id__in=actor.unit_ids, role="helper", state="active"
    )
    return _with_units(Matter.objects.filter(Exists(part), status__in=LED))


def handed_in(actor: Actor) -> QuerySet[Matter]:
    """Handed in by the actor's units, waiting for a verifier."""
    return _with_units(Matter.objects.filter(lead_id__in=actor.unit_ids, status="handled"))


def unit_load(unit_ids: Collection[int], now: datetime) -> dict[str, int]:
    """How much the units lead now: keys all, late, today (due), paused, asks. One query."""
    return Matter.objects.filter(lead_id__in=unit_ids, status__in=LED).aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=now, suspended_until__isnull=True)),
        today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=_end_of(now))),
        paused=Count("pk", filter=Q(suspended_until__isnull=False)),
        asks=Count("pk", filter=Q(petition_open=True)),
    )


def _end_of(now: datetime) -> datetime:
    day: date = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))
