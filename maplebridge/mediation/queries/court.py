"""Judicial confirmation of an agreement (人民调解法 Art. 33): the thirty days, what was asked, what
the court answered."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maplebridge.mediation.models import Agreement, Confirmation, Mediation
from maplebridge.mediation.rules import last_day_to_confirm
from maplebridge.org.queries import directory


@dataclass(frozen=True)
class Court:
    """Where it stands: the last day to ask together and the days left, or what was asked."""

    last: date
    left: int
    asked: Confirmation | None
    performed: bool

    @property
    def open(self) -> bool:
        """True while asking is of use: in time, and something is still to be performed."""
        return self.asked is None and self.left >= 0 and not self.performed

    @property
    def words(self) -> str:
        """In a few words, for a row; "" when there is nothing to ask."""
        if self.asked is None:
            text = ngettext("%(n)s day to ask the court", "%(n)s days to ask the court", self.left)
            return text % {"n": self.left} if self.open else ""
        if not self.asked.outcome:
            return _("The court was asked")
        return _("Court: %(outcome)s") % {"outcome": self.asked.get_outcome_display()}


def court_of(mediation: Mediation, today: date) -> Court | None:
    """Of a written agreement that was signed; None for any other file."""
    agreement: Agreement | None = getattr(mediation, "agreement", None)
    if agreement is None or agreement.signed_on is None or agreement.oral:
        return None
    last = last_day_to_confirm(agreement.signed_on, directory().calendar.is_working_day)
    asked = getattr(mediation, "confirmation", None)
    return Court(last, (last - today).days, asked, mediation.status == "performed")
