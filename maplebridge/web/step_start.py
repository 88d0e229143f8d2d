"""What the form of a step begins with, and what it says about dates."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.flow import Step
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter, Petition
from maplebridge.matters.queries import ClockState
from maplebridge.matters.queries.supervising import Return, latest_due, returns_of
from maplebridge.ui.templatetags.ui import time_words
from maplebridge.web.forms import StepForm


def returned_of(matter: Matter) -> Return | None:
    """The last return of a matter that waits to be dispatched anew."""
    waits = matter.status in FLOW.step("rule").sources
    return returns_of(matter)[-1] if waits and matter.returns else None


def start_of(step: Step, back: Return | None) -> dict[str, Any]:
    """What is filled in besides the proposal: after "not ours" the unit that was named.

    The unit that gave it back may not do so again: confirming must not send it there unseen.
    """
    named = back.belongs_to if back and back.event.data.get("code") == "not_ours" else None
    return {"lead": named.code} if named and step.name == "dispatch" else {}


def asked_of(matter: Matter) -> list[Petition]:
    """What was asked of a supervisor and waits."""
    if not matter.petition_open:
        return []
    waiting = matter.petitions.filter(decided_at=None).select_related("asked_by")
    return list(waiting.order_by("asked_at", "id"))


def explain_dates(form: StepForm, clocks: Iterable[ClockState]) -> None:
    """Say at a date what the rules allow, so that nobody has to guess."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    handle = next(
        (c.clock for c in clocks if c.clock.kind == "handle" and c.light != "stopped"), None
    )
    if (field := form.fields.get("until")) and handle:
        most = timezone.localdate(latest_due(handle))
        field.widget.attrs |= {"min": timezone.localdate(handle.due_at), "max": most}
        said = {"due": time_words(handle.due_at), "most": time_words(most)}
        field.help_text = _("Due now: %(due)s. At the latest: %(most)s.") % said
    if field := form.fields.get("review_on"):
        field.widget.attrs["min"] = tomorrow
        field.help_text = _("From tomorrow on. Until then the limit stands still.")
