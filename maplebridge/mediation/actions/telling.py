"""Whom a mediation tells in the house: number and kind of dispute, never a word of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Q
from django.utils import timezone

from maplebridge.mediation.models import Mediation
from maplebridge.notify.actions import tell
from maplebridge.org.models import Post
from maplebridge.org.queries import directory


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
    day = timezone.localdate(at)
    posts = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), unit=unit_id, kind="handler",
        valid_from__lte=day, person__is_active=True,
    )  # fmt: skip
    return set(posts.values_list("person_id", flat=True))


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
