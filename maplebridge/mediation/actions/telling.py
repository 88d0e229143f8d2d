"""Whom a mediation tells in the house: number and kind of dispute, never a word of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from maplebridge.mediation.models import Mediation
from maplebridge.notify.actions import tell


def tell_mediators(mediation: Mediation, kind: str, cause: str, at: datetime) -> int:
    """Tell the mediators once for a cause."""
    return tell_people(
        set(mediation.mediators.values_list("id", flat=True)), mediation, kind, cause, at
    )


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
