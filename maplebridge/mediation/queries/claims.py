"""What a claim for a dossier lacks, and the sheets of a month."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.errors import NotFound
from maplebridge.mediation.models import Claim, Mediation
from maplebridge.mediation.queries.dossier import missing_papers
from maplebridge.mediation.rules import earns_subsidy
from maplebridge.org.rules import Actor


def lacking(mediation: Mediation) -> list[str | Promise]:
    """Why this dossier is not paid yet: not filed, papers missing, not performed, number void.

    Work on a difficult file that failed is paid where its dossier is whole.
    """
    found: list[str | Promise] = []
    if mediation.filed_at is None:
        found.append(_("The dossier is not filed."))
    if mediation.voided_at is not None:
        found.append(_("The number is void."))
    if missing := missing_papers(mediation):
        papers = gettext(", ").join(str(paper.label) for paper in missing)
        found.append(gettext("Required papers are missing: %(papers)s.") % {"papers": papers})
    if not earns_subsidy(mediation.status, mediation.difficulty):
        found.append(_("The agreement is not performed."))
    return found


def claims_of(scope: str, begin: date, end: date) -> QuerySet[Claim]:
    """Claims of an area made in a period, for the subsidy sheet; the oldest first."""
    found = Claim.objects.filter(
        mediation__area_code__startswith=scope, claimed_at__date__range=(begin, end)
    )
    related = found.select_related("mediation__committee__unit", "person", "decided_by")
    return related.order_by("claimed_at", "id")


def claims_made_by(person_id: int) -> QuerySet[Claim]:
    """A mediator's own claims and how each stands, the latest first."""
    return Claim.objects.filter(person_id=person_id).select_related("mediation__committee")


def claimable_by(person_id: int) -> QuerySet[Mediation]:
    """Filed dossiers a mediator has not claimed for, or whose claim came back; the latest first.

    With what `lacking` asks of each.
    """
    found = Mediation.objects.filter(
        Q(claim__isnull=True) | Q(claim__state="returned"),
        mediators=person_id, filed_at__isnull=False, voided_at__isnull=True,
        serial__isnull=False,
    ).select_related("committee__unit", "claim", "agreement")  # fmt: skip
    return found.prefetch_related("parties", "sessions").order_by("-filed_at", "id")


def claim_decided_by(actor: Actor, claim_id: UUID) -> Claim:
    """One claim of a leader's area; NotFound for any other."""
    related = ("mediation__committee__unit", "mediation__matter", "person", "decided_by")
    claim = Claim.objects.select_related(*related).filter(pk=claim_id).first()
    leads = [post for post in actor.posts if post.kind == "supervisor"]
    if claim is None or not any(post.reaches(claim.mediation.area_code) for post in leads):
        raise NotFound(gettext("There is no such claim."))
    return claim
