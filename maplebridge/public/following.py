"""The page of a query code, and what its holder may do."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from maplebridge.files.uploads import photo_response
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.ids import normalise_query_code
from maplebridge.matters.actions import take_step
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Report
from maplebridge.matters.queries import followed, reporter_of
from maplebridge.mediation.queries.party import party_with_code
from maplebridge.org.rules import Actor
from maplebridge.public import forms
from maplebridge.trust.throttle import throttle
from maplebridge.ui.forms import Form


@dataclass(frozen=True)
class Act:
    """Something a reporter may do: its words, its form and what is said afterwards."""

    label: Any
    form: type[Form]
    thanks: Any
    lead: Any
    icon: str


ACTS = {
    "evaluate": Act(
        gettext_lazy("Rate it"),
        forms.RatingForm,
        gettext_lazy("Thank you. Your rating is counted as you gave it."),
        gettext_lazy("Silence is never counted as satisfied. If it is not solved, it is reopened."),
        "star",
    ),
    "ask_reopening": Act(
        gettext_lazy("Ask for reopening"),
        forms.ReasonForm,
        gettext_lazy("Your wish was recorded."),
        gettext_lazy("The first time it reopens by itself; later a supervisor decides."),
        "refresh",
    ),
    "add": Act(
        gettext_lazy("Add something"),
        forms.NoteForm,
        gettext_lazy("Your addition was recorded."),
        gettext_lazy("What you add is read by the unit that handles it."),
        "edit",
    ),
    "withdraw": Act(
        gettext_lazy("Withdraw"),
        forms.WithdrawForm,
        gettext_lazy("Your report was withdrawn."),
        gettext_lazy("Then nobody works on it any more. This cannot be undone."),
        "x-circle",
    ),
}


def report_by(request: HttpRequest, code: str) -> tuple[Report, Actor]:
    """The report of a code, however it is written, and its holder; NotFound for an unknown one."""
    throttle(request, "code")
    found = reporter_of(normalise_query_code(code) or "")
    if found is None:
        raise NotFound(_("There is no matter with this code. A code has eight characters."))
    return found


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The form of the first page: lead to the code's own address."""
    typed = request.GET.get("code", "")[:40]
    code = normalise_query_code(typed)
    if code and reporter_of(code):
        throttle(request, "code")
        return redirect("public:track", code)
    if code and party_with_code(code):
        throttle(request, "code")
        return redirect("public:party", code)
    throttle(request, "code")
    wrong = bool(typed.strip())
    return render(
        request, "public/find.html", {"typed": typed, "wrong": wrong}, status=404 if wrong else 200
    )


@require_GET
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Where the matter stands and how it got there."""
    report, _actor = report_by(request, code)
    seen = followed(report)
    acts = [(name, act) for name, act in ACTS.items() if not _closed(report, name)]
    return render(
        request, "public/track.html", {"seen": seen, "acts": acts, "events": _events(seen)}
    )


def _closed(report: Report, name: str) -> str:
    """Why the table or the seven days do not allow it, "" when they do; the act checks the rest."""
    if report.matter.status not in FLOW.step(name).sources:
        return _("This is not possible at the present stage.")
    if name in {"evaluate", "ask_reopening"} and (
        report.evaluate_until is None or report.evaluate_until <= timezone.now()
    ):
        return _("The seven days for this are over.")
    return ""


def _events(seen: Any) -> list[dict[str, Any]]:
    last = len(seen.steps) - 1
    return [
        {
            "at": s.at,
            "title": s.label,
            "facts": s.detail,
            "note": s.text,
            "icon": "check-circle" if n < last else "circle",
            "tone": "good" if n < last else "info",
        }
        for n, s in enumerate(seen.steps)
    ]


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One act of the code's holder."""
    report, actor = report_by(request, code)
    if name not in ACTS:
        raise NotFound(_("There is no such step."))
    if request.method == "GET" and (why := _closed(report, name)):
        messages.warning(request, why)
        return redirect("public:track", report.code)
    made = ACTS[name]
    form = made.form(request.POST or None)
    if request.method == "POST":
        if "photos" in form.fields:
            form.take_photos(request, actor)
        if form.is_valid() and _taken(request, form, report, actor, name):
            messages.success(request, str(made.thanks))
            return redirect("public:track", report.code)
    command = _command(request) or uuid4()
    context = {"report": report, "act": made, "name": name, "form": form, "command_id": command}
    return render(request, "public/act.html", context, status=422 if form.errors else 200)


def _command(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("command_id", ""))
    except ValueError:
        return None


def _taken(request: HttpRequest, form: Form, report: Report, actor: Actor, name: str) -> bool:
    """Take the step; False when it was refused, which the form then shows."""
    fields = {k: v for k, v in form.cleaned_data.items() if v}
    command = _command(request)
    if command is None:
        form.add_error(None, _("Please send it once more."))
        return False
    try:
        take_step(report.matter_id, name, actor, fields, command_id=command)
    except (InvalidInput, Conflict, NotAllowed) as error:
        form.refuse(error)
        return False
    return True


@require_GET
def photo(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """A photo the code's holder sent."""
    report, _actor = report_by(request, code)
    if sha256 not in report.photos:
        raise NotFound(_("There is no such photo."))
    return photo_response(sha256, request.GET.get("side", ""))
