"""The choice of view, normal or elder, and the file of the base map."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

ELDER_COOKIE = "mb_view"
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
MOST_BYTES = 8 * 1024 * 1024  # a directory or a tile is far smaller


@require_POST
def set_view(request: HttpRequest) -> HttpResponse:
    """Remember the elder or the normal view for a year and go back to where the person was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    view = "elder" if request.POST.get("view") == "elder" else "normal"
    response.set_cookie(ELDER_COOKIE, view, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


@require_GET
def base_map_file(request: HttpRequest) -> HttpResponse:
    """Bytes of the PMTiles file of the settings; the map asks for the few that it needs."""
    file = settings.BASE_MAP.file
    asked = RANGE.fullmatch(request.headers.get("range", ""))
    if file is None or asked is None:
        return HttpResponse(status=416 if file else 404)
    whole = file.stat().st_size
    first, last = int(asked[1]), min(int(asked[2]), whole - 1, int(asked[1]) + MOST_BYTES - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{whole}"})
    with file.open("rb") as opened:
        opened.seek(first)
        part = opened.read(last - first + 1)
    facts = {"Content-Range": f"bytes {first}-{last}/{whole}", "Cache-Control": "max-age=3600"}
    return HttpResponse(part, "application/octet-stream", status=206, headers=facts)
