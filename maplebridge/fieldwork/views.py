"""The desk's pages of places, needs and visits."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maplebridge.fieldwork import actions, books, pages, working
from maplebridge.fieldwork.desk_forms import PlaceForm
from maplebridge.fieldwork.queries import place_seen, visit_seen
from maplebridge.files.uploads import photo_response
from maplebridge.kernel.errors import NotFound
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts


@require_GET
@for_posts(*ANY_POST)
def needs(request: StaffRequest) -> HttpResponse:
    """Where somebody should go, by day."""
    context = pages.needs_page(request.actor, request.GET, pages.today())
    return render(request, "fieldwork/needs.html", context)


@require_GET
@for_posts(*ANY_POST)
def needs_book(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook."""
    return books.needs_book(request)


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask somebody to go to a place, or about a matter."""
    asking = working.asking(request)
    if asking.done:
        messages.success(
            request, _("Asked. The phones of the area show it after their next contact.")
        )
        return redirect(asking.next_url)
    return render(request, "fieldwork/ask.html", asking.context, status=asking.status)


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST)
def go(request: StaffRequest) -> HttpResponse:
    """Record a visit or an inspection: for a need, at a place, or about a matter."""
    going = working.going(request)
    if going.done:
        return redirect(going.next_url)
    return render(request, "fieldwork/go.html", going.context, status=going.status)


@require_POST
@for_posts(*ANY_POST)
def drop(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Nobody has to go any more."""
    actions.drop_need(need_id, request.POST.get("reason", ""), actor=request.actor)
    return redirect("fieldwork:needs")


@require_GET
@for_posts(*ANY_POST)
def places(request: StaffRequest) -> HttpResponse:
    """The places of one's areas."""
    return render(request, "fieldwork/places.html", pages.places_page(request.actor, request.GET))


@require_GET
@for_posts(*ANY_POST)
def places_book(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook."""
    return books.places_book(request)


@require_GET
@for_posts(*ANY_POST)
def place(request: StaffRequest, place_id: UUID) -> HttpResponse:
    """One place."""
    shown = place_seen(request.actor, place_id)
    return render(request, "fieldwork/place.html", pages.place_page(shown, pages.today()))


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST)
def new_place(request: StaffRequest, kind: str) -> HttpResponse:
    """Enter a place of a kind."""
    form = PlaceForm(working.kind_of(kind), request.actor, request.POST or None)
    made = working.keep(request.actor, form)
    if made:
        return redirect("fieldwork:place", made.id)
    context = {"form": form, "kind": working.label_of(kind)}
    return render(request, "fieldwork/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST)
def mend_place(request: StaffRequest, place_id: UUID) -> HttpResponse:
    """Mend facts of a place; what somebody else changed meanwhile is shown, not overwritten."""
    shown = place_seen(request.actor, place_id)
    form = PlaceForm(shown.kind, request.actor, request.POST or None, place=shown)
    if working.mend(request.actor, form):
        return redirect("fieldwork:place", shown.id)
    context = {"form": form, "kind": working.label_of(shown.kind), "place": shown}
    return render(request, "fieldwork/edit.html", context, status=422 if form.errors else 200)


@require_POST
@for_posts(*ANY_POST)
def close_place(request: StaffRequest, place_id: UUID) -> HttpResponse:
    """A place is no longer in use."""
    actions.close_place(place_seen(request.actor, place_id).id, actor=request.actor)
    return redirect("fieldwork:place", place_id)


@require_GET
@for_posts(*ANY_POST)
def photo(request: StaffRequest, visit_id: UUID, sha256: str) -> HttpResponse:
    """A photo of a visit in one's areas."""
    if sha256 not in visit_seen(request.actor, visit_id).photos:
        raise NotFound(_("There is no such photo."))
    return photo_response(sha256, request.GET.get("side", ""))  # type: ignore[return-value]
