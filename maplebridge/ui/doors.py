"""Which posts may open a page, declared where the page is written."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotAllowed
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import Actor

# Whoever is on duty has the desk open for as long, whatever the post.
ANY_POST = ("dispatcher", "handler", "verifier", "supervisor", "grid_worker", "on_duty")
# The idle sign-out counts from the last page; writing that down once a minute is enough.
SEEN_SECONDS = 60
View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request of somebody signed in, with the posts held now."""

    actor: Actor


def for_posts(*kinds: str, by_itself: bool = False) -> Callable[[View], View]:
    """Open a page to holders of these kinds of post; others are told so, strangers sign in.

    What an open page asks for `by_itself` keeps nobody signed in who has left the desk; after that
    it gets nothing (204) and stays as it was.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if by_itself:
                    return HttpResponse(status=204)
                return _to_sign_in(request)
            if request.user.first_password and not _chooses_password(request):
                return redirect(settings.PASSWORD_URL)
            actor = actor_for(request.user)
            if not actor.holds(*kinds):
                raise NotAllowed(_("Your post does not include this."))
            request.actor = actor
            if not by_itself:
                _keep_signed_in(request)
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        guarded.duty, guarded.by_itself = kinds, by_itself  # type: ignore[attr-defined]
        return guarded

    return declare


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in first. Who sent a form hears that it was not taken and comes back to its page.

    A part of a page asked for by htmx cannot hold the sign-in page: the whole page goes there.
    """
    back = request.get_full_path()
    if request.method == "POST":
        shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
        back = urlsplit(shown).path or resolve_url(settings.LOGIN_REDIRECT_URL)
        said = _(
            "You were signed out, so nothing was sent. Sign in, then press your browser's Back "
            "until you see the form again: what you typed is still there."
        )
        messages.warning(request, said)
    door = redirect_to_login(back)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": door.url})
    return door


def for_everyone(view: View) -> View:
    """Declare a page open without signing in."""
    view.duty = ("anyone",)  # type: ignore[attr-defined]
    return view


def _chooses_password(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == settings.PASSWORD_URL


def _keep_signed_in(request: HttpRequest) -> None:
    if time() - request.session.get("seen", 0) > SEEN_SECONDS:
        request.session["seen"] = int(time())
