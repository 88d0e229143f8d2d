"""First page, ledger, privacy, and the outlines every map draws."""

import json
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_GET
from shapely.geometry import mapping

from maplebridge.org.queries import directory
from maplebridge.trust.queries import day_roots
from maplebridge.trust.register import REGISTER

DAYS_SHOWN = 90


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "public/home.html", {"demo": settings.DEMO})


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The closed days with their roots."""
    return render(request, "public/ledger.html", {"roots": day_roots(DAYS_SHOWN)})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The lines we do not cross and the register of personal fields."""
    return render(request, "public/privacy.html", {"register": REGISTER.values()})


def _tag(_request: HttpRequest) -> str:
    return f'"areas-{directory().stamp}"'


@require_GET
@condition(etag_func=_tag)
def areas(_request: HttpRequest) -> HttpResponse:
    """Outlines of villages, or of grids where a village has none, as GeoJSON in WGS-84."""
    response = HttpResponse(_areas(directory().stamp), content_type="application/geo+json")
    patch_cache_control(response, public=True, max_age=300)
    return response


@lru_cache(maxsize=2)
def _areas(_stamp: int) -> str:
    drawn = {area.code: (area, shape) for area, shape in directory().outlines()}
    villages = {code for code, (area, _s) in drawn.items() if area.level == "village"}
    features = []
    for code, (area, shape) in drawn.items():
        if area.level == "village" or (area.level == "grid" and code[:12] not in villages):
            label = shape.representative_point()
            features.append({
                "type": "Feature",
                "properties": {
                    "code": code, "name": area.name,
                    "label_lon": round(label.x, 6), "label_lat": round(label.y, 6),
                },
                "geometry": mapping(shape.simplify(0.0002)),
            })  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
