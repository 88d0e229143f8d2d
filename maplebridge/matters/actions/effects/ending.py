"""Steps that end a matter, what its reporters say afterwards, and putting things right."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed
from maplebridge.matters.actions import clocks
from maplebridge.matters.actions.effects.taking import (
    Taking,
    by_itself,
    closed,
    decide,
    keep_photos,
    petition,
)
from maplebridge.org.queries import directory


def settle_on_spot(t: Taking) -> None:
    """Close at once; one in ten is drawn for a second look."""
    category = t.matter.category or t.matter.proposed_category
    if category is None or not category.on_spot:
        raise NotAllowed(_("Matters of this category cannot be settled on the spot."))
    t.matter.category = category
    t.matter.sampled = t.command_id.int % 10 == 0  # a tenth is looked at again; ids are random
    t.data |= {"category": category.code, "sampled": t.matter.sampled}
    keep_photos(t)
    closed(t)


def _report_of(t: Taking) -> Any:
    report = t.matter.reports.get(id=UUID(t.actor.report_id))
    if report.evaluate_until is None or t.at > report.evaluate_until:
        raise Conflict(_("The seven days for this are over."), status=t.matter.status)
    return report


def evaluate(t: Taking) -> None:
    """Keep a rating, once a round; "not solved" leads to reopening."""
    report = _report_of(t)
    if report.evaluations.filter(round=t.matter.reopenings).exists():
        raise Conflict(_("You have evaluated this already. Thank you."), status=t.matter.status)
    said = {name: t.values[name] for name in ("solved", "satisfied")}
    contacted = t.values["contacted"] == "yes"
    report.evaluations.create(
        matter=t.matter, round=t.matter.reopenings, contacted=contacted, at=t.at, **said
    )
    t.data |= {**said, "contacted": contacted}
    if said["solved"] == "no":
        _reopen_or_ask(t)


def ask_reopening(t: Taking) -> None:
    """Reopen, or ask a supervisor to."""
    _report_of(t)
    _reopen_or_ask(t)


def _reopen_or_ask(t: Taking) -> None:
    """The first "not solved" reopens by itself; later ones wait for a supervisor."""
    if t.matter.reopenings == 0 and t.matter.lead_id:
        t.then.append(
            lambda event: by_itself(
                t.matter, "reopen", {"reason": _("Not solved, says the reporter.")}, event
            )
        )
    elif not t.matter.petitions.filter(kind="reopening", decided_at__isnull=True).exists():
        petition(t, "reopening")


def reopen(t: Taking) -> None:
    """Give the matter back to its unit with a new limit."""
    if t.matter.lead_id is None:
        raise Conflict(
            _("No unit ever led it; correct it to reported and dispatch it."),
            status=t.matter.status,
        )
    decide(t, "reopening", granted=True)
    category = t.matter.category
    match = directory().duty_for(category, t.matter.area_code, t.today) if category else None
    own = directory().limits(category, t.today).handle if category else "5wd"
    limit = match.handle if match else own
    t.matter.reopenings += 1
    t.matter.closed_at = None
    t.matter.assignments.filter(role="lead", state="done").update(state="active", ended_at=None)
    t.start = [("handle", limit)]
    t.data |= {"handle": limit, "reopenings": t.matter.reopenings}


def refuse_reopening(t: Taking) -> None:
    """Answer the petition for reopening with no."""
    decide(t, "reopening", granted=False)


def withdraw(t: Taking) -> None:
    """Refuse where safety or other reporters want it to go on."""
    category = t.matter.category or t.matter.proposed_category
    if category is not None and category.safety:
        raise NotAllowed(_("A matter of safety cannot be withdrawn; it will be looked at."))
    if t.matter.report_count > 1:
        raise NotAllowed(_("Others follow this matter too; it goes on without you."))


def correct(t: Taking) -> None:
    """Put the status right; clocks begin anew for it."""
    target = t.values["target_status"]
    if target == t.matter.status:
        raise InvalidInput("target_status", _("It has this status already."))
    if target in {"dispatched", "accepted", "in_progress", "handled"} and t.matter.lead_id is None:
        raise InvalidInput(
            "target_status", _("No unit leads it yet: correct it to reported and dispatch it.")
        )
    clocks.stop(t.matter, ["all"], t.at)
    t.start = _clocks_of(target, t)
    t.matter.closed_at = t.at if target == "closed" else None
    t.matter.suspended_until = None
    t.data["target"] = target


def _clocks_of(status: str, t: Taking) -> list[tuple[str, str]]:
    """The clocks that run in a status someone was put back to, with the category's limits anew."""
    category = t.matter.category
    limits = directory().limits(category, t.today) if category else None
    handle = ("handle", limits.handle if limits else "5wd")
    sign = ("sign", limits.sign if limits else "4wh")
    respond = ("respond", limits.respond if limits else "1wd")
    return {
        "reported": [respond],
        "returned": [respond],
        "dispatched": [sign, handle],
        "accepted": [respond, handle],
        "in_progress": [handle],
    }.get(status, [])
