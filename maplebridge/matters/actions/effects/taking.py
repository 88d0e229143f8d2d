"""A step being taken, and what several steps have in common."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict
from maplebridge.kernel.flow import Step
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.org.rules import TIMER, Actor

EVALUATE_DAYS = 7


@dataclass
class Taking:
    """One step being taken: what it works on and what it will record.

    `at` is the time of writing; `made`, of a step done without signal, when it was done.
    """

    matter: Matter
    step: Step
    actor: Actor
    values: dict[str, Any]
    at: datetime
    made: datetime
    command_id: UUID
    target: str
    data: dict[str, Any] = field(default_factory=dict)
    start: list[tuple[str, str]] = field(default_factory=list)
    then: list[Callable[[MatterEvent], None]] = field(default_factory=list)

    @property
    def today(self) -> Any:
        return timezone.localdate(self.at)


def keep_photos(t: Taking) -> None:
    """Note the photos and voice notes of a step in its event."""
    for name in ("photos", "before", "voices"):
        if photos := t.values.get(name):
            t.data[name] = photos


def by_itself(
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


def petition(t: Taking, kind: str, until: Any = None) -> None:
    """Ask a supervisor for something; Conflict while the same is asked already."""
    if t.matter.petitions.filter(kind=kind, decided_at__isnull=True).exists():
        raise Conflict(_("This was asked already and waits for an answer."), status=t.matter.status)
    t.matter.petition_open = True

    def keep(event: MatterEvent) -> None:
        t.matter.petitions.create(
            kind=kind,
            asked_at=t.made,
            asked_by_id=t.actor.person_id,
            until=until,
            passage_id=event.passage_id,
        )

    t.then.append(keep)


def closed(t: Taking) -> None:
    """Begin the days in which its reporters may rate."""
    t.matter.closed_at = t.at
    t.matter.reports.update(evaluate_until=t.at + timedelta(days=EVALUATE_DAYS))


def decide(t: Taking, kind: str, granted: bool) -> Any:
    """Close the open petition of a kind; None when nothing was asked and it is granted anyway."""
    petition = t.matter.petitions.filter(kind=kind, decided_at__isnull=True).first()
    if petition is None:
        if granted:
            return None
        raise Conflict(_("Nothing waits for a decision."), status=t.matter.status)
    petition.decided_at, petition.granted = t.at, granted
    petition.save(update_fields=["decided_at", "granted"])
    t.matter.petition_open = t.matter.petitions.filter(decided_at__isnull=True).exists()
    return petition
