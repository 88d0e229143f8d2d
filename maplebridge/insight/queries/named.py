"""Matters that a digest names by their id, read anew for whoever looks."""

from collections.abc import Iterable

from maplebridge.insight.queries.places import nameable
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries import matters_visible_to
from maplebridge.matters.queries.verifying import RESULTS
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages


def named_matters(actor: Actor, ids: Iterable[int]) -> dict[int, Matter]:
    """Those the actor may see and that are in no confidential category by now."""
    found = matters_visible_to(actor).filter(nameable(), pk__in=set(ids))
    return {m.pk: m for m in found.select_related("category", "proposed_category", "lead")}


def last_results(ids: Iterable[int]) -> dict[int, str]:
    """What was done in the end, by matter; "" once the text is erased."""
    done = MatterEvent.objects.filter(
        matter__in=set(ids), step__in=RESULTS, passage_id__isnull=False
    )
    rows = done.order_by("matter", "version").values_list("matter_id", "passage_id")
    last = {matter: passage for matter, passage in rows if passage}
    texts = passages(last.values())
    return {matter: texts.get(passage, "") for matter, passage in last.items()}
