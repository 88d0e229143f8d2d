"""Why the next step of a file has to wait, and which step comes before it."""

from django.utils.translation import gettext as _

from maplebridge.mediation.actions.effects.agreeing import unapproved
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries.people import signers

# The step that clears the way for one that has to wait.
FIRST = {"accept": "add_party", "open": "inform", "sign": "draft", "complete": "perform"}


def waits(mediation: Mediation, step: str) -> tuple[str, str]:
    """(why the step has to wait, which comes first); two empty words when it can be taken."""
    why = _WHY[step](mediation) if step in _WHY else ""
    if not why:
        return "", ""
    before = FIRST[step]
    if step == "sign" and getattr(mediation, "agreement", None) is not None:
        before = "approve"
    return why, before


def _accept(mediation: Mediation) -> str:
    sides = {p.side for p in mediation.parties.all() if p.represents_id is None}
    if {"applicant", "respondent"} <= sides:
        return ""
    return _("A dispute has two sides: enter the other party first.")


def _open(mediation: Mediation) -> str:
    if all(p.consents for p in mediation.parties.all() if p.represents_id is None):
        return ""
    return _("Tell every party its rights first, and ask whether it consents.")


def _sign(mediation: Mediation) -> str:
    agreement = getattr(mediation, "agreement", None)
    if agreement is None:
        return _("Write a draft of the agreement first.")
    if unapproved(agreement, signers(list(mediation.parties.all()))):
        return _("Every party approves every section first.")
    return ""


def _complete(mediation: Mediation) -> str:
    if mediation.obligations.filter(done_on__isnull=True).exists():
        return _("An obligation is still open.")
    return ""


_WHY = {"accept": _accept, "open": _open, "sign": _sign, "complete": _complete}
