"""Places, needs and visits as their readers may see them."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maplebridge.fieldwork.models import Need, Place, Visit
from maplebridge.kernel.errors import NotFound
from maplebridge.kernel.text import folded
from maplebridge.org.rules import Actor

# Posts that work in places: they see and mend those of their areas.
PLACE_KINDS = ("grid_worker", "dispatcher", "supervisor", "verifier", "handler")


def _within(scopes: Iterable[str]) -> Q:
    return reduce(or_, (Q(area_code__startswith=scope) for scope in scopes), Q(pk__in=()))


def places_in(scopes: Iterable[str]) -> QuerySet[Place]:
    """Places in use in these areas."""
    return Place.objects.filter(_within(scopes), closed_at__isnull=True)


def needs_in(scopes: Iterable[str]) -> QuerySet[Need]:
    """Needs of these areas that nobody has met yet, by the day they are due."""
    return Need.objects.filter(_within(scopes), done_at__isnull=True).order_by("due_on", "id")


def scopes_of(actor: Actor) -> tuple[str, ...]:
    """The areas whose places the actor works in."""
    return actor.scopes(PLACE_KINDS)


def places_seen(actor: Actor) -> QuerySet[Place]:
    """The one doorway from a member of staff to places."""
    return places_in(scopes_of(actor))


def place_seen(actor: Actor, place_id: UUID) -> Place:
    """One place, in use or not; NotFound outside the actor's areas."""
    place = Place.objects.filter(_within(scopes_of(actor)), pk=place_id).first()
    if place is None:
        raise NotFound(_("There is no such place, or it is not yours to see."))
    return place


def needs_seen(actor: Actor, on: date | None = None) -> QuerySet[Need]:
    """Open needs of the actor's areas with place and matter; `on`: those begun by that day."""
    found = needs_in(scopes_of(actor)).select_related("place", "matter", "asked_by")
    return found.filter(from_on__lte=on) if on else found


def need_seen(actor: Actor, need_id: UUID) -> Need:
    """One need, met or not; NotFound outside the actor's areas."""
    found = Need.objects.filter(_within(scopes_of(actor)), pk=need_id)
    need = found.select_related("place", "matter").first()
    if need is None:
        raise NotFound(_("There is no such visit."))
    return need


def visit_seen(actor: Actor, visit_id: UUID) -> Visit:
    """One visit; NotFound outside the actor's areas."""
    visit = Visit.objects.filter(_within(scopes_of(actor)), pk=visit_id).first()
    if visit is None:
        raise NotFound(_("There is no such visit."))
    return visit


def visits_of(place: Place) -> QuerySet[Visit]:
    """The visits of a place, the latest first."""
    return Visit.objects.filter(place=place).select_related("person", "need")


def find_places(actor: Actor, text: str) -> QuerySet[Place]:
    """Places whose name or address has these words, in the actor's areas."""
    found = places_seen(actor)
    for word in folded(text).split():
        found = found.filter(Q(name__icontains=word) | Q(address__icontains=word))
    return found.order_by("area_code", "name", "id")
