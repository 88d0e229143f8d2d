"""What each step does besides moving the status. Every function works under the matter's lock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed
from maplebridge.kernel.flow import Step
from maplebridge.kernel.geography import check_point
from maplebridge.kernel.worktime import Limit
from maplebridge.matters.actions import clocks
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Assignment, Matter, MatterEvent
from maplebridge.matters.queries.duplicates import cell_of
from maplebridge.org.actions import keep_precedent
from maplebridge.org.models import Unit
from maplebridge.org.queries import directory
from maplebridge.org.rules import TIMER, Actor

RETURN_LIMIT = Limit(2, "wd")  # domain rule: return within two working days of the dispatch
RULE_LIMIT = "1wd"
EVALUATE_DAYS = 7


@dataclass
class Taking:
    """One step being taken: what it works on and what it will record."""

    matter: Matter
    step: Step
    actor: Actor
    values: dict[str, Any]
    at: datetime
    command_id: UUID
    target: str
    data: dict[str, Any] = field(default_factory=dict)
    start: list[tuple[str, str]] = field(default_factory=list)
    then: list[Callable[[MatterEvent], None]] = field(default_factory=list)

    @property
    def today(self) -> Any:
        return timezone.localdate(self.at)


def _classify(t: Taking) -> None:
    if not t.values:
        raise InvalidInput("category", _("Give a category or a place."))
    if category := t.values.get("category"):
        _refuse_hand_over(category)
        t.matter.category = category
        t.data["category"] = category.code
    if area := t.values.get("area"):
        t.matter.area_code, t.matter.place_known = area.code, area.level in {"village", "grid"}
    if t.values.get("lon") is not None and t.values.get("lat") is not None:
        lon, lat = t.values["lon"], t.values["lat"]
        check_point(lon, lat)
        t.matter.lon, t.matter.lat, t.matter.cell = lon, lat, cell_of(lon, lat)
        if (found := directory().locate(lon, lat)) and not t.values.get("area"):
            t.matter.area_code, t.matter.place_known = found.code, True
    if "address" in t.values:
        t.matter.address = t.values["address"]
    t.data["area"] = t.matter.area_code


def _refuse_hand_over(category: Any) -> None:
    if category.hand_over:
        raise InvalidInput(
            "category",
            _("This is not kept here: call %(number)s.") % {"number": category.hand_over},
        )


def _dispatch(t: Taking) -> None:
    matter, category, lead = t.matter, t.values["category"], t.values["lead"]
    if matter.status == "returned" and matter.returns >= 2:
        raise Conflict(_("Returned twice: a supervisor must rule."), status=matter.status)
    _refuse_hand_over(category)
    listed = directory().is_listed(category, matter.area_code, lead, t.today)
    if lead.kind == Unit.Kind.GRID and not listed:
        raise InvalidInput("lead", _("This duty is not on the list and cannot be given to a grid."))
    matter.category = category
    match = directory().duty_for(category, matter.area_code, t.today)
    limit = t.values.get("handle_limit") or (match.handle if match else category.handle)
    t.start = [("sign", category.sign)]
    if "handle" not in clocks.running(matter):  # a return does not reset it
        t.start.append(("handle", limit))
    t.data |= {"category": category.code, "listed": listed, "handle": limit}
    if match:
        t.data["duty"] = match.duty.id
    _assign(t, lead, t.values.get("helpers", []))


def _assign(t: Taking, lead: Unit, helpers: list[Unit]) -> None:
    matter = t.matter
    matter.assignments.filter(state__in=["active", "done"]).update(state="replaced", ended_at=t.at)
    helpers = [h for h in helpers if h.id != lead.id]
    Assignment.objects.bulk_create(
        Assignment(matter=matter, unit=unit, role=role, assigned_at=t.at)
        for unit, role in [(lead, "lead"), *((h, "helper") for h in helpers)]
    )
    matter.lead = lead
    t.data |= {"lead": lead.id, "helpers": [h.id for h in helpers]}


def _settle_on_spot(t: Taking) -> None:
    category = t.matter.category or t.matter.proposed_category
    if category is None or not category.on_spot:
        raise NotAllowed(_("Matters of this category cannot be settled on the spot."))
    t.matter.category = category
    t.matter.sampled = t.command_id.int % 10 == 0  # a tenth is looked at again; ids are random
    t.data |= {"category": category.code, "sampled": t.matter.sampled}
    _photos(t)
    _closed(t)


def _photos(t: Taking) -> None:
    if photos := t.values.get("photos"):
        t.data["photos"] = photos


def _merge(t: Taking) -> None:
    target = Matter.objects.select_for_update().filter(number=t.values["target_matter"]).first()
    if target is None or target.id == t.matter.id or not target.is_open:
        raise InvalidInput("target_matter", _("Choose another open matter."))
    moved = t.matter.reports.update(matter=target)
    target.report_count += moved
    t.matter.report_count, t.matter.merged_into = 0, target
    t.data |= {"target": target.number, "reports": moved}

    def absorb(event: MatterEvent) -> None:
        _by_itself(target, "absorb", {"target_matter": t.matter.number}, event)

    t.then.append(absorb)


def _by_itself(
    matter: Matter,
    name: str,
    values: dict[str, Any],
    cause: MatterEvent,
    actor: Actor = TIMER,
) -> None:
    """A step that follows from another in the same transaction, taken by the timer if not told."""
    from maplebridge.matters.actions.stepping import perform  # noqa: PLC0415 — the two call each other

    post = next((p for p in actor.posts if p.id == cause.post_id), None)
    perform(matter, FLOW.step(name), actor, values, post, uuid5(cause.command_id, name), cause.at)


def _absorb(t: Taking) -> None:
    t.data["from"] = t.values["target_matter"]


def _decline(t: Taking) -> None:
    t.data |= {"code": t.values["decline_code"], "instead": t.values["instead"]}


def _refer(t: Taking) -> None:
    t.data |= {"receiver": t.values["receiver"], "receipt": t.values["receipt_number"]}


def _return_back(t: Taking) -> None:
    lead = t.matter.assignments.filter(role="lead", state="active").first()
    if lead is None:
        raise Conflict(_("No unit leads this matter."), status=t.matter.status)
    if directory().calendar.add(lead.assigned_at, RETURN_LIMIT) < t.at:
        raise Conflict(
            _("A return is possible within two working days only."), status=t.matter.status
        )
    if t.matter.assignments.filter(unit=lead.unit, state="returned").exists():
        raise Conflict(
            _("Your unit has returned this matter once already."), status=t.matter.status
        )
    if t.values["belongs_to"].id == lead.unit_id:
        raise InvalidInput("belongs_to", _("Name another unit than your own."))
    t.matter.assignments.filter(state="active").exclude(pk=lead.pk).update(
        state="replaced", ended_at=t.at
    )
    lead.state, lead.ended_at = "returned", t.at
    lead.save(update_fields=["state", "ended_at"])
    t.matter.returns += 1
    t.matter.lead = None
    if t.matter.returns >= 2:
        t.start = [("rule", RULE_LIMIT)]
    t.data |= {
        "code": t.values["reason_code"],
        "basis": t.values["basis"],
        "belongs_to": t.values["belongs_to"].id,
        "from_unit": lead.unit_id,
        "returns": t.matter.returns,
    }


def _rule(t: Taking) -> None:
    if t.matter.returns < 2:
        raise Conflict(
            _("A ruling follows the second return; dispatch it again."), status=t.matter.status
        )
    category = t.matter.category
    if category is None:
        raise InvalidInput("category", _("Set a category first."))
    lead = t.values["lead"]
    _assign(t, lead, t.values.get("helpers", []))
    scope = t.matter.area_code[:12]
    duty = keep_precedent(
        category, scope, lead, matter=t.matter.number, on=t.today, basis=t.values["basis"]
    )
    t.start = [("sign", category.sign)]
    t.data |= {"precedent": duty.id, "basis": t.values["basis"]}


def _start(t: Taking) -> None:
    t.data["contact"] = t.values["contact_result"]


def _ask_extension(t: Taking) -> None:
    clock = _handle_clock(t)
    clocks.check_extension(clock, t.values["until"], t.at)
    _petition(t, "extension", t.values["until"])
    t.data["until"] = t.values["until"].isoformat()


def _petition(t: Taking, kind: str, until: Any = None) -> None:
    if t.matter.petitions.filter(kind=kind, decided_at__isnull=True).exists():
        raise Conflict(_("This was asked already and waits for an answer."), status=t.matter.status)
    t.matter.petition_open = True

    def keep(event: MatterEvent) -> None:
        t.matter.petitions.create(
            kind=kind,
            asked_at=t.at,
            asked_by_id=t.actor.person_id,
            until=until,
            passage_id=event.passage_id,
        )

    t.then.append(keep)


def _decide(t: Taking, kind: str, granted: bool) -> Any:
    petition = t.matter.petitions.filter(kind=kind, decided_at__isnull=True).first()
    if petition is None:
        if granted:
            return None
        raise Conflict(_("Nothing waits for a decision."), status=t.matter.status)
    petition.decided_at, petition.granted = t.at, granted
    petition.save(update_fields=["decided_at", "granted"])
    t.matter.petition_open = t.matter.petitions.filter(decided_at__isnull=True).exists()
    return petition


def _handle_clock(t: Taking) -> Any:
    clock = clocks.running(t.matter).get("handle")
    if clock is None:
        raise Conflict(_("No limit is running."), status=t.matter.status)
    return clock


def _extend(t: Taking) -> None:
    petition = _decide(t, "extension", granted=True)
    until = t.values.get("until") or (petition.until if petition else None)
    if until is None:
        raise InvalidInput("until", _("Give the new date."))
    clock = _handle_clock(t)
    asked = petition.asked_at if petition else t.at  # asked in time counts, however late the answer
    due = clocks.check_extension(clock, until, asked)
    t.data |= {
        "due_before": clock.due_at.isoformat(),
        "due_after": due.isoformat(),
        "until": until.isoformat(),
    }
    clock.due_at = due
    clock.save(update_fields=["due_at"])


def _refuse_extension(t: Taking) -> None:
    _decide(t, "extension", granted=False)


def _suspend(t: Taking) -> None:
    clock = _handle_clock(t)
    if clock.paused_at is not None:
        raise Conflict(_("It is suspended already."), status=t.matter.status)
    if t.values["review_on"] <= t.today:
        raise InvalidInput("review_on", _("The review date must lie ahead."))
    clocks.pause(clock, t.at)
    t.matter.suspended_until = t.values["review_on"]
    t.data["review_on"] = t.values["review_on"].isoformat()


def _resume(t: Taking) -> None:
    clock = _handle_clock(t)
    if clock.paused_at is None:
        raise Conflict(_("It is not suspended."), status=t.matter.status)
    t.data["due_before"] = clock.due_at.isoformat()
    clocks.resume(clock, t.at)
    t.matter.suspended_until = None
    t.data["due_after"] = clock.due_at.isoformat()


def _helper_done(t: Taking) -> None:
    units = t.actor.unit_ids
    mine = t.matter.assignments.filter(role="helper", state="active", unit_id__in=units)
    t.data["units"] = sorted(mine.values_list("unit_id", flat=True))
    mine.update(state="done", ended_at=t.at)


def _handle(t: Taking) -> None:
    waiting = t.matter.assignments.filter(role="helper", state="active").select_related("unit")
    if names := [a.unit.name for a in waiting]:
        raise Conflict(
            _("Helping units are not done yet: %(names)s.") % {"names": "、".join(names)},
            status=t.matter.status,
        )
    if t.matter.suspended_until:
        raise Conflict(_("Resume it first."), status=t.matter.status)
    t.matter.assignments.filter(role="lead", state="active").update(state="done", ended_at=t.at)
    _photos(t)
    if answer := t.values.get("public_answer"):
        # An event keeps one text; what the reporter reads is an event of its own.
        t.then.append(
            lambda event: _by_itself(t.matter, "answer", {"public_answer": answer}, event, t.actor)
        )


def _rework(t: Taking) -> None:
    last = t.matter.clocks.filter(kind="handle").order_by("-started_at", "-id").first()
    limit = str(Limit.parse(last.limit).half()) if last else "1wd"
    t.matter.assignments.filter(role="lead", state="done").update(state="active", ended_at=None)
    t.start = [("handle", limit)]
    t.data["handle"] = limit


def _closed(t: Taking) -> None:
    t.matter.closed_at = t.at
    t.matter.reports.update(evaluate_until=t.at + timedelta(days=EVALUATE_DAYS))


def _report_of(t: Taking) -> Any:
    report = t.matter.reports.get(id=UUID(t.actor.report_id))
    if report.evaluate_until is None or t.at > report.evaluate_until:
        raise Conflict(_("The seven days for this are over."), status=t.matter.status)
    return report


def _evaluate(t: Taking) -> None:
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


def _ask_reopening(t: Taking) -> None:
    _report_of(t)
    _reopen_or_ask(t)


def _reopen_or_ask(t: Taking) -> None:
    """The first "not solved" reopens by itself; later ones wait for a supervisor."""
    if t.matter.reopenings == 0 and t.matter.lead_id:
        t.then.append(
            lambda event: _by_itself(
                t.matter, "reopen", {"reason": _("Not solved, says the reporter.")}, event
            )
        )
    elif not t.matter.petitions.filter(kind="reopening", decided_at__isnull=True).exists():
        _petition(t, "reopening")


def _reopen(t: Taking) -> None:
    if t.matter.lead_id is None:
        raise Conflict(
            _("No unit ever led it; correct it to reported and dispatch it."),
            status=t.matter.status,
        )
    _decide(t, "reopening", granted=True)
    category = t.matter.category
    match = directory().duty_for(category, t.matter.area_code, t.today) if category else None
    limit = match.handle if match else (category.handle if category else "5wd")
    t.matter.reopenings += 1
    t.matter.closed_at = None
    t.matter.assignments.filter(role="lead", state="done").update(state="active", ended_at=None)
    t.start = [("handle", limit)]
    t.data |= {"handle": limit, "reopenings": t.matter.reopenings}


def _refuse_reopening(t: Taking) -> None:
    _decide(t, "reopening", granted=False)


def _supervise(t: Taking) -> None:
    level = int(t.values["level"])
    if t.step.name == "escalate" and level <= t.matter.supervision:
        raise Conflict(_("It has this light already."), status=t.matter.status)
    t.matter.supervision = level
    t.data["level"] = level


def _answer(t: Taking) -> None:
    t.data["to_reporter"] = True


def _add(t: Taking) -> None:
    _photos(t)


def _withdraw(t: Taking) -> None:
    category = t.matter.category or t.matter.proposed_category
    if category is not None and category.safety:
        raise NotAllowed(_("A matter of safety cannot be withdrawn; it will be looked at."))
    if t.matter.report_count > 1:
        raise NotAllowed(_("Others follow this matter too; it goes on without you."))


def _correct(t: Taking) -> None:
    target = t.values["target_status"]
    if target == t.matter.status:
        raise InvalidInput("target_status", _("It has this status already."))
    if target in {"dispatched", "accepted", "in_progress", "handled"} and t.matter.lead_id is None:
        raise InvalidInput(
            "target_status", _("No unit leads it yet: correct it to reported and dispatch it.")
        )
    clocks.stop(t.matter, ["all"], t.at)
    t.start = _clocks_of(target, t.matter.category)
    t.matter.closed_at = t.at if target == "closed" else None
    t.matter.suspended_until = None
    t.data["target"] = target


def _clocks_of(status: str, category: Any) -> list[tuple[str, str]]:
    """The clocks that run in a status someone was put back to, with the category's limits anew."""
    handle = ("handle", category.handle if category else "5wd")
    sign = ("sign", category.sign if category else "4wh")
    respond = ("respond", category.respond if category else "1wd")
    return {
        "reported": [respond],
        "returned": [respond],
        "dispatched": [sign, handle],
        "accepted": [respond, handle],
        "in_progress": [handle],
    }.get(status, [])


EFFECTS: dict[str, Callable[[Taking], None]] = {
    "classify": _classify,
    "dispatch": _dispatch,
    "settle_on_spot": _settle_on_spot,
    "merge": _merge,
    "absorb": _absorb,
    "decline": _decline,
    "refer": _refer,
    "return_back": _return_back,
    "rule": _rule,
    "start": _start,
    "ask_extension": _ask_extension,
    "extend": _extend,
    "refuse_extension": _refuse_extension,
    "suspend": _suspend,
    "resume": _resume,
    "helper_done": _helper_done,
    "handle": _handle,
    "rework": _rework,
    "close": _closed,
    "evaluate": _evaluate,
    "ask_reopening": _ask_reopening,
    "reopen": _reopen,
    "refuse_reopening": _refuse_reopening,
    "escalate": _supervise,
    "supervise": _supervise,
    "remark": _add,
    "answer": _answer,
    "add": _add,
    "withdraw": _withdraw,
    "correct": _correct,
}
