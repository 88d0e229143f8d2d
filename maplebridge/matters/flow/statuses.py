"""Where a matter may stand."""

from django.utils.translation import gettext_lazy as _

STATUSES = {
    "reported": _("Reported"),
    "dispatched": _("Dispatched"),
    "accepted": _("Accepted"),
    "in_progress": _("In progress"),
    "handled": _("Handled, to verify"),
    "returned": _("Returned"),
    "closed": _("Closed"),
    "archived": _("Archived"),
    "declined": _("Not taken up"),
    "merged": _("Merged"),
    "referred": _("Referred"),
    "withdrawn": _("Withdrawn"),
}
ENDINGS = frozenset({"closed", "archived", "declined", "merged", "referred", "withdrawn"})
OPEN = tuple(s for s in STATUSES if s not in ENDINGS)
