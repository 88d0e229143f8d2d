"""The one choice of view this room keeps: normal or elder."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

ELDER_COOKIE = "mb_view"


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
