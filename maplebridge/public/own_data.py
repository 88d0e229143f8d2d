"""What is kept about a reporter, who read it, and having it erased (PIPL 44–50)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.rules import Actor
from maplebridge.public.following import report_by
from maplebridge.public.forms import PhoneForm
from maplebridge.trust.actions import erase_subject, export_own
from maplebridge.trust.queries import held_fields, own_data, readings_of, subjects_with_phone
from maplebridge.trust.throttle import throttle


@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest, code: str) -> HttpResponse:
    """Fields, purposes and readings for the code's holder; values and erasing after the phone."""
    report, actor = report_by(request, code)
    form = PhoneForm(request.POST or None)
    values: dict[str, str] = {}
    if (
        request.method == "POST"
        and report.subject
        and form.is_valid()
        and _is_own(request, form, report.subject)
    ):
        if "erase" in request.POST:
            return _erased(request, report.code, report.subject, actor)
        values = export_own(report.subject, actor, at=timezone.now())
    response = render(request, "public/my_data.html", _context(report, form, values))
    response["Cache-Control"] = "no-store"
    return response


def _is_own(request: HttpRequest, form: PhoneForm, subject: UUID) -> bool:
    """The code and the telephone together prove it; guessing is slowed down."""
    throttle(request, "own data")
    if not form.is_valid():
        return False
    if subject in subjects_with_phone(form.cleaned_data["phone"]):
        return True
    form.refuse(InvalidInput("phone", _("This is not the number that was left with this report.")))
    return False


def _erased(request: HttpRequest, code: str, subject: UUID, actor: Actor) -> HttpResponse:
    erase_subject(subject, actor, _("Wish of the person concerned"), at=timezone.now())
    messages.success(request, _("Your name and telephone were erased. The matter goes on."))
    return redirect("public:my_data", code)


def _context(report: Any, form: PhoneForm, values: dict[str, str]) -> dict[str, Any]:
    subject = report.subject
    held = own_data(subject) if subject else []
    return {
        "report": report,
        "form": form,
        "held": [(h, values.get(h.field.code, "")) for h in held],
        "opened": bool(values),
        "by_phone": bool(subject and "reporter.phone" in held_fields([subject]).get(subject, [])),
        "readings": readings_of(subject) if subject else [],
    }
