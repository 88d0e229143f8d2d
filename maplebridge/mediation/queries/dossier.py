"""The statutory dossier: its papers in their order, which are needed, and which are there.

Order and need: the ministry's form of dossiers (司发通〔2010〕239号) as counties print it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from maplebridge.mediation.flow import UNSETTLED
from maplebridge.mediation.models import Confirmation, Mediation

Need = Literal["always", "if any"]
Has = Callable[[Mediation], bool]
# Endings before the talks: their dossier is the registration alone.
EARLY = ("refused", "withdrawn", "passed_on")


@dataclass(frozen=True)
class Paper:
    """One paper of the dossier: its code (also of its template), label, whether it is needed."""

    code: str
    label: object
    need: Need
    there: Has
    # Papers of talks are not needed where a file ended before there were any.
    after_opening: bool = True


def _informed(mediation: Mediation) -> bool:
    return all(p.informed_at or p.represents_id for p in mediation.parties.all())


def _identified(mediation: Mediation) -> bool:
    return all(p.id_checked or p.kind != "natural" for p in mediation.parties.all())


def _signed(mediation: Mediation) -> bool:
    agreement = getattr(mediation, "agreement", None)
    return agreement is not None and agreement.signed_on is not None


def told_to_go(mediation: Mediation) -> bool:
    """Ended without an agreement or not taken up: the parties are told the other ways (Art. 26)."""
    return mediation.status in UNSETTLED


def owes_reply(mediation: Mediation) -> bool:
    """What was entrusted has its result here, which goes back; what was passed on has it there."""
    ended = mediation.ended_at is not None and mediation.status != "passed_on"
    return ended and mediation.source == "entrusted"


PAPERS = (
    Paper("application", _("Application or registration sheet"), "always", lambda m: True, False),
    Paper("rights", _("Notice of rights and duties"), "always", _informed),
    Paper("identity", _("Identity of the parties"), "always", _identified),
    Paper("authority", _("Letters of authority"), "if any",
          lambda m: any(p.represents and not p.represents.needs_guardian
                        for p in m.parties.select_related("represents"))),
    Paper("inquiry", _("Investigation records"), "if any", lambda m: m.inquiries.exists()),
    Paper("evidence", _("Evidence"), "if any", lambda m: m.evidence.exists()),
    Paper("minutes", _("Mediation records"), "always",
          lambda m: any(s.held_at for s in m.sessions.all())),
    Paper("agreement", _("Agreement, or sheet of an oral agreement"), "always", _signed),
    Paper("notice", _("Notice that it ended, with the other ways"), "if any", told_to_go),
    Paper("proof", _("Proof of performance"), "if any",
          lambda m: m.obligations.filter(done_on__isnull=False).exists()),
    Paper("visit", _("Return visit"), "if any", lambda m: m.visits.exists()),
    Paper("confirmation", _("Judicial confirmation"), "if any",
          lambda m: Confirmation.objects.filter(mediation=m).exists()),
    Paper("reply", _("Reply to whoever entrusted"), "if any", owes_reply, False),
    Paper("statement", _("Statement on the dossier"), "if any", lambda m: m.filed_at is not None),
    Paper("back", _("Back cover"), "always", lambda m: True, False),
)  # fmt: skip


def is_needed(paper: Paper, mediation: Mediation) -> bool:
    """True when the law asks for this paper in this file: an agreement only where they agreed."""
    if paper.need != "always":
        return False
    opened = mediation.accepted_at is not None and mediation.status not in EARLY
    if paper.after_opening and not opened:
        return False
    failed = mediation.status in {"failed", "withdrawn"}
    return not (paper.code == "agreement" and failed)


def missing_papers(mediation: Mediation) -> list[Paper]:
    """Papers the law asks for in this file that are not there, in their order."""
    return [p for p in PAPERS if is_needed(p, mediation) and not p.there(mediation)]


def papers_of(mediation: Mediation) -> list[Paper]:
    """Papers that can be made from what is there, in their order."""
    return [p for p in PAPERS if p.there(mediation)]


def hashes_in(mediation: Mediation) -> set[str]:
    """Hashes of every picture of a file: of talks, evidence and performance."""
    rows = (mediation.sessions.all(), mediation.evidence.all(), mediation.obligations.all())
    return {sha256 for found in rows for row in found for sha256 in row.photos}
