"""The subsidy for a dossier, and the review of dossiers drawn by lot."""

import hashlib
import random
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.text import clean_text
from maplebridge.mediation.models import Claim, Mediation, Review
from maplebridge.mediation.queries.claims import lacking
from maplebridge.mediation.queries.visible import mediation_seen
from maplebridge.mediation.rules import REVIEW_ANSWERS, REVIEW_ITEMS, subsidy_for
from maplebridge.org.models import Person
from maplebridge.org.rules import Actor
from maplebridge.trust.actions import keep_passage

REVIEWERS = 2


@transaction.atomic
def claim(mediation_id: UUID, *, claim_id: UUID, actor: Actor, at: datetime | None = None) -> Claim:
    """Claim the subsidy of a filed dossier: one case, one payment, by one of its mediators.

    Raises Conflict saying what the dossier lacks, or that it was claimed before.
    """
    earlier = Claim.objects.filter(pk=claim_id).first()
    if earlier is not None:
        return earlier
    mediation = mediation_seen(actor, mediation_id)
    if not mediation.mediators.filter(pk=actor.person_id or 0).exists():
        raise NotAllowed(_("Only a mediator of this file claims for it."))
    if Claim.objects.filter(mediation=mediation).exclude(state="returned").exists():
        raise Conflict(_("This dossier was claimed already."))
    if reasons := lacking(mediation):
        raise Conflict(", ".join(str(reason) for reason in reasons))
    settled = mediation.status == "performed"
    values = {
        "person_id": actor.person_id, "difficulty": mediation.difficulty, "reason": "",
        "amount": subsidy_for(mediation.difficulty, settled=settled), "decided_by": None,
        "state": Claim.State.CLAIMED, "claimed_at": at or timezone.now(), "paid_on": None,
    }  # fmt: skip
    Claim.objects.filter(mediation=mediation, state="returned").delete()
    return Claim.objects.create(id=claim_id, mediation=mediation, **values)


@transaction.atomic
def decide(
    claim_id: UUID, state: str, *, actor: Actor, reason: str = "", paid_on: date | None = None
) -> Claim:
    """Approve, return with a reason, or note the payment of a claim; a leader's act.

    Raises NotFound, NotAllowed, Conflict (a paid claim is done), InvalidInput (reason, paid_on).
    """
    row = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
    if row is None:
        raise NotFound(_("There is no such claim."))
    area = row.mediation.area_code
    if not any(p.kind == "supervisor" and p.reaches(area) for p in actor.posts):
        raise NotAllowed(_("Only a leader decides on a claim."))
    if actor.person_id == row.person_id:
        raise NotAllowed(_("Nobody decides on his own claim."))
    moves = {"claimed": {"approved", "returned"}, "approved": {"paid", "returned"}}
    if state not in moves.get(row.state, set()):
        raise Conflict(_("This claim stands at “%(state)s”.") % {"state": row.get_state_display()})
    said = clean_text(reason, field="reason", limit=200)
    if state == "returned" and not said:
        raise InvalidInput("reason", _("This is needed."))
    if state == "paid" and paid_on is None:
        raise InvalidInput("paid_on", _("This is needed."))
    row.state, row.reason, row.paid_on = state, said, paid_on if state == "paid" else None
    row.decided_by_id = actor.person_id
    row.save()
    return row


@transaction.atomic
def draw_reviews(
    *, seed: str, begin: date, end: date, share: float, reviewers: list[Person], actor: Actor,
    at: datetime | None = None,
) -> list[Review]:  # fmt: skip
    """Draw dossiers filed in a period by lot, two reviewers each; who mediated does not review.

    The lot is the published seed's: whoever knows it can draw again and compare. Raises
    InvalidInput, NotAllowed for anybody but a leader.
    """
    if not actor.holds("supervisor"):
        raise NotAllowed(_("Only a leader draws dossiers for review."))
    if not 0 < share <= 1:
        raise InvalidInput("share", _("Give a share between 0 and 100 percent."))
    if len(reviewers) < REVIEWERS:
        raise InvalidInput("reviewers", _("Name two reviewers."))
    moment = at or timezone.now()
    filed = list(
        Mediation.objects.filter(filed_at__date__range=(begin, end), reviews__isnull=True)
        .order_by("year", "committee_id", "serial", "id")
    )  # fmt: skip
    lot = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 — drawn again by all
    drawn = lot.sample(filed, round(len(filed) * share)) if filed else []
    made = []
    for mediation in drawn:
        own = set(mediation.mediators.values_list("id", flat=True))
        free = [person for person in reviewers if person.id not in own]
        made += [
            Review(mediation=mediation, reviewer=person, seed=seed[:64], drawn_at=moment)
            for person in lot.sample(free, min(REVIEWERS, len(free)))
        ]
    return Review.objects.bulk_create(made)


@transaction.atomic
def review(
    review_id: UUID, items: Mapping[str, str], note: str = "", *, actor: Actor,
    at: datetime | None = None,
) -> Review:  # fmt: skip
    """Answer the questions about a dossier's papers; done once. Raises NotFound, InvalidInput."""
    mine = Review.objects.select_for_update(of=("self",)).filter(reviewer_id=actor.person_id or 0)
    row = mine.filter(pk=review_id).first()
    if row is None:
        raise NotFound(_("There is no such review."))
    if row.done_at is not None:
        raise Conflict(_("This review is done."))
    if set(items) != set(REVIEW_ITEMS) or not set(items.values()) <= set(REVIEW_ANSWERS):
        raise InvalidInput("items", _("Answer every question."))
    said = clean_text(note, field="note", limit=2000)
    if "fault" in items.values() and not said:
        raise InvalidInput("note", _("Say what is not in order."))
    moment = at or timezone.now()
    row.items, row.done_at = dict(items), moment
    row.passage_id = keep_passage(said, at=moment)[0].id if said else None
    row.save()
    return row
