"""All matters one may see, through one filter; filters that a unit keeps."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.text import whole_number
from maplebridge.matters.actions.filters import drop_filter, save_filter
from maplebridge.matters.queries import MatterFilter, page_of, saved_filters
from maplebridge.matters.queries.words import understood
from maplebridge.org.queries import directory
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts
from maplebridge.web.filter_form import FilterForm
from maplebridge.web.rows import rows_of


@require_GET
@for_posts(*ANY_POST)
def matters(request: StaffRequest) -> HttpResponse:
    """What fits the filter in the address, newest first; for htmx only the part that changes."""
    form = FilterForm(request.actor, request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _found(request, form.wanted)
    swapping = request.headers.get("HX-Request") == "true"
    template = "web/matters_found.html" if swapping else "web/matters.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    if swapping and not form.errors:
        response["HX-Replace-Url"] = address_of(form.wanted)
    return response


def _found(request: StaffRequest, wanted: MatterFilter) -> dict[str, Any]:
    after = request.GET.get("after", "")
    found = page_of(request.actor, wanted, timezone.now(), after)
    saved = saved_filters(request.actor)
    query = wanted.query()
    return {
        "wanted": wanted,
        "query": query,
        "chips": _chips(wanted),
        "rows": rows_of(found.rows),
        "found": found,
        "first": not after,
        "why": understood(wanted.q).why if wanted.q else "",
        "saved": saved,
        "same": next((s for s in saved if s.query == query), None),
        "units": _own_units(request),
    }


def _own_units(request: StaffRequest) -> list[Any]:
    town = directory()
    return [town.units[pk] for pk in dict.fromkeys(p.unit_id for p in request.actor.posts)]


def _chips(wanted: MatterFilter) -> list[dict[str, str]]:
    """Each part that is set, with the address without it."""
    return [
        {"label": label, "value": value, "without": address_of(wanted.without(name))}
        for name, label, value in wanted.said()
    ]


def address_of(wanted: MatterFilter) -> str:
    """Where the list of this filter is."""
    query = wanted.query()
    return reverse("web:matters") + (f"?{query}" if query else "")


@require_POST
@for_posts(*ANY_POST)
def keep_filter(request: StaffRequest) -> HttpResponse:
    """Keep the filter under a name for a unit, and go on with it."""
    query, unit = request.POST.get("query", ""), request.POST.get("unit", "")
    try:
        saved = save_filter(
            request.actor, whole_number(unit) or 0, request.POST.get("name", ""), query
        )
        said = {"name": saved.name, "unit": directory().units[saved.unit_id].name}
        messages.success(request, _("Saved as “%(name)s” for everybody in %(unit)s.") % said)
    except InvalidInput as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('web:matters')}?{query}")


@require_POST
@for_posts(*ANY_POST)
def forget_filter(request: StaffRequest) -> HttpResponse:
    """Forget a kept filter; what it showed stays on the page."""
    kept = request.POST.get("filter", "")
    drop_filter(request.actor, whole_number(kept) or 0)
    messages.success(request, _("The saved filter was removed."))
    return redirect(f"{reverse('web:matters')}?{request.POST.get('query', '')}")
