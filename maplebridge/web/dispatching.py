"""The dispatcher's screen: the inbox, the matter being looked at, and what to do with it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from maplebridge.kernel.errors import NotFound
from maplebridge.kernel.flow import Step
from maplebridge.matters import queries
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.notify.actions import read_about
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest, for_posts
from maplebridge.web import matter_page
from maplebridge.web.forms import StepForm
from maplebridge.web.likeness import compared
from maplebridge.web.rows import rows_of
from maplebridge.web.taking import take

# Steps that are taken on this screen itself; the others have a page of their own.
HERE = frozenset({"dispatch", "merge", "recall", "acknowledge"})


@require_GET
@for_posts("dispatcher")
def dispatch(request: StaffRequest) -> HttpResponse:
    """Three panes; the most urgent matter is open unless another was chosen."""
    waiting, older = queries.urgent_first(queries.inbox(request.actor))
    wanted = request.GET.get("matter", "")
    shown = _chosen(request.actor, wanted, waiting)
    if wanted and (shown is None or shown.number != wanted):
        messages.info(request, _("That matter no longer waits here; this is the next one."))
    return _screen(request, waiting, older, shown)


@require_GET
@for_posts("dispatcher", by_itself=True)
def dispatch_rows(request: StaffRequest) -> HttpResponse:
    """The list alone, asked for again and again while the screen is open."""
    waiting, older = queries.urgent_first(queries.inbox(request.actor))
    context = _list(request, waiting, older, request.GET.get("matter", ""))
    return render(request, "web/dispatch_rows.html", context)


@require_POST
@for_posts("dispatcher")
def dispatch_step(request: StaffRequest, number: str, name: str) -> HttpResponse:
    """Take a step here and go on with the next matter; a refused form stays on the screen."""
    shown = queries.visible_matter(request.actor, number)
    if name not in HERE:
        raise NotFound(_("There is no such step."))
    form = StepForm(FLOW.step(name), shown, request.POST, auto_id=f"id-{shown.id}-%s")
    waiting, older = queries.urgent_first(queries.inbox(request.actor))
    if take(request, form, shown):
        _offer_undo(request, form.step, shown)
        return redirect(_after(waiting, shown, stay=name in {"recall", "acknowledge"}))
    return _screen(request, waiting, older, shown, form)


def _chosen(actor: Actor, number: str, waiting: list[Matter]) -> Matter | None:
    """The matter asked for while it still waits, else the first of the list."""
    for matter in waiting:
        if matter.number == number:
            return matter
    if number:
        further = queries.inbox(actor).filter(number=number).first()
        if further is not None:
            return further
    return waiting[0] if waiting else None


def _screen(
    request: StaffRequest,
    waiting: list[Matter],
    older: str,
    shown: Matter | None,
    bad: StepForm | None = None,
) -> HttpResponse:
    context = _list(request, waiting, older, shown.number if shown else "")
    if shown is not None:
        read_about(request.actor.person_id or 0, shown.number)
        context |= matter_page.page(request.actor, shown, auto_id=f"id-{shown.id}-%s")
        context |= {"likely": compared(shown, context["likely"]), "bad": bad}
        if bad is not None and bad.step.name == "dispatch":
            context["form"] = bad
        others = [a for a in context["others"] if a.step.name not in HERE]
        context |= {"others": others, "picked": bool(request.GET.get("matter"))}
    return render(request, "web/dispatch.html", context, status=422 if bad else 200)


def _list(request: StaffRequest, waiting: list[Matter], older: str, current: str) -> dict[str, Any]:
    """The rows, which of them is open, which came after the screen was opened, what to undo."""
    opened = _since(request)
    fresh = {m.number for m in waiting if m.reported_at > opened}
    return {
        "rows": rows_of(waiting),
        "more": bool(older),
        "current": current,
        "fresh": fresh,
        "since": opened.isoformat(timespec="seconds"),
        "undo": _undo(request),
    }


def _since(request: HttpRequest) -> datetime:
    """When the screen was opened, as its own address says; now for anything else."""
    try:
        said = datetime.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return timezone.now()
    return said if timezone.is_aware(said) else timezone.now()


def _after(waiting: list[Matter], done: Matter, *, stay: bool) -> str:
    """The address of the screen with the matter that follows in the list."""
    numbers = [m.number for m in waiting]
    here = numbers.index(done.number) if done.number in numbers else -1
    follows = done.number if stay else next(iter(numbers[here + 1 :]), "")
    return reverse("web:dispatch") + (f"?matter={follows}" if follows else "")


def _undo(request: StaffRequest) -> Matter | None:
    """The matter dispatched last here, while it can still be taken back."""
    number = request.session.get("undo")
    if not number:
        return None
    found = queries.matters_visible_to(request.actor).filter(number=number)
    fits = found.filter(status__in=FLOW.step("recall").sources, returns=0)
    return fits.select_related("lead").first()


def _offer_undo(request: HttpRequest, step: Step, done: Matter) -> None:
    """Remember the last dispatch, so that the screen can offer to take it back."""
    if step.name == "dispatch":
        request.session["undo"] = done.number
    else:
        request.session.pop("undo", None)
