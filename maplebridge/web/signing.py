"""Signing in and out; the demo offers its accounts."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maplebridge.org.queries import actor_for
from maplebridge.ui.doors import for_everyone
from maplebridge.ui.forms import RENDERER


class SignInForm(AuthenticationForm):
    """Username and password, drawn with our fields."""

    default_renderer = RENDERER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = _("Username")
        if settings.DEMO:
            self.fields["password"].widget.render_value = True


def demo_accounts() -> list[dict[str, Any]]:
    """One account per post, where this is the demo; else none."""
    path = settings.DATA_DIR / "demo-accounts.json"
    if not (settings.DEMO and path.exists()):
        return []
    return list(json.loads(path.read_text(encoding="utf-8")))


class SignIn(views.LoginView):
    """The door of the desk."""

    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        """The demo account that was picked from the list, if any."""
        wanted = self.request.GET.get("as")
        for account in demo_accounts():
            if account["username"] == wanted:
                return {"username": wanted, "password": account["password"]}
        return {}

    def get_default_redirect_url(self) -> str:
        """The desk; for an administrator without a post, what he keeps."""
        user = self.request.user
        if user.is_staff and not actor_for(user).posts:
            return reverse("admin:index")
        return super().get_default_redirect_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(accounts=demo_accounts(), **kwargs)


def locked(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Five wrong passwords: say how long the door stays shut."""
    return render(request, "web/locked.html", status=429)


sign_in = for_everyone(SignIn.as_view())
sign_out = for_everyone(views.LogoutView.as_view())
