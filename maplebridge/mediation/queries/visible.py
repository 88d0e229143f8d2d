"""Who may see what of a mediation.

The assigned mediators read everything. Their committee reads heads: number, type, dates, who
mediates, where it stands; and everything while nobody is assigned yet. Who goes on with a dispute
that was passed on, or mediates it again in the same committee, reads the file before. A leader
reads counts (`statistics`) and the heads behind them. A reviewer reads a dossier drawn for him.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotFound
from maplebridge.matters.models import Matter
from maplebridge.mediation.flow import ON_THE_HEAD, OPEN
from maplebridge.mediation.models import Committee, Mediation, Review
from maplebridge.org.rules import Actor, PostFact


def heads_visible_to(actor: Actor) -> QuerySet[Mediation]:
    """Mediations whose head a member of staff may see: of one's committee, or assigned."""
    if actor.kind == "timer":
        return Mediation.objects.all()
    if not actor.unit_ids:
        return Mediation.objects.none()
    return Mediation.objects.filter(
        Q(committee__unit_id__in=actor.unit_ids) | Q(pk__in=_assigned(actor).values("pk"))
    )


def mediations_read_by(actor: Actor) -> QuerySet[Mediation]:
    """Mediations whose contents the actor may read."""
    if actor.kind == "timer":
        return Mediation.objects.all()
    if not actor.unit_ids:
        return Mediation.objects.filter(pk__in=_drawn(actor))
    assigned = Mediation.mediators.through.objects.filter(mediation_id=OuterRef("pk"))
    unassigned = Q(~Exists(assigned), committee__unit_id__in=actor.unit_ids)
    ways = [unassigned, Q(pk__in=_assigned(actor).values("pk")), Q(pk__in=_drawn(actor))]
    return Mediation.objects.filter(reduce(or_, ways))


def mediation_seen(actor: Actor, mediation_id: UUID) -> Mediation:
    """One mediation with contents; NotFound for anybody who may not read it."""
    found = Mediation.objects.select_related("committee__unit", "matter", "previous")
    mediation = found.filter(pk=mediation_id).first()
    if mediation is None or not _reads(actor, mediation):
        raise NotFound(_("There is no such mediation, or it is not yours to see."))
    return mediation


def mediation_led(actor: Actor, mediation_id: UUID) -> Mediation:
    """One mediation for its own mediators or, while it has none, its committee; not for whoever
    reads it as a reviewer or after it was passed on."""
    mediation = mediation_seen(actor, mediation_id)
    if not kinds_for(actor, mediation):
        raise NotFound(_("There is no such mediation, or it is not yours to see."))
    return mediation


def mediations_acted_on_by(actor: Actor, step: str) -> QuerySet[Mediation]:
    """Mediations on which the actor may try a step: those he reads, and for what his committee
    decides on the head alone those of his committee."""
    if actor.kind == "party":
        return Mediation.objects.filter(parties=UUID(actor.party_id))
    if step in ON_THE_HEAD:
        return heads_visible_to(actor)
    return mediations_read_by(actor)


def mediation_acted_on(actor: Actor, mediation_id: UUID, step: str) -> Mediation:
    """One mediation for the form of a step; NotFound for anybody who may not try it."""
    found = mediations_acted_on_by(actor, step).filter(pk=mediation_id)
    mediation = found.select_related("committee__unit", "matter").first()
    if mediation is None:
        raise NotFound(_("There is no such mediation, or it is not yours to see."))
    return mediation


def _reads(actor: Actor, mediation: Mediation) -> bool:
    """Reads it, or one that goes on where it ended."""
    way, seen = [mediation], set()
    while way:
        at = way.pop()
        if at.pk in seen:
            continue
        seen.add(at.pk)
        if mediations_read_by(actor).filter(pk=at.pk).exists():
            return True
        later = at.later.all()
        way += [
            one for one in later
            if at.status == "passed_on" or one.committee_id == at.committee_id
        ]  # fmt: skip
    return False


def kinds_for(actor: Actor, mediation: Mediation) -> dict[str, PostFact | None]:
    """The kinds of power the actor has over this mediation, each with the post that gives it.

    Being assigned gives power only while one holds a post in a unit that mediates.
    """
    if actor.kind == "timer":
        return {"timer": None}
    if actor.kind == "party":
        own = mediation.parties.filter(pk=UUID(actor.party_id)).exists()
        return {"party": None} if own else {}
    kinds: dict[str, PostFact | None] = {}
    for post in actor.posts:
        if post.kind != "handler":
            continue
        if post.unit_id == mediation.committee.unit_id:
            kinds.setdefault("committee", post)
    if actor.person_id and mediation.mediators.filter(pk=actor.person_id).exists():
        any_post = next((p for p in actor.posts if p.kind == "handler"), None)
        if by := kinds.get("committee") or any_post:
            kinds["mediator"] = by
    return kinds


def _assigned(actor: Actor) -> QuerySet[Mediation]:
    return Mediation.objects.filter(mediators=actor.person_id or 0)


def _drawn(actor: Actor) -> Any:
    open_reviews = Review.objects.filter(reviewer_id=actor.person_id or 0, done_at__isnull=True)
    return open_reviews.values("mediation_id")


@dataclass(frozen=True)
class Beside:
    """What a matter's page says of its mediation: the open file, or that one may be registered."""

    mediation: Mediation | None
    may_register: bool


def beside_matter(actor: Actor, matter: Matter) -> Beside | None:
    """For disputes and those who mediate; None for every other matter, without a query."""
    category = matter.category
    if category is None or not category.mediation_type or not actor.unit_ids:
        return None
    found = heads_visible_to(actor).filter(matter=matter).select_related("committee__unit")
    latest = found.order_by("-registered_at").first()
    if latest is not None and latest.status in OPEN:
        return Beside(latest, may_register=False)
    mediates = Committee.objects.filter(unit_id__in=actor.unit_ids).exists()
    return Beside(latest, may_register=mediates and matter.is_open)
