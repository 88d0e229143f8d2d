"""The shell of the phone's app, the door to enrolment, and the service worker."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from maplebridge.field import service_worker
from maplebridge.field import shell as made
from maplebridge.sync.rules import FIELD_KINDS
from maplebridge.ui.doors import StaffRequest, for_everyone, for_posts


@for_everyone
@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the shell in the reader's language."""
    return redirect("field:en" if translation.get_language() == "en" else "field:zh")


@for_everyone
@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The page all screens are made of: the same for everybody, without personal data."""
    # A voice note is listened to from memory before it is sent. The policy goes with the answer
    # "not modified" too: its headers take the place of those the browser has kept.
    policy = {"script-src": [made.import_map_hash()], "media-src": ["blob:"]}
    return csp_update(policy)(_shell)(request, language=language)


@condition(etag_func=service_worker.tag)
def _shell(request: HttpRequest, language: str) -> HttpResponse:
    return service_worker.packed(request, service_worker.shell_text(language), "text/html")


@for_everyone
@require_safe
@condition(etag_func=service_worker.tag)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; a browser asks for it anew each time."""
    return service_worker.packed(request, service_worker.script(), "text/javascript")


@require_safe
@for_posts(*FIELD_KINDS)
@ensure_csrf_cookie
def enrol(request: StaffRequest) -> HttpResponse:
    """Whoever is signed in comes back to the phone's app, ready to make this phone a device."""
    language = "en" if translation.get_language() == "en" else "zh"
    return redirect(f"{reverse(f'field:{language}')}#/enrol")
