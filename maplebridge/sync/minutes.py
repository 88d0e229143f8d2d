"""A talk noted at the door goes into the minutes of its mediation, where its author mediates.

What the sides said belongs to the mediators alone; a note on the matter is read by everybody who
works on it. So the note is the second choice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from maplebridge.kernel.errors import Conflict, NotAllowed, NotFound
from maplebridge.mediation.actions import take
from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries import kinds_for, mediations_read_by
from maplebridge.org.rules import Actor

HOLD = FLOW.step("hold")


def keep_minutes(
    matter_id: int, words: str, actor: Actor, *, photos: Sequence[str], command_id: UUID,
    made: datetime, at: datetime,
) -> bool:  # fmt: skip
    """Make the talk the minutes of the session planned for that day, else of one of its own.

    False, with nothing written, where no open mediation lets the author do so. Raises InvalidInput.
    """
    mediation = _open(matter_id, actor)
    if mediation is None:
        return False
    day = timezone.localdate(made)
    planned = mediation.sessions.filter(held_at__isnull=True, starts_at__date=day)
    session = planned.order_by("starts_at").first()
    fields: dict[str, Any] = {"minutes": words, "photos": list(photos)}
    fields |= {"session": session.id} if session else {"starts_at": made}
    try:
        take(mediation.id, HOLD.name, actor, fields, command_id=command_id, at=at)
    except (Conflict, NotAllowed, NotFound):
        return False  # it ended, or went to others, this very moment
    return True


def _open(matter_id: int, actor: Actor) -> Mediation | None:
    """The mediation of this matter whose minutes the actor may write."""
    found = mediations_read_by(actor).filter(
        matter=matter_id, status__in=HOLD.sources, filed_at__isnull=True
    )
    return next((one for one in found if HOLD.who & kinds_for(actor, one).keys()), None)
