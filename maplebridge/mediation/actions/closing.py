"""The subsidy for a dossier, and the review of dossiers drawn by lot."""

import hashlib
import random
from collections.abc import Mapping
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.ids import uuid7
from maplebridge.kernel.text import clean_text
from maplebridge.mediation.actions.taking import append
from maplebridge.mediation.actions.telling import tell_people
from maplebridge.mediation.models import Claim, Mediation, Review
from maplebridge.mediation.queries.claims import lacking
from maplebridge.mediation.queries.visible import mediation_seen
from maplebridge.mediation.rules import CLAIM_MOVES, REVIEW_ANSWERS, REVIEW_ITEMS, subsidy_for
from maplebridge.org.models import Person
from maplebridge.org.rules import Actor, PostFact
from maplebridge.trust.actions import keep_passage

REVIEWERS = 2


@transaction.atomic
def claim(mediation_id: UUID, *, claim_id: UUID, actor: Actor, at: datetime | None = None) -> Claim:
    """Claim the subsidy of a filed dossier: one case, one payment, by one of its mediators.

    Raises Conflict saying what the dossier lacks, or that it was claimed before.
    """
    mediation = mediation_seen(actor, mediation_id)
    Mediation.objects.select_for_update(of=("self",)).get(pk=mediation.pk)  # twins wait here
    earlier = Claim.objects.filter(pk=claim_id).first()
    if earlier is not None:
        return earlier
    if not mediation.mediators.filter(pk=actor.person_id or 0).exists():
        raise NotAllowed(_("Only a mediator of this file claims for it."))
    if Claim.objects.filter(mediation=mediation).exclude(state="returned").exists():
        raise Conflict(_("This dossier was claimed already."))
    if reasons := lacking(mediation):
        raise Conflict(" ".join(str(reason) for reason in reasons))
    settled = mediation.status == "performed"
    values = {
        "person_id": actor.person_id, "difficulty": mediation.difficulty, "reason": "",
        "amount": subsidy_for(mediation.difficulty, settled=settled), "decided_by": None,
        "state": Claim.State.CLAIMED, "claimed_at": at or timezone.now(), "paid_on": None,
    }  # fmt: skip
    Claim.objects.filter(mediation=mediation, state="returned").delete()
    made = Claim.objects.create(id=claim_id, mediation=mediation, **values)
    told = {"claim": claim_id.hex, "amount": str(made.amount)}
    _note(mediation.pk, "claim", actor, _post(actor, "handler"), told, claim_id, made.claimed_at)
    return made


def _post(actor: Actor, kind: str) -> PostFact | None:
    return next((p for p in actor.posts if p.kind == kind), None)


def _note(
    mediation_id: UUID, step: str, actor: Actor, post: PostFact | None, data: Mapping[str, Any],
    command_id: UUID, at: datetime,
) -> None:  # fmt: skip
    """A step beside the flow's table: it leaves the status and stands in the ledger like any."""
    row = Mediation.objects.select_for_update(of=("self",)).select_related("matter")
    mediation = row.get(pk=mediation_id)
    status = mediation.status
    append(mediation, step, status, status, actor, post, data, "", command_id, at)
    mediation.save(update_fields=["version"])


@transaction.atomic
def decide(
    claim_id: UUID, state: str, *, actor: Actor, reason: str = "", paid_on: date | None = None,
    at: datetime | None = None,
) -> Claim:  # fmt: skip
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
    if state not in CLAIM_MOVES.get(row.state, ()):
        raise Conflict(_("This claim stands at “%(state)s”.") % {"state": row.get_state_display()})
    said = clean_text(reason, field="reason", limit=200)
    if state == "returned" and not said:
        raise InvalidInput("reason", _("This is needed."))
    if state == "paid" and paid_on is None:
        raise InvalidInput("paid_on", _("This is needed."))
    if paid_on and paid_on > timezone.localdate(at):
        raise InvalidInput("paid_on", _("This day has not come yet."))
    row.state, row.reason, row.paid_on = state, said, paid_on if state == "paid" else None
    row.decided_by_id = actor.person_id
    row.save()
    told = {"claim": row.id.hex, "state": state}
    post, moment = _post(actor, "supervisor"), at or timezone.now()
    _note(row.mediation_id, "decide", actor, post, told, uuid5(row.id, state), moment)
    tell_people({row.person_id}, row.mediation, "claim_decided", f"{row.id}/{state}", moment)
    return row


@transaction.atomic
def draw_reviews(
    *, seed: str, begin: date, end: date, share: float, reviewers: list[Person], actor: Actor,
    command_id: UUID | None = None, at: datetime | None = None,
) -> list[Review]:  # fmt: skip
    """Draw dossiers of one's area filed in a period by lot, two reviewers each; who mediated does
    not review.

    The lot is the published seed's: whoever knows it can draw again and compare. The same
    `command_id` again gives what it drew. Raises InvalidInput, NotAllowed for anybody but a leader.
    """
    if not actor.holds("supervisor"):
        raise NotAllowed(_("Only a leader draws dossiers for review."))
    if not 0 < share <= 1:
        raise InvalidInput("share", _("Give a share between 0 and 100 percent."))
    if len(reviewers) < REVIEWERS:
        raise InvalidInput("reviewers", _("Name two reviewers."))
    if not seed.strip():
        raise InvalidInput("seed", _("This is needed."))
    moment, post = at or timezone.now(), _post(actor, "supervisor")
    command = command_id or uuid7()
    if earlier := Review.objects.filter(pk=uuid5(command, "0")).first():
        return list(Review.objects.filter(seed=earlier.seed, drawn_at=earlier.drawn_at))
    here = reduce(or_, (Q(area_code__startswith=s) for s in actor.scopes(("supervisor",))))
    filed = list(
        Mediation.objects.filter(
            here, filed_at__date__range=(begin, end), serial__isnull=False, reviews__isnull=True
        ).order_by("year", "committee_id", "serial", "id")
    )
    lot = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 — drawn again by all
    drawn = lot.sample(filed, round(len(filed) * share)) if filed else []
    made: list[Review] = []
    for mediation in drawn:
        own = set(mediation.mediators.values_list("id", flat=True))
        free = [person for person in reviewers if person.id not in own]
        rows = [
            Review(
                id=uuid5(command, f"{n}"), mediation=mediation, reviewer=person, seed=seed[:64],
                drawn_at=moment,
            )
            for n, person in enumerate(lot.sample(free, min(REVIEWERS, len(free))), len(made))
        ]  # fmt: skip
        if rows:
            told = {"seed": seed[:64]}
            _note(mediation.pk, "draw", actor, post, told, uuid5(rows[0].id, "draw"), moment)
            reviewing = {row.reviewer_id for row in rows}
            tell_people(reviewing, mediation, "review_drawn", f"{rows[0].id}", moment)
        made += rows
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
    data: dict[str, Any] = {"review": row.id.hex, "items": row.items}
    if said:
        passage, digest = keep_passage(said, at=moment)
        row.passage_id, data["words"] = passage.id, {passage.id.hex: digest.hex()}
    row.save()
    _note(
        row.mediation_id,
        "review",
        actor,
        _post(actor, "handler"),
        data,
        uuid5(row.id, "review"),
        moment,
    )
    return row
