"""Steps of those who look at the work a second time."""

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.matters.actions.effects.taking import Taking
from maplebridge.org.queries import directory


def call_back(t: Taking) -> None:
    """Note whether the reporter was reached, and then what he says of the result."""
    reached = t.values["reached"] == "yes"
    for name in ("solved", "satisfied"):
        if reached and name not in t.values:
            raise InvalidInput(name, _("When the reporter was reached, note the answer."))
        if not reached and name in t.values:
            raise InvalidInput(name, _("Without an answer there is nothing to note here."))
    t.data |= {k: t.values[k] for k in ("reached", "solved", "satisfied") if k in t.values}


def _sample(t: Taking) -> None:
    if not t.matter.sampled:
        raise Conflict(_("It was not drawn for a second look."), status=t.matter.status)
    t.matter.sampled = False


def uphold(t: Taking) -> None:
    """A sampled matter was settled as was said."""
    _sample(t)


def overturn(t: Taking) -> None:
    """A sampled matter was not settled: it waits for a dispatcher anew."""
    _sample(t)
    t.matter.closed_at = None
    t.matter.reports.update(evaluate_until=None)
    category = t.matter.category
    t.start = [("respond", directory().limits(category, t.today).respond if category else "1wd")]
