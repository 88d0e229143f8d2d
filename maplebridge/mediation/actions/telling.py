"""Whom a mediation tells in the house: number and kind of dispute, never a word of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from maplebridge.mediation.models import Mediation
from maplebridge.notify.actions import tell
from maplebridge.org.queries import directory, posts_held


def tell_mediators(mediation: Mediation, kind: str, cause: str, at: datetime) -> int:
    """Tell the mediators once for a cause."""
    return tell_people(
        set(mediation.mediators.values_list("id", flat=True)), mediation, kind, cause, at
    )


def tell_station(mediation: Mediation, at: datetime) -> int:
    """Tell the police station of the place that what it entrusted has its result."""
    station = directory().unit_near("police", mediation.area_code, timezone.localdate(at))
    people = _handlers(station.id, at) if station else set()
    return tell_people(people, mediation, "entrusted_back", "", at)


def tell_committee(mediation: Mediation, kind: str, cause: str, at: datetime) -> int:
    """Tell everybody who mediates in the committee, for what it decides together."""
    return tell_people(_handlers(mediation.committee.unit_id, at), mediation, kind, cause, at)


def _handlers(unit_id: int, at: datetime) -> set[int]:
    """Who handles in a unit that day, and who stands in for them."""
    posts = posts_held("p.kind = 'handler' AND p.unit_id = %(unit)s", at, unit=unit_id)
    return {person for post in posts for person in post.people}


def tell_people(
    people: Collection[int], mediation: Mediation, kind: str, cause: str, at: datetime
) -> int:
    """Tell these people once for a cause; how many were told."""
    category = mediation.matter.category
    return tell(
        people, kind=kind, number=mediation.matter.number,
        category=category.code if category else "", urgent=False, at=at,
        source=uuid5(NAMESPACE_URL, f"mediation/{mediation.id}/{kind}/{cause}"),
    )  # fmt: skip
