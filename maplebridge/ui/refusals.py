"""A refusal raised by an act becomes a page that says what to do next."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import (
    Conflict,
    InvalidInput,
    MaplebridgeError,
    NotAllowed,
    NotFound,
    TooMany,
)

PAGES: dict[type[MaplebridgeError], int] = {
    InvalidInput: 400,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
}

NOTHING = "%00"


class RefusalPages:
    """Middleware: the refusals of the kernel as 400, 403, 404, 409 and 429 pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Nobody types the character 0, and no database keeps it.
        if NOTHING in request.META.get("QUERY_STRING", ""):
            why = _("This address holds a character that cannot be read.")
            return self._page(request, 400, why)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal with its page; leave anything else to Django."""
        status = next((PAGES[kind] for kind in type(error).__mro__ if kind in PAGES), None)
        if status is None:
            return None
        return self._page(request, status, str(error))

    def _page(self, request: HttpRequest, status: int, why: str) -> HttpResponse:
        context = {"why": why}
        if request.user.is_authenticated:
            context["next_url"] = resolve_url(settings.LOGIN_REDIRECT_URL)
            context["next_label"] = _("Back to my work")
        return render(request, f"{status}.html", context, status=status)
