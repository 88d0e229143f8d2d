"""What a claim for a dossier lacks, and the sheets of a month."""

from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maplebridge.mediation.models import Claim, Mediation
from maplebridge.mediation.queries.dossier import missing_papers
from maplebridge.mediation.rules import HARD


def lacking(mediation: Mediation) -> list[str | Promise]:
    """Why this dossier is not paid yet: not filed, papers missing, not performed, number void.

    Work on a difficult file that failed is paid where its dossier is whole.
    """
    found: list[str | Promise] = []
    if mediation.filed_at is None:
        found.append(_("The dossier is not filed."))
    if mediation.voided_at is not None:
        found.append(_("The number is void."))
    if missing_papers(mediation):
        found.append(_("Required papers are missing."))
    failed_hard = mediation.status == "failed" and mediation.difficulty in HARD
    if mediation.status != "performed" and not failed_hard:
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
