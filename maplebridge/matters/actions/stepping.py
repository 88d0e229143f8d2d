"""take_step: the one door through which a matter changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, NotFound
from maplebridge.kernel.flow import Step
from maplebridge.matters.actions import clocks
from maplebridge.matters.actions.cleaning import clean_fields
from maplebridge.matters.actions.effects import EFFECTS, Taking
from maplebridge.matters.actions.events import append_event
from maplebridge.matters.actions.telling import posts_told, tell
from maplebridge.matters.actions.twins import survives_twins
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Clock, Matter, MatterEvent
from maplebridge.matters.queries.lights import overdue_level
from maplebridge.matters.queries.visible import kinds_for
from maplebridge.org.rules import Actor
from maplebridge.sql import read, read_one, update_row

# Which free text of a step is kept as the event's passage; the first that is filled wins.
TEXTS = ("result", "reason", "public_answer", "note")
# Of these the history says who was told when.
WITNESSED = frozenset({"alert", "escalate"})
LIGHTS = frozenset({"escalate", "supervise"})
CHANGING = (
    "status",
    "version",
    "last_hash",
    "category",
    "area_code",
    "place_known",
    "lon",
    "lat",
    "cell",
    "address",
    "lead",
    "due_at",
    "due_kind",
    "suspended_until",
    "urgent",
    "urgency",
    "alarm",
    "supervision",
    "returns",
    "reopenings",
    "report_count",
    "petition_open",
    "sampled",
    "merged_into",
    "closed_at",
)


@survives_twins
def take_step(
    matter_id: int,
    name: str,
    actor: Actor,
    fields: Mapping[str, Any],
    *,
    command_id: UUID,
    version: int | None = None,
    made_at: datetime | None = None,
    at: datetime | None = None,
) -> MatterEvent:
    """Take a step of the flow: lock, seen before?, table, fields, effect, event, save.

    `fields` are plain values by name (see `clean_fields`). The same `command_id` again returns
    the event it made and writes nothing. `made_at` is when it was done, where that was before it
    came here: the event is of now, its clocks stop then. Raises NotFound (matter, step), Conflict
    (status, version, or the id was used elsewhere), NotAllowed (post), InvalidInput (field).
    """
    matter = _locked(matter_id, str(fields.get("target_matter", "")))
    if matter is None:
        raise NotFound(_("There is no such matter."))
    earlier = read_one(MatterEvent, "WHERE command_id = %s", [command_id])
    if earlier is not None:
        if earlier.matter_id != matter.id or earlier.step != name:
            raise Conflict(_("This id was used for something else."), status=matter.status)
        return earlier
    if version is not None and version != matter.version:
        raise Conflict(
            _("Somebody was faster. Look at the matter again."),
            status=matter.status,
            version=matter.version,
        )
    kinds = kinds_for(actor, matter)
    step = FLOW.check(matter.status, name, kinds, dict.fromkeys(FLOW.step(name).needs, True))
    post = next((kinds[k] for k in kinds if k in step.who), None)
    values = clean_fields(step, fields)
    return perform(matter, step, actor, values, post, command_id, at, made_at=made_at)


def _locked(matter_id: int, other: str) -> Matter | None:
    """The matter, locked. With another one it is merged into, the two are locked in the order of
    their ids: two that are merged into each other would wait for each other."""
    if not (other.isascii() and other.isprintable() and other):
        return read_one(Matter, "WHERE id = %s FOR UPDATE", [matter_id])
    found = read(Matter, "WHERE id = %s OR number = %s ORDER BY id FOR UPDATE", [matter_id, other])
    return next((m for m in found if m.id == matter_id), None)


def perform(
    matter: Matter,
    step: Step,
    actor: Actor,
    values: dict[str, Any],
    post: Any,
    command_id: UUID,
    at: datetime | None,
    *,
    made_at: datetime | None = None,
) -> MatterEvent:
    """The rest of a step whose right was checked, under the lock the caller holds."""
    moment = at or timezone.now()
    made = min(made_at or moment, moment)
    taking = Taking(
        matter, step, actor, values, moment, made, command_id, target=_target(matter, step, values)
    )
    if made < moment:
        taking.data["made_at"] = made.isoformat()
    text = next((values[t] for t in TEXTS if values.get(t)), "")
    if effect := EFFECTS.get(step.name):
        effect(taking)
    started = _move_clocks(taking)
    posts = posts_told(taking)
    if step.name in WITNESSED:
        taking.data["told"] = [post.id for post in posts]
    event = append_event(
        matter,
        step.name,
        to_status=taking.target,
        actor=actor,
        post=post,
        at=moment,
        command_id=command_id,
        data=taking.data,
        text=text,
        started=started,
    )
    update_row(matter, CHANGING)
    tell(taking, posts, event)
    for follow_up in taking.then:
        follow_up(event)
    return event


def _target(matter: Matter, step: Step, values: Mapping[str, Any]) -> str:
    if step.target is None:
        return matter.status
    return step.target or str(values["target_status"])


def _move_clocks(taking: Taking) -> list[Clock]:
    """Follow the step's clock directives that need nothing but the kind; others are in effects.

    Gives the clocks that start, not written yet.
    """
    matter = taking.matter
    kinds = [d.split(":")[1] for d in taking.step.clocks if d.startswith("stop:")]
    if kinds:
        clocks.stop(matter, kinds, taking.made)
    started = clocks.start(matter, taking.start, taking.at)
    clocks.next_due(matter)
    if matter.supervision and taking.step.name not in LIGHTS:
        _lower_light(taking)
    return started


def _lower_light(taking: Taking) -> None:
    """A light stands while something is late, or as a supervisor set it: docs/flow.md."""
    matter = taking.matter
    if taking.target in FLOW.endings:
        matter.supervision = 0
        return
    level = overdue_level(matter.due_at, taking.at) if matter.due_at else 0
    if level < matter.supervision:
        by_hand = MatterEvent.objects.filter(matter=matter, step="supervise").order_by("-version")
        last = by_hand.values_list("data__level", flat=True).first()
        level = max(level, last or 0)
    if level < matter.supervision:
        matter.supervision = taking.data["level"] = level
