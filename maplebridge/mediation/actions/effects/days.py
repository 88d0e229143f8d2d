"""Days that were told: a slip of the pen in a year would move every limit that counts from it."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.mediation.actions.taking import Taking
from maplebridge.mediation.rules import LIMIT_DAYS, LONGEST_YEARS


def past_day(taking: Taking, name: str, not_before: date | None = None) -> date:
    """The day told in a field, which has come, and lies not before `not_before` or the first day
    this file can speak of. InvalidInput names the field."""
    day: date = taking.values[name]
    if day > timezone.localdate(taking.at):
        raise InvalidInput(name, _("This day has not come yet."))
    _late_enough(name, day, not_before or first_day(taking))
    return day


def day_due(taking: Taking, what: str, day: date) -> None:
    """A day by which something is owed: of this dispute, and within a lifetime."""
    last = first_day(taking).year + LONGEST_YEARS
    if not first_day(taking) <= day or day.year > last:
        raise InvalidInput(
            "obligations",
            _("“%(what)s”: look at the year of %(day)s.") % {"what": what, "day": day},
        )


def first_day(taking: Taking) -> date:
    """What was settled at a kitchen table may be registered afterwards, by a month at most."""
    begun = timezone.localdate(taking.mediation.registered_at)
    return begun - timedelta(days=LIMIT_DAYS)


def _late_enough(name: str, day: date, earliest: date) -> None:
    if day < earliest:
        raise InvalidInput(
            name, _("Look at the date: it cannot be before %(day)s.") % {"day": earliest}
        )
