"""What a police station entrusted to committees and what became of it, nothing of the contents."""

from django.utils import timezone

from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries.conflicts import last_ruling
from maplebridge.org.models import Unit
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

MOST = 200


def stations_of(actor: Actor) -> set[int]:
    """The police stations the actor works at."""
    units = directory().units
    return {u for u in actor.unit_ids if u in units and units[u].kind == Unit.Kind.POLICE}


def entrusted_by(actor: Actor) -> list[Mediation]:
    """What the actor's station entrusted, the latest first; of files passed on the last one."""
    own, today, town = stations_of(actor), timezone.localdate(), directory()
    if not own:
        return []
    found = Mediation.objects.filter(source="entrusted", body="police", later__isnull=True)
    nearest = {
        code: town.unit_near("police", code, today)
        for code in found.values_list("area_code", flat=True).distinct()
    }
    here = [code for code, unit in nearest.items() if unit and unit.id in own]
    rows = (
        found.filter(area_code__in=here)
        .select_related("committee__unit", "agreement", "confirmation")
        .annotate(ruling=last_ruling())
        .prefetch_related("mediators")
    )
    return list(rows.order_by("-registered_at")[:MOST])
