"""Visits that are due and places as workbooks: what the pages show, free text masked."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.fieldwork.models import Need, Place
from maplebridge.fieldwork.pages import needs_asked, places_asked
from maplebridge.kernel.masks import redact
from maplebridge.org.queries import directory
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.sheets import Column, taken_out

MOST = 20_000
NEEDS: tuple[Column, ...] = (
    (gettext_lazy("Due"), 12), (gettext_lazy("Kind"), 10), (gettext_lazy("Reason"), 20),
    (gettext_lazy("Place"), 28), (gettext_lazy("Matter number"), 28), (gettext_lazy("Area"), 28),
    (gettext_lazy("Note"), 36),
)  # fmt: skip
PLACES: tuple[Column, ...] = (
    (gettext_lazy("Name of the place"), 28), (gettext_lazy("Kind"), 16), (gettext_lazy("Area"), 28),
    (gettext_lazy("Address"), 36), (gettext_lazy("Last checked"), 14),
)  # fmt: skip


def needs_book(request: StaffRequest) -> HttpResponse:
    """The open needs of a list; a matter by its number, never by its words."""
    rows = [_need(need) for need in needs_asked(request.actor, request.GET)[1][:MOST]]
    return taken_out(request, request.actor, "fieldwork:needs", NEEDS, rows, _("Visits due"))


def _need(need: Need) -> tuple[Any, ...]:
    return (
        need.due_on, str(need.get_kind_display()), str(need.get_reason_display()),
        need.place.name if need.place else "", need.matter.number if need.matter else "",
        directory().area_names(need.area_code), redact(need.note),
    )  # fmt: skip


def places_book(request: StaffRequest) -> HttpResponse:
    """The places of a list."""
    rows = [_place(place) for place in places_asked(request.actor, request.GET)[:MOST]]
    return taken_out(request, request.actor, "fieldwork:places", PLACES, rows, _("Places"))


def _place(place: Place) -> tuple[Any, ...]:
    return (
        redact(place.name), str(place.get_kind_display()), directory().area_names(place.area_code),
        redact(place.address), place.checked_on,
    )  # fmt: skip
