"""Dossiers drawn by lot: a reviewer's own, and what came of a draw."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotFound
from maplebridge.mediation.models import Committee, Mediation, Review
from maplebridge.mediation.queries.people import mediating_posts
from maplebridge.mediation.rules import REVIEW_ANSWERS, REVIEW_ITEMS
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages

RELATED = ("mediation__committee__unit", "mediation__matter", "reviewer")


def reviews_of(person_id: int) -> QuerySet[Review]:
    """A reviewer's own, the open ones first."""
    found = Review.objects.filter(reviewer_id=person_id).select_related(*RELATED)
    return found.order_by(F("done_at").desc(nulls_first=True), "-drawn_at", "id")


def review_by(actor: Actor, review_id: UUID) -> Review:
    """One review of the reviewer's own; NotFound for any other."""
    row = reviews_of(actor.person_id or 0).filter(pk=review_id).first()
    if row is None:
        raise NotFound(_("There is no such review."))
    return row


def drawn_in(scopes: Iterable[str]) -> QuerySet[Review]:
    """Reviews of dossiers of these areas, the latest draw first, a dossier's two together."""
    here = reduce(or_, (Q(mediation__area_code__startswith=s) for s in scopes), Q(pk__in=()))
    found = Review.objects.filter(here).select_related(*RELATED)
    return found.order_by("-drawn_at", "mediation__year", "mediation__serial", "mediation_id", "id")


def reviews_in(mediation: Mediation) -> list[Review]:
    """What was found in a dossier, for its mediators, with `answers` and `note` in words; a review
    not done says nothing yet."""
    found = list(mediation.reviews.filter(done_at__isnull=False).select_related("reviewer"))
    words = passages([row.passage_id for row in found if row.passage_id])
    for row in found:
        row.answers = [  # type: ignore[attr-defined]
            (label, REVIEW_ANSWERS.get(row.items.get(code, ""), "—"))
            for code, label in REVIEW_ITEMS.items()
        ]
        row.note = words.get(row.passage_id, "") if row.passage_id else ""  # type: ignore[attr-defined]
    return found


def reviewers_in(scopes: Iterable[str]) -> list[tuple[str, str]]:
    """(username, name and unit) of whoever mediates in these areas and so knows dossiers."""
    here = reduce(or_, (Q(unit__area__code__startswith=s) for s in scopes), Q(pk__in=()))
    units = Committee.objects.filter(here).values_list("unit_id", flat=True)
    people: dict[str, str] = {}
    for post in mediating_posts(units, timezone.localdate()):
        people.setdefault(post.person.username, f"{post.person.name} · {post.unit.name}")
    return list(people.items())
