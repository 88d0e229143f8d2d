"""What stands there now, for a record that met something else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maplebridge.matters.flow import FLOW, STATUSES
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries import matters_visible_to
from maplebridge.org.models import Person
from maplebridge.org.queries import actor_for
from maplebridge.sync.models import Submission
from maplebridge.sync.record import Record


def matter_of(record: Record, person_id: int) -> int | None:
    """The matter a record is about: named, or made by an earlier record of the same person."""
    subject = record.subject
    if subject.matter is not None:
        return subject.matter
    before = subject.record or (None if subject.place or subject.need else record.after)
    if before is None:
        return None
    made = Submission.objects.filter(record=before, person_id=person_id, contested=False)
    return made.values_list("matter_id", flat=True).first()


@dataclass(frozen=True)
class Standing:
    """The status field of a conflict, and whether the matter moved on since its author saw it."""

    fields: dict[str, Any]
    moved: bool


def standing(
    record: Record, matter_id: int | None, person_id: int, at: datetime
) -> Standing | None:
    """How a matter stands against a step or note of a phone; None for what is no matter.

    Who did the last step is told only to somebody who may see the matter now.
    """
    matter = Matter.objects.filter(pk=matter_id).first() if matter_id else None
    if matter is None:
        return None
    wished = str(record.body.get("step") or "remark")
    step = next((s for s in FLOW.steps if s.name == wished), None)
    actor = actor_for(Person.objects.get(pk=person_id), at)
    seen = matters_visible_to(actor).filter(pk=matter.pk).exists()
    last = MatterEvent.objects.filter(matter=matter, version=matter.version).select_related(
        "person"
    )
    event = last.first() if seen else None
    version = record.subject.version
    return Standing(
        {
            "base": version,
            "theirs": str(STATUSES[matter.status]) if seen else "",
            "mine": str(step.label) if step else wished[:40],
            "by": event.person.name if event and event.person else "",
            "at": event.at.isoformat() if event else None,
        },
        moved=version is None or matter.version > version,
    )
