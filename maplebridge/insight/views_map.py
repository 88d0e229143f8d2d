"""The map's three addresses: the page, what is drawn on it, and what lies under it."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from maplebridge.insight import map_page
from maplebridge.insight.queries.layers import layers_json
from maplebridge.insight.queries.map import View, map_points
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts


@require_GET
@for_posts(*ANY_POST)
def map_view(request: StaffRequest) -> HttpResponse:
    """The map; without JavaScript, the counts of each village and the newest matters."""
    wanted = map_page.asked(request.GET)
    return render(request, "insight/map.html", map_page.page(request.actor, wanted, timezone.now()))


@require_GET
@for_posts(*ANY_POST)
def points(request: StaffRequest) -> HttpResponse:
    """Squares or single matters of a view, as JSON; see `map_points`."""
    view = View.read(request.GET.get("bbox", ""), request.GET.get("zoom", ""))
    wanted = map_page.asked(request.GET)
    drawn = map_points(request.actor, wanted, view, timezone.now())
    return JsonResponse(drawn, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@require_GET
@for_posts(*ANY_POST)
def layers(_request: StaffRequest) -> HttpResponse:
    """Outlines and units as GeoJSON; the browser keeps them for five minutes."""
    response = HttpResponse(layers_json(), content_type="application/geo+json")
    patch_cache_control(response, private=True, max_age=300)
    return response
