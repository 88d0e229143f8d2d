"""What the holder of a query code may see: the way of the matter in plain words, no people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.matters.flow import CONTACT_RESULTS, DECLINE_REASONS, FLOW, RECEIVERS
from maplebridge.matters.models import Clock, Matter, MatterEvent, Report
from maplebridge.org.queries import directory
from maplebridge.trust.queries import passages
from maplebridge.ui.templatetags.ui import time_words


@dataclass(frozen=True)
class PublicStep:
    """One step as the reporter reads it: its name, its words, when, and a text meant for them."""

    step: str
    label: str
    at: datetime
    text: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Followed:
    """A matter as one of its reporters sees it; `steps` run from the first to the last."""

    report: Report
    matter: Matter
    label: str
    plain: str
    steps: tuple[PublicStep, ...]
    expected_by: datetime | None
    review_on: date | None


# What the present status means for the person who waits.
PLAIN = {
    "reported": gettext_lazy("We have your report. The command room decides who handles it."),
    "dispatched": gettext_lazy("It was given to a unit, which must sign for it now."),
    "accepted": gettext_lazy("The unit has signed for it and will contact you or go there."),
    "in_progress": gettext_lazy("The unit is working on it."),
    "handled": gettext_lazy("The unit says it is done. Somebody else checks that now."),
    "returned": gettext_lazy("The right unit is being found. The command room keeps at it."),
    "closed": gettext_lazy("It is closed. Please say whether it is really solved."),
    "archived": gettext_lazy("It is closed and filed."),
    "declined": gettext_lazy("It was not taken up; below stands why and where to go instead."),
    "merged": gettext_lazy("It was joined with another report of the same problem."),
    "referred": gettext_lazy("It was passed on to the body in charge."),
    "withdrawn": gettext_lazy("You have withdrawn it."),
}

# The steps a reporter sees, in their words; what is not here stays inside.
WORDS = {
    "report": gettext_lazy("Reported"),
    "dispatch": gettext_lazy("Given to a unit"),
    "accept": gettext_lazy("Signed for"),
    "return_back": gettext_lazy("Given back: the right unit is being found"),
    "rule": gettext_lazy("Decided who handles it"),
    "hand_on": gettext_lazy("Passed on to another committee"),
    "hand_back": gettext_lazy("Given back: the right unit is being found"),
    "start": gettext_lazy("Work has begun"),
    "extend": gettext_lazy("More time was granted"),
    "suspend": gettext_lazy("Suspended"),
    "resume": gettext_lazy("Work goes on"),
    "handle": gettext_lazy("Result handed in, to be checked"),
    "rework": gettext_lazy("Checked and sent back to work"),
    "recall": gettext_lazy("Taken back: the right unit is being found"),
    "alert": gettext_lazy("Whoever is on duty was told at once"),
    "acknowledge": gettext_lazy("Somebody on duty takes charge"),
    "overturn": gettext_lazy("Checked: it is worked on again"),
    "settle_on_spot": gettext_lazy("Settled on the spot"),
    "close": gettext_lazy("Checked and closed"),
    "answer": gettext_lazy("Answer to you"),
    "decline": gettext_lazy("Not taken up"),
    "refer": gettext_lazy("Passed on"),
    "absorb": gettext_lazy("Joined with another report"),
    "merge": gettext_lazy("Joined with another report"),
    "follow": gettext_lazy("Another person reported the same"),
    "escalate": gettext_lazy("Late: the unit was reminded"),
    "supervise": gettext_lazy("A supervisor watches over it"),
    "reopen": gettext_lazy("Reopened"),
    "refuse_reopening": gettext_lazy("Not reopened"),
    "withdraw": gettext_lazy("Withdrawn"),
    "correct": gettext_lazy("Status corrected"),
}
OWN = {
    "add": gettext_lazy("You added"),
    "evaluate": gettext_lazy("You rated it"),
    "ask_reopening": gettext_lazy("You asked for reopening"),
}
# Free text written for the reporter; any other text stays inside.
TOLD = frozenset({"answer", "decline", "settle_on_spot", "suspend", "refuse_reopening"})


def is_told(step: str) -> bool:
    """True when the reporter reads the text of such a step."""
    return step in TOLD or step in OWN


def followed(report: Report) -> Followed:
    """The way of the report's matter for its reporter; three queries."""
    matter = report.matter
    events = [e for e in matter.events.order_by("version") if _shown(e, report)]
    wanted = [e.passage_id for e in events if e.passage_id and _tells(e)]
    texts = passages(wanted)
    return Followed(
        report=report,
        matter=matter,
        label=str(FLOW.statuses[matter.status]),
        plain=str(PLAIN[matter.status]),
        steps=tuple(_step(e, texts) for e in events),
        expected_by=expected_by(matter),
        review_on=matter.suspended_until,
    )


def expected_by(matter: Matter) -> datetime | None:
    """When the result is due; before a unit has it, when the first answer is; None when over."""
    if not matter.is_open or matter.suspended_until:
        return None
    due = dict(
        Clock.objects.filter(matter=matter, stopped_at__isnull=True).values_list("kind", "due_at")
    )
    return due.get("handle") or due.get("respond") or matter.due_at


def _shown(event: MatterEvent, report: Report) -> bool:
    return event.step in WORDS or (event.step in OWN and event.report_id == report.id)


def _tells(event: MatterEvent) -> bool:
    return event.step in TOLD or event.step in OWN


def _step(event: MatterEvent, texts: Mapping[UUID, str]) -> PublicStep:
    label = WORDS.get(event.step) or OWN[event.step]
    detail = DETAILS[event.step](event.data) if event.step in DETAILS else ""
    text = texts.get(event.passage_id, "") if event.passage_id and _tells(event) else ""
    return PublicStep(event.step, str(label), event.at, text, detail)


def _lead(data: Mapping[str, Any]) -> str:
    unit = directory().units.get(data.get("lead", 0))
    return unit.name if unit else ""


def _review(data: Mapping[str, Any]) -> str:
    day = parse_date(str(data.get("review_on", "")))
    return _("To be looked at again on %(day)s.") % {"day": time_words(day)} if day else ""


def _declined(data: Mapping[str, Any]) -> str:
    why = dict(DECLINE_REASONS).get(data.get("code", ""), "")
    return _("%(why)s. Where to go instead: %(instead)s") % {
        "why": why,
        "instead": data.get("instead", ""),
    }


def _referred(data: Mapping[str, Any]) -> str:
    to = dict(RECEIVERS).get(data.get("receiver", ""), "")
    return _("%(to)s, receipt number %(receipt)s") % {"to": to, "receipt": data.get("receipt", "")}


DETAILS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "dispatch": _lead,
    "rule": _lead,
    "suspend": _review,
    "decline": _declined,
    "refer": _referred,
    "start": lambda data: str(dict(CONTACT_RESULTS).get(data.get("contact", ""), "")),
}
