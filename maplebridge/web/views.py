"""The staff's pages: take a matter through the doorway, call one act, draw."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maplebridge.files.uploads import photo_response
from maplebridge.kernel.errors import Conflict, NotFound
from maplebridge.kernel.flow import Step
from maplebridge.matters import queries
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.notify.actions import read_about
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts
from maplebridge.web import matter_page
from maplebridge.web.contacts import open_contact
from maplebridge.web.forms import StepForm
from maplebridge.web.lists import LISTS, lists_for
from maplebridge.web.rows import rows_of
from maplebridge.web.step_start import returned_of, start_of
from maplebridge.web.taking import take


@require_GET
@for_posts(*ANY_POST, "administrator")
def home(request: StaffRequest) -> HttpResponse:
    """The first list of the post; for an administrator, what he keeps."""
    lists = lists_for(request.actor)
    return redirect(lists[0].url if lists else "setup:overview")


@require_GET
@for_posts(*ANY_POST)
def work_list(request: StaffRequest, name: str) -> HttpResponse:
    """One work list, fifty at a time."""
    made = LISTS.get(name)
    if made is None or not request.actor.holds(*made.kinds):
        raise NotFound(_("There is no such list, or it is not for your post."))
    found, older = queries.keyset(made.read(request.actor), request.GET.get("after", ""))
    context = {
        "list": made,
        "rows": rows_of(found),
        "older": older,
        "first": not request.GET.get("after"),
    }
    return render(request, "web/list.html", context)


@require_GET
@for_posts(*ANY_POST)
def matter(request: StaffRequest, number: str) -> HttpResponse:
    """One matter: what was told, what was done, what comes next."""
    shown = queries.visible_matter(request.actor, number)
    read_about(request.actor.person_id or 0, shown.number)
    return render(request, "web/matter.html", matter_page.page(request.actor, shown))


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST)
def step(request: StaffRequest, number: str, name: str) -> HttpResponse:
    """The form of a step, and taking it."""
    shown = queries.visible_matter(request.actor, number)
    wanted = FLOW.step(name)
    if request.method == "POST":
        form = StepForm(wanted, shown, request.POST)
        if take(request, form, shown):
            return redirect(_back(request, shown.number))
    else:
        if why := _shut(request.actor, shown, wanted):
            messages.warning(request, why)
            return redirect("web:matter", shown.number)
        start = start_of(wanted, returned_of(shown))
        form = StepForm(wanted, shown, initial=start | _given(request, wanted))
    context = matter_page.page(request.actor, shown, form=form, step=wanted, next=_next(request))
    return render(request, "web/step.html", context, status=422 if form.errors else 200)


def _shut(actor: Actor, shown: Matter, wanted: Step) -> str:
    """Why the status does not allow the step any more, for a link of yesterday; else ""."""
    kinds = queries.kinds_for(actor, shown)
    try:
        FLOW.check(shown.status, wanted.name, kinds, dict.fromkeys(wanted.needs, True))
    except Conflict as error:
        return error.message
    return ""


def _given(request: HttpRequest, wanted: Step) -> dict[str, str]:
    """Fields that a link has filled in already."""
    return {k: v for k, v in request.GET.items() if k in (*wanted.needs, *wanted.optional)}


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else ""


def _back(request: HttpRequest, number: str) -> str:
    return _next(request) or reverse("web:matter", args=[number])


@require_POST
@for_posts(*ANY_POST)
def contact(request: StaffRequest, number: str, report_id: Any) -> HttpResponse:
    """Show the contact details of one report for a stated purpose; the reading is logged."""
    shown = queries.visible_matter(request.actor, number)
    report, found = open_contact(request, shown, report_id)
    context = matter_page.page(request.actor, shown, opened=report.id, contact=found)
    return render(request, "web/matter.html", context)


@require_GET
@for_posts(*ANY_POST)
def photo(request: StaffRequest, number: str, sha256: str) -> HttpResponse:
    """A photo or voice note of a matter one may see."""
    shown = queries.visible_matter(request.actor, number)
    if sha256 not in queries.files_of(shown):
        raise NotFound(_("There is no such photo."))
    return photo_response(sha256, request.GET.get("side", ""))
