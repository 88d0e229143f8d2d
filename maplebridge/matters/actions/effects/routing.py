"""Steps that find out what a matter is and whose: until a unit keeps it."""

from typing import Any

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.kernel.geography import check_point
from maplebridge.kernel.worktime import Limit
from maplebridge.matters.actions import clocks
from maplebridge.matters.actions.effects.taking import Taking, by_itself
from maplebridge.matters.actions.indexing import reindex
from maplebridge.matters.models import Assignment, Matter, MatterEvent
from maplebridge.matters.queries.duplicates import cell_of
from maplebridge.matters.queries.visible import sees
from maplebridge.org.actions import keep_precedent
from maplebridge.org.models import Unit
from maplebridge.org.queries import directory
from maplebridge.sql import insert_rows, read, update_row

RETURN_LIMIT = Limit(2, "wd")  # domain rule: return within two working days of the dispatch
RULE_LIMIT = "1wd"


def classify(t: Taking) -> None:
    """Set category and place as far as they were given."""
    if not t.values:
        raise InvalidInput("category", _("Give a category or a place."))
    before = (t.matter.area_code, t.matter.address)
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
    if (t.matter.area_code, t.matter.address) != before:
        reindex(t.matter, t.matter.reports.all())


def _refuse_hand_over(category: Any) -> None:
    if category.hand_over:
        raise InvalidInput(
            "category",
            _("This is not kept here: call %(number)s.") % {"number": category.hand_over},
        )


def dispatch(t: Taking) -> None:
    """Give the matter to a lead and helpers; the limits begin."""
    matter, category, lead = t.matter, t.values["category"], t.values["lead"]
    if matter.status == "returned" and matter.returns >= 2:
        raise Conflict(_("Returned twice: a supervisor must rule."), status=matter.status)
    _refuse_hand_over(category)
    listed = directory().is_listed(category, matter.area_code, lead, t.today)
    if lead.kind == Unit.Kind.GRID and not listed:
        raise InvalidInput("lead", _("This duty is not on the list and cannot be given to a grid."))
    matter.category = category
    match = directory().duty_for(category, matter.area_code, t.today)
    own = directory().limits(category, t.today)
    limit = t.values.get("handle_limit") or (match or own).handle
    t.start = [("sign", own.sign)]
    if "handle" not in clocks.running(matter):  # a return does not reset it
        t.start.append(("handle", limit))
    t.data |= {"category": category.code, "listed": listed, "handle": limit}
    if match:
        t.data["duty"] = match.duty.id
    _assign(t, lead, t.values.get("helpers", []))


def _assign(t: Taking, lead: Unit, helpers: list[Unit]) -> None:
    matter = t.matter
    for before in read(
        Assignment, "WHERE matter_id = %s AND state IN ('active', 'done')", [matter.id]
    ):
        before.state, before.ended_at = "replaced", t.at
        update_row(before, ("state", "ended_at"))
    helpers = [h for h in helpers if h.id != lead.id]
    given = [(lead, "lead"), *((h, "helper") for h in helpers)]
    insert_rows(
        *(Assignment(matter=matter, unit=unit, role=role, assigned_at=t.at) for unit, role in given)
    )
    matter.lead = lead
    t.data |= {"lead": lead.id, "helpers": [h.id for h in helpers]}


def recall(t: Taking) -> None:
    """Take a dispatch back that nobody has accepted; a ruling cannot be undone so."""
    if t.matter.returns:
        raise Conflict(
            _("It was returned before: dispatch it on, or let a supervisor rule."),
            status=t.matter.status,
        )
    t.matter.assignments.filter(state="active").update(state="replaced", ended_at=t.at)
    t.data["from_unit"] = t.matter.lead_id
    t.matter.lead = None


def merge(t: Taking) -> None:
    """Move every report to another open matter."""
    target = Matter.objects.select_for_update().filter(number=t.values["target_matter"]).first()
    if target is None or target.id == t.matter.id or not (target.is_open and sees(t.actor, target)):
        raise InvalidInput("target_matter", _("Choose another open matter."))
    moving = list(t.matter.reports.values_list("id", flat=True))
    moved = t.matter.reports.update(matter=target)
    reindex(target, target.reports.filter(id__in=moving), t.matter.number)
    target.report_count += moved
    t.matter.report_count, t.matter.merged_into = 0, target
    t.data |= {"target": target.number, "reports": moved}

    def absorb(event: MatterEvent) -> None:
        by_itself(target, "absorb", {"target_matter": t.matter.number}, event)

    t.then.append(absorb)


def absorb(t: Taking) -> None:
    """Note in the other matter where its new reports came from."""
    t.data["from"] = t.values["target_matter"]


def decline(t: Taking) -> None:
    """Note why it is not taken up and where to go instead."""
    t.data |= {"code": t.values["decline_code"], "instead": t.values["instead"]}


def refer(t: Taking) -> None:
    """Note to whom it went and their receipt number."""
    t.data |= {"receiver": t.values["receiver"], "receipt": t.values["receipt_number"]}


def return_back(t: Taking) -> None:
    """Take the matter from its unit: in time, once a unit, to somebody named."""
    lead = t.matter.assignments.filter(role="lead", state="active").first()
    if lead is None:
        raise Conflict(_("No unit leads this matter."), status=t.matter.status)
    if directory().calendar.add(lead.assigned_at, RETURN_LIMIT) < t.made:
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


def rule(t: Taking) -> None:
    """Decide after a second return; the decision joins the duty list."""
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
        category, scope, lead, matter=t.matter.number, basis=t.values["basis"], actor=t.actor,
        at=t.at,
    )  # fmt: skip
    t.start = [("sign", directory().limits(category, t.today).sign)]
    t.data |= {"precedent": duty.id, "basis": t.values["basis"]}


def hand_on(t: Taking) -> None:
    """The lead goes from one committee to the next, which has to sign for it."""
    before, there = t.values["from_unit"], t.values["lead"]
    if t.matter.lead_id != before.id:
        raise Conflict(_("Another unit leads it."), status=t.matter.status)
    _swap(t, before, there, "lead")
    t.matter.lead = there
    if t.matter.category is not None:
        t.start = [("sign", directory().limits(t.matter.category, t.today).sign)]
    t.data |= {"from_unit": before.id, "lead": there.id}


def hand_part_on(t: Taking) -> None:
    """The part of a helping committee goes to the next one; the lead stays."""
    before, there = t.values["from_unit"], t.values["lead"]
    _swap(t, before, there, "helper")
    t.data |= {"from_unit": before.id, "units": [there.id]}


def _swap(t: Taking, before: Unit, there: Unit, role: str) -> None:
    active = t.matter.assignments.filter(state="active")
    if not active.filter(role=role, unit=before).update(state="replaced", ended_at=t.at):
        raise Conflict(_("This unit has no part in it."), status=t.matter.status)
    if role == "lead":  # whoever helped and leads now helps no more
        active.filter(unit=there).update(state="replaced", ended_at=t.at)
    if not active.filter(unit=there).exists():
        t.matter.assignments.create(unit=there, role=role, assigned_at=t.at)


def hand_back(t: Taking) -> None:
    """Nobody leads it any more: the dispatcher looks for whoever is in charge."""
    before = t.values["from_unit"]
    if t.matter.lead_id != before.id:
        raise Conflict(_("Another unit leads it."), status=t.matter.status)
    t.matter.assignments.filter(state="active").update(state="replaced", ended_at=t.at)
    t.matter.lead = None
    t.data["from_unit"] = before.id
