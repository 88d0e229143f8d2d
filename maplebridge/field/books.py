"""The command room's lists of phones and their records as workbooks, as the pages show them."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from maplebridge.field.board_page import board_context, files_context, returned_context
from maplebridge.sync.models import Submission
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.sheets import Cell, Column, taken_out

BOARD: tuple[Column, ...] = (
    (gettext_lazy("Whose"), 14), (gettext_lazy("Browser"), 26), (gettext_lazy("Last contact"), 17),
    (gettext_lazy("Unsent"), 9), (gettext_lazy("Space"), 14), (gettext_lazy("Clock"), 16),
    (gettext_lazy("App version"), 15), (pgettext_lazy("records", "Returned"), 9),
    (gettext_lazy("What to do"), 70),
)  # fmt: skip
RETURNED: tuple[Column, ...] = (
    (gettext_lazy("Record"), 18), (gettext_lazy("Whose"), 14), (gettext_lazy("Arrived"), 17),
    (gettext_lazy("Matter number"), 28), (gettext_lazy("State"), 14), (gettext_lazy("Why"), 60),
)  # fmt: skip
FILES: tuple[Column, ...] = (
    (gettext_lazy("Record"), 18), (gettext_lazy("Whose"), 14), (gettext_lazy("Arrived"), 17),
    (gettext_lazy("Matter number"), 28), (gettext_lazy("On their way"), 10),
    (gettext_lazy("Not readable"), 10),
)  # fmt: skip


def board_book(request: StaffRequest) -> HttpResponse:
    """What each phone last told, in the order of the page."""
    context = board_context(request.actor, timezone.now())
    rows = [_phone(shown) for shown in (*context["needing"], *context["others"])]
    return taken_out(request, request.actor, "field:board", BOARD, rows, _("Phones at the door"))


def _phone(shown: Any) -> tuple[Cell, ...]:
    row, device = shown.row, shown.row.device
    return (
        device.person.name, device.browser, _moment(device.last_contact_at), row.unsent, shown.free,
        shown.clock, row.app, row.to_decide, "\n".join(text for _tone, text in shown.advice),
    )  # fmt: skip


def returned_book(request: StaffRequest) -> HttpResponse:
    """Records that did not simply go in, with their reason."""
    rows = [
        (*_record(r), r.get_state_display(), r.reason)
        for r in returned_context(request.actor)["records"]
    ]
    return taken_out(
        request, request.actor, "field:returned", RETURNED, rows, _("Returned records")
    )


def files_book(request: StaffRequest) -> HttpResponse:
    """Records whose photos or voice notes are still on a phone."""
    rows = [(*_record(r), r.coming, r.wrong) for r in files_context(request.actor)["records"]]
    return taken_out(request, request.actor, "field:files", FILES, rows, _("Photos missing"))


def _record(record: Submission) -> tuple[Cell, ...]:
    return (
        record.get_kind_display() if record.kind else _("Unreadable record"), record.person.name,
        _moment(record.arrived_at), record.matter.number if record.matter else "",
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
