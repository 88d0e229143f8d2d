"""What the page of a matter shows, gathered once."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maplebridge.fieldwork.queries import scopes_of
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import (
    ClockState,
    Likeness,
    assignments_of,
    clock_states,
    clocks_of,
    light_of,
    likely_duplicates,
    reports_of,
)
from maplebridge.mediation.queries.visible import beside_matter
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import held_fields
from maplebridge.trust.register import REGISTER, WORKING
from maplebridge.web.acting import Action, actions_for
from maplebridge.web.attached import attached, lacking
from maplebridge.web.forms import StepForm
from maplebridge.web.lists import lists_for
from maplebridge.web.replies import replies_for
from maplebridge.web.step_start import asked_of, explain_dates, returned_of, start_of
from maplebridge.web.timeline import timeline

# Kept as they stand here, shown in the reader's language.
PURPOSES = (
    gettext_noop("First contact with the reporter"),
    gettext_noop("Asking what is unclear"),
    gettext_noop("Telling the result"),
    gettext_noop("Verifying the result with the reporter"),
)
# Words inside a matter: for colleagues, or for the reporter. They have a place of their own.
TALK = ("remark", "answer")
ALIKE = 0.25  # words so alike that two problems of different kinds may still be one


def tellings_of(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    """The tellings with their files; whether contact details are there, never what they are."""
    reports = reports_of(matter)
    held = held_fields(r.subject for r in reports if r.subject)
    may_read = actor.holds(*WORKING)
    gone = lacking(map(vars, reports))
    return [
        {
            "report": report,
            "photos": attached(matter, vars(report), gone=gone),
            "held": [str(REGISTER[f].label) for f in held.get(report.subject, ())],
            "may_read": may_read and report.subject in held,
        }
        for report in reports
    ]


def likely_for(actor: Actor, matter: Matter) -> list[Likeness]:
    """Open matters that may be the same, for somebody who may merge them."""
    if not actor.holds("dispatcher") or matter.status not in FLOW.step("merge").sources:
        return []
    found = likely_duplicates(
        text=matter.title, lon=matter.lon, lat=matter.lat, at=matter.reported_at,
        category_id=matter.category_id or matter.proposed_category_id, without=matter.id,
    )  # fmt: skip
    return [like for like in found if like.matter.is_open and _plausible(matter, like)]


def _plausible(matter: Matter, like: Likeness) -> bool:
    """Nearness alone does not make one problem of two that seem to be of different kinds."""
    other = like.matter
    kinds = {m.category_id or m.proposed_category_id for m in (matter, other)}
    return len(kinds) == 1 or like.words >= ALIKE


def page(actor: Actor, matter: Matter, auto_id: str = "id_%s", **more: Any) -> dict[str, Any]:
    """The context of web/matter.html; `auto_id` keeps ids apart where pages follow one another."""
    now = timezone.now()
    assignments = assignments_of(matter)
    main, others = actions_for(actor, matter, assignments)
    clocks = clock_states(clocks_of(matter), now)
    first = next((a for a in main if not a.why_not), None)
    back = returned_of(matter)
    form = more.pop("form", None) or (
        StepForm(first.step, matter, initial=start_of(first.step, back), auto_id=auto_id)
        if first
        else None
    )
    if form is not None:
        explain_dates(form, clocks)
    return {
        "matter": matter,
        "status_label": FLOW.statuses[matter.status],
        "light": light_of(matter, now),
        "main": main,
        "others": [a for a in others if a.step.name not in TALK],
        "form": form,
        "action": first,
        "events": timeline(matter),
        "reports": tellings_of(actor, matter),
        "clocks": clocks,
        "alarm": next((c for c in clocks if _rings(c)), None),
        "talk": [a for a in others if a.step.name in TALK],
        "answers": _answers(matter, others),
        "assignments": assignments,
        "asked": asked_of(matter),
        "crumbs": _crumbs(actor, matter),
        "back": back,
        "place": directory().area_names(matter.area_code),
        "proposal": proposal_of(matter),
        "likely": likely_for(actor, matter),
        "mediation": beside_matter(actor, matter),
        "may_send": matter.is_open and matter.area_code.startswith(scopes_of(actor)),
        "purposes": [(text, _(text)) for text in PURPOSES],
        **more,
    }


def _crumbs(actor: Actor, matter: Matter) -> list[dict[str, object]]:
    """Back to the first of the actor's lists."""
    lists = lists_for(actor)
    here: list[dict[str, object]] = [{"label": matter.number}]
    return [{"label": lists[0].label, "url": lists[0].url}, *here] if lists else here


def _answers(matter: Matter, others: list[Action]) -> list[dict[str, str]]:
    """Templates for an answer to the reporter, where one may be written here."""
    if all(a.step.name != "answer" for a in others):
        return []
    return replies_for(matter, ["public_answer"]).get("public_answer", [])


def _rings(state: ClockState) -> bool:
    return state.clock.kind == "alarm" and state.clock.stopped_at is None


def proposal_of(matter: Matter) -> Mapping[str, Any] | None:
    """What the form begins with and why, while the category and lead are to be confirmed."""
    category = matter.category or matter.proposed_category
    if matter.status != FLOW.initial or not category:
        return None
    match = directory().duty_for(category, matter.area_code, timezone.localdate())
    words = matter.proposal.get("words", [])
    # What the reporter chose was proposed as such, and on no words.
    own = matter.category_id == matter.proposed_category_id and not words
    return {
        "category": category.label,
        "lead": match.lead if match else None,
        "settled": matter.category is not None and not own,
        "words": words,
        "confidence": matter.proposal.get("confidence", 0),
        "basis": match.duty.legal_basis if match else "",
    }


def report_in(matter: Matter, report_id: Any) -> Report | None:
    """A report of this matter, or None."""
    return matter.reports.filter(id=report_id).first()
