"""What the page of a matter shows, gathered once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maplebridge.kernel.flow import Step
from maplebridge.matters.flow import ENDINGS, FLOW
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import (
    ClockState,
    Likeness,
    clock_states,
    kinds_for,
    light_of,
    likely_duplicates,
)
from maplebridge.mediation.queries.visible import beside_matter
from maplebridge.org.models import Post
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import held_fields
from maplebridge.trust.rules import REGISTER, WORKING
from maplebridge.web.forms import StepForm
from maplebridge.web.timeline import photo_links, timeline

# Kept as they stand here, shown in the reader's language.
PURPOSES = (
    gettext_noop("First contact with the reporter"),
    gettext_noop("Asking what is unclear"),
    gettext_noop("Telling the result"),
    gettext_noop("Verifying the result with the reporter"),
)
# Words inside a matter: for colleagues, or for the reporter. They have a place of their own.
TALK = ("remark", "answer")
# Steps that only the system takes have no button.
SILENT = frozenset({"timer", "anyone"})


@dataclass(frozen=True)
class Action:
    """A button: an open step, or one that is shut with the reason."""

    step: Step
    url: str
    why_not: str = ""


def actions_for(actor: Actor, matter: Matter) -> tuple[list[Action], list[Action]]:
    """(main, more): the steps of this status; a main step that is shut says whose it is."""
    kinds = kinds_for(actor, matter)
    main, more = [], []
    for step in FLOW.steps:
        if matter.status not in step.sources or step.who <= SILENT or step.who == {"reporter"}:
            continue
        mine = not step.who.isdisjoint(kinds)
        url = reverse("web:step", args=[matter.number, step.name])
        if mine:
            (main if step.primary else more).append(Action(step, url))
        elif step.primary and matter.status not in ENDINGS:
            main.append(Action(step, url, _whose(step, actor, matter)))
    return _sorted_out(matter, main, more)


def _sorted_out(
    matter: Matter, main: list[Action], more: list[Action]
) -> tuple[list[Action], list[Action]]:
    """Where two main steps share a status, the one that fits the number of returns stands first."""
    wrong = "rule" if matter.returns < 2 else "dispatch"
    if matter.status == "returned":
        main = [a for a in main if a.step.name != wrong]
        more = [a for a in more if a.step.name != wrong]
    if matter.status == "in_progress" and not matter.suspended_until:
        more = [a for a in more if a.step.name != "resume"]
    if not matter.petition_open:
        more = [a for a in more if not a.step.name.startswith("refuse_")]
    return main, more


def _whose(step: Step, actor: Actor, matter: Matter) -> str:
    if "verifier" in step.who and actor.holds("verifier"):
        return _("Nobody verifies his own work: another verifier does this.")
    if "handler" in step.who and matter.lead:
        return _("%(unit)s does this.") % {"unit": matter.lead.name}
    names = dict(Post.Kind.choices)
    who = "、".join(str(names[kind]) for kind in sorted(step.who) if kind in names)
    return _("For: %(posts)s.") % {"posts": who}


def reports_of(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    """The tellings with their photos; whether contact details are there, never what they are."""
    reports = list(matter.reports.select_related("taken_by").order_by("reported_at", "id"))
    held = held_fields(r.subject for r in reports if r.subject)
    may_read = actor.holds(*WORKING)
    return [
        {
            "report": report,
            "photos": photo_links(matter, report.photos),
            "held": [str(REGISTER[f].label) for f in held.get(report.subject, ())],
            "may_read": may_read and report.subject in held,
        }
        for report in reports
    ]


def likely_for(actor: Actor, matter: Matter) -> list[Likeness]:
    """Open matters that may be the same, for somebody who may merge them."""
    if not actor.holds("dispatcher") or matter.status not in {"reported", "returned"}:
        return []
    found = likely_duplicates(
        text=matter.title, lon=matter.lon, lat=matter.lat, at=matter.reported_at,
        category_id=matter.category_id or matter.proposed_category_id, without=matter.id,
    )  # fmt: skip
    return [like for like in found if like.matter.is_open]


def page(actor: Actor, matter: Matter, auto_id: str = "id_%s", **more: Any) -> dict[str, Any]:
    """The context of web/matter.html; `auto_id` keeps ids apart where pages follow one another."""
    now = timezone.now()
    main, others = actions_for(actor, matter)
    clocks = clock_states(matter.clocks.order_by("-started_at", "id"), now)
    first = next((a for a in main if not a.why_not), None)
    return {
        "matter": matter,
        "status_label": FLOW.statuses[matter.status],
        "light": light_of(matter, now),
        "main": main,
        "others": [a for a in others if a.step.name not in TALK],
        "form": StepForm(first.step, matter, auto_id=auto_id) if first else None,
        "action": first,
        "events": timeline(matter),
        "reports": reports_of(actor, matter),
        "clocks": clocks,
        "alarm": next((c for c in clocks if _rings(c)), None),
        "talk": [a for a in others if a.step.name in TALK],
        "assignments": matter.assignments.select_related("unit").order_by("-assigned_at", "id"),
        "place": directory().area_names(matter.area_code),
        "proposal": proposal_of(matter),
        "likely": likely_for(actor, matter),
        "mediation": beside_matter(actor, matter),
        "purposes": [(text, _(text)) for text in PURPOSES],
        **more,
    }


def _rings(state: ClockState) -> bool:
    return state.clock.kind == "alarm" and state.clock.stopped_at is None


def proposal_of(matter: Matter) -> Mapping[str, Any] | None:
    """Category, lead and why they are proposed, while that is still to be confirmed."""
    if matter.status != "reported" or not matter.proposed_category:
        return None
    return {
        "category": matter.proposed_category.label,
        "lead": matter.proposed_lead,
        "words": matter.proposal.get("words", []),
        "confidence": matter.proposal.get("confidence", 0),
        "basis": matter.proposal.get("basis", ""),
    }


def report_in(matter: Matter, report_id: Any) -> Report | None:
    """A report of this matter, or None."""
    return matter.reports.filter(id=report_id).first()
