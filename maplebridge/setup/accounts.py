"""Accounts: who may sign in; opened, closed, given a new first password, unlocked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.org.actions import (
    change,
    choose_password,
    give_password,
    open_account,
    unlock,
)
from maplebridge.org.lists import LISTS, fingerprint
from maplebridge.org.models import Person, Post
from maplebridge.setup.forms import AccountForm, PasswordForm, Reasoned
from maplebridge.setup.history import of_row
from maplebridge.setup.views import KEEPER, READERS
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts
from maplebridge.ui.forms import refuse

PAGE = 50


@require_GET
@for_posts(*READERS)
def accounts(request: StaffRequest) -> HttpResponse:
    """Accounts by username, fifty at a time, with the posts held today."""
    words, shown = request.GET.get("q", "").strip(), request.GET.get("only", "")
    found = Person.objects.prefetch_related(Prefetch("posts", _held(), to_attr="held"))
    if words:
        found = found.filter(Q(name__icontains=words) | Q(username__icontains=words))
    if shown in {"open", "closed"}:
        found = found.filter(is_active=shown == "open")
    people = list(found.filter(username__gt=request.GET.get("after", ""))[: PAGE + 1])
    context = {
        "people": people[:PAGE], "older": people[PAGE - 1].username if len(people) > PAGE else "",
        "locked": _locked(people), "words": words, "only": shown,
        "keeper": request.actor.holds(KEEPER),
    }  # fmt: skip
    return render(request, "setup/accounts.html", context)


def _held() -> Any:
    today = timezone.localdate()
    return Post.objects.exclude(valid_to__lt=today).select_related("unit").order_by("id")


def _locked(people: list[Person]) -> set[str]:
    """Usernames whose door is shut at this moment after failed sign-ins."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    tries = AccessAttempt.objects.filter(
        username__in=[p.username for p in people],
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since,
    )  # fmt: skip
    return set(tries.values_list("username", flat=True))


def _person(pk: int) -> Person:
    found = Person.objects.prefetch_related(Prefetch("posts", _held(), to_attr="held")).filter(
        pk=pk
    )
    if not found:
        raise NotFound(_("There is no such account."))
    return found[0]


@require_http_methods(["GET", "POST"])
@for_posts(KEEPER)
def new_account(request: StaffRequest) -> HttpResponse:
    """Open an account; its first password is on the page that answers, and nowhere else."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            person, password = open_account(actor=request.actor, **said)
        except (InvalidInput, Conflict) as error:
            refuse(form, error)
        else:
            return _account_page(request, _person(person.pk), password=password)
    return render(
        request, "setup/new_account.html", {"form": form}, status=422 if form.errors else 200
    )


@require_GET
@for_posts(*READERS)
def account(request: StaffRequest, pk: int) -> HttpResponse:
    """An account with its posts, what can be done, and every change."""
    return _account_page(request, _person(pk))


def _account_page(request: StaffRequest, person: Person, **more: Any) -> HttpResponse:
    context = {
        "person": person, "locked": bool(_locked([person])),
        "history": of_row(LISTS["person"], person.pk),
        "keeper": request.actor.holds(KEEPER), "form": Reasoned(), "command": uuid4(),
        "own": person.pk == request.actor.person_id, **more,
    }  # fmt: skip
    return render(request, "setup/account.html", context)


@require_POST
@for_posts(KEEPER)
def account_act(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Close, reopen, give a new first password or unlock, for a reason."""
    person, form = _person(pk), Reasoned(request.POST)
    if act not in {"close", "reopen", "password", "unlock"}:
        raise NotFound(_("There is no such act."))
    if not form.is_valid():
        raise InvalidInput("reason", _("Say why: it stands in the history."))
    given = {"actor": request.actor, **form.cleaned_data}
    if act == "password":
        return _account_page(request, person, password=give_password(pk, **given))
    if act == "unlock":
        unlock(pk, **given)
    else:
        change(
            "person",
            pk,
            {"is_active": act == "reopen"},
            seen=fingerprint(LISTS["person"], person),
            **given,
        )
    messages.success(request, _("Kept, with its reason in the history."))
    return redirect("setup:account", pk)


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST, KEEPER, "adviser")
def own_password(request: StaffRequest) -> HttpResponse:
    """Choose a password of one's own; the first one opens nothing but this page."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _chosen(request, form):
        messages.success(request, _("From now on your new password holds."))
        return redirect("web:home")
    context = {"form": form, "first": request.user.first_password}  # type: ignore[union-attr]
    return render(request, "setup/password.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, form: PasswordForm) -> bool:
    person: Any = request.user
    try:
        choose_password(person, form.cleaned_data["present"], form.cleaned_data["new"])
    except InvalidInput as error:
        refuse(form, error)
        return False
    update_session_auth_hash(request, person)
    return True
