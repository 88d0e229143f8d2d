"""The device board of a command room, and its decisions about records that came back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maplebridge.field import books
from maplebridge.field.board_page import (
    ROOM_KINDS,
    SetAsideForm,
    board_context,
    files_context,
    record_context,
    returned_context,
)
from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.sync import actions
from maplebridge.sync.queries.board import devices_watched_by, to_decide
from maplebridge.ui.doors import StaffRequest, for_posts

BOOKS = {
    "board": books.board_book, "returned": books.returned_book, "files": books.files_book,
}  # fmt: skip


@require_GET
@for_posts(*ROOM_KINDS)
def board(request: StaffRequest) -> HttpResponse:
    """What each phone of one's area last told, those that need somebody first."""
    return render(request, "field/board.html", board_context(request.actor, timezone.now()))


@require_http_methods(["GET", "POST"])
@for_posts(*ROOM_KINDS)
def revoke(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Take a phone out of use, after saying what that does."""
    device = get_object_or_404(devices_watched_by(request.actor), pk=device_id)
    if request.method == "POST":
        actions.revoke(device.id, request.actor, at=timezone.now())
        messages.success(request, _("Out of use. At its next contact the phone destroys its key."))
        return redirect("field:board")
    return render(request, "field/revoke.html", {"device": device})


@require_GET
@for_posts(*ROOM_KINDS)
def returned(request: StaffRequest) -> HttpResponse:
    """Records that did not simply go in."""
    return render(request, "field/returned.html", returned_context(request.actor))


@require_GET
@for_posts(*ROOM_KINDS)
def files(request: StaffRequest) -> HttpResponse:
    """Text that is here while its photos are still on a phone."""
    return render(request, "field/files.html", files_context(request.actor))


@require_GET
@for_posts(*ROOM_KINDS)
def book(request: StaffRequest, name: str) -> HttpResponse:
    """One of the three lists as a workbook."""
    return BOOKS[name](request)


@require_http_methods(["GET", "POST"])
@for_posts(*ROOM_KINDS)
def record(request: StaffRequest, receipt: int) -> HttpResponse:
    """One of them with its reason; sent back here, it is set aside."""
    found = get_object_or_404(to_decide(request.actor), pk=receipt)
    form = SetAsideForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.set_aside(found.receipt, request.actor, reason, at=timezone.now())
        messages.success(request, _("Set aside. Its author reads the reason."))
        return redirect("field:returned")
    status = 422 if form.errors else 200
    return render(request, "field/returned_one.html", record_context(found, form), status=status)


@require_POST
@for_posts(*ROOM_KINDS)
def apply_again(request: StaffRequest, receipt: int) -> HttpResponse:
    """Let a record in after all; what refuses it is said and changes nothing."""
    found = get_object_or_404(to_decide(request.actor), pk=receipt)
    try:
        row, _released = actions.apply_again(found.receipt, request.actor, at=timezone.now())
    except MaplebridgeError as error:
        messages.error(request, _("It still cannot be applied: %(why)s") % {"why": error.message})
        return redirect("field:record", receipt)
    if row.state in {"conflict", "quarantined"}:
        messages.error(request, _("It still cannot be applied: %(why)s") % {"why": row.reason})
        return redirect("field:record", receipt)
    messages.success(request, _("Applied in the name of its author, as of when it was made."))
    return redirect("field:returned")
