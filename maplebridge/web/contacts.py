"""Showing the contact that a reporter left, for every page that has a telephone to hand."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.matters.models import Matter, Report
from maplebridge.trust.actions import open_subject
from maplebridge.trust.queries import held_fields
from maplebridge.ui.doors import StaffRequest
from maplebridge.web import matter_page


def open_contact(
    request: StaffRequest, shown: Matter, report_id: Any
) -> tuple[Report, dict[str, str]]:
    """The report and its contact by field, for the purpose that was sent; the reading is logged.

    Raises NotFound when no contact was left, InvalidInput("purpose") for a purpose not offered,
    NotAllowed as `open_subject`.
    """
    report = matter_page.report_in(shown, report_id)
    if report is None or report.subject is None:
        raise NotFound(_("No contact was left."))
    purpose = request.POST.get("purpose", "")
    if purpose not in matter_page.PURPOSES:
        raise InvalidInput("purpose", _("Say what you need these personal details for."))
    fields = held_fields([report.subject]).get(report.subject, [])
    at = timezone.now()
    return report, open_subject(report.subject, fields, request.actor, purpose, at=at)
