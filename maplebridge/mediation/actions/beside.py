"""The matter moves along with its mediation, so that nobody says it a second time.

A matter that stands elsewhere, or is somebody else's, stays as it is: the mediation goes on.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.actions import take_step
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.mediation.actions.taking import Taking
from maplebridge.mediation.models import Committee
from maplebridge.mediation.rules import INSTEAD, OTHERS_IN_CHARGE, REFUSALS
from maplebridge.org.rules import TIMER, Actor

# What leads a matter to its result, from wherever it stands.
TO_RESULT = ("accept", "start", "handle")


def tell_matter(taking: Taking, step: str, fields: Mapping[str, Any]) -> None:
    """Take a step of the matter as the same actor where its flow allows that now."""
    _take(taking, step, taking.actor, fields)


def end_matter(taking: Taking, result: str) -> None:
    """Hand the matter in with this result, or one's part where another unit leads it."""
    matter = _matter(taking)
    if matter.lead_id != taking.mediation.committee.unit_id:
        tell_matter(taking, "helper_done", {"result": result})
        return
    fields: dict[str, dict[str, str]] = {
        "start": {"contact_result": "reached"}, "handle": {"result": result},
    }  # fmt: skip
    for step in TO_RESULT:
        if _matter(taking).status in FLOW.step(step).sources:
            tell_matter(taking, step, fields.get(step, {}))


def pass_matter_on(taking: Taking, there: Committee) -> None:
    """Whoever mediates from now on leads the matter, or has the part of the committee before."""
    here = taking.mediation.committee.unit
    step = "hand_on" if _matter(taking).lead_id == here.id else "hand_part_on"
    _take(taking, step, TIMER, {"from_unit": here.code, "lead": there.unit.code})


def refuse_matter(taking: Taking, code: str, instead: str) -> None:
    """Not taken up: back to the dispatcher where somebody else is in charge, else a result that
    says where to go."""
    said = _("Not taken up for mediation: %(why)s. Where to go instead: %(instead)s.") % {
        "why": REFUSALS[code], "instead": instead or INSTEAD[code],
    }  # fmt: skip
    here = taking.mediation.committee.unit
    if code in OTHERS_IN_CHARGE and _matter(taking).lead_id == here.id:
        _take(taking, "hand_back", TIMER, {"from_unit": here.code, "reason": said})
    else:
        end_matter(taking, said)


def _matter(taking: Taking) -> Matter:
    return Matter.objects.only("lead_id", "status").get(pk=taking.mediation.matter_id)


def _take(taking: Taking, step: str, actor: Actor, fields: Mapping[str, Any]) -> None:
    try:
        with transaction.atomic():
            take_step(
                taking.mediation.matter_id, step, actor, fields,
                command_id=uuid5(taking.command_id, step), at=taking.at,
            )  # fmt: skip
    except MaplebridgeError as refusal:
        taking.data["matter"] = refusal.code
