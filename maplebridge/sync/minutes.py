"""A talk noted at the door goes into the minutes of its mediation, where its author mediates.

What the sides said belongs to the mediators alone; a note on the matter is read by everybody who
works on it. So the note is the second choice.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.fieldwork.rules import TALKED
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.mediation.actions import take
from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.models import Mediation, Party, Session
from maplebridge.mediation.queries import kinds_for, mediations_read_by
from maplebridge.org.rules import Actor

HOLD = FLOW.step("hold")


def keep_minutes(
    matter_id: int, words: str, actor: Actor, *, room: str, photos: Sequence[str],
    command_id: UUID, made: datetime, at: datetime,
) -> bool:  # fmt: skip
    """Make the talk the minutes of the session planned for that day, else of one of its own.

    `room` is one of TALKED. False, with nothing written, where no open mediation lets the author
    do so. Raises InvalidInput, also for a talk with one side that would become a note for many.
    """
    if not room:  # of a phone that did not ask it yet: what one side said is nobody else's
        raise InvalidInput("room", _("Say whether all were together, or one side alone."))
    if room not in TALKED:
        raise InvalidInput("room", _("This value is not allowed here."))
    mediation = _open(matter_id, actor)
    if mediation is not None:
        party = None if room == "joint" else _of_side(mediation, room)
        session = _planned(mediation, party, timezone.localdate(made)).first()
        fields: dict[str, Any] = {"minutes": words, "photos": list(photos)}
        if session is not None:
            fields["session"] = session.id
        else:
            fields |= {"starts_at": made, "room": "private" if party else "joint"}
            fields |= {"party": party.id} if party else {}
        try:
            take(mediation.id, HOLD.name, actor, fields, command_id=command_id, at=at)
        except (Conflict, NotAllowed, NotFound):
            mediation = None  # it ended, or went to others, this very moment
    if mediation is None and room != "joint":
        raise InvalidInput(
            "room",
            _("A talk with one side is kept only in the minutes of a mediation that you lead."),
        )
    return mediation is not None


def _of_side(mediation: Mediation, side: str) -> Party:
    """Who speaks for a side: its first party who stands for itself."""
    party = mediation.parties.filter(side=side, represents=None).first()
    if party is None:
        raise InvalidInput("room", _("Nobody of this side is in the file."))
    return party


def _planned(mediation: Mediation, party: Party | None, day: date) -> QuerySet[Session]:
    """Sessions of that day without minutes, with both sides or this one, the first first."""
    found = mediation.sessions.filter(held_at__isnull=True, starts_at__date=day)
    if party is None:
        return found.filter(room="joint").order_by("starts_at")
    return found.filter(room="private", party__side=party.side).order_by("starts_at")


def _open(matter_id: int, actor: Actor) -> Mediation | None:
    """The mediation of this matter whose minutes the actor may write."""
    found = mediations_read_by(actor).filter(
        matter=matter_id, status__in=HOLD.sources, filed_at__isnull=True
    )
    return next((one for one in found if HOLD.who & kinds_for(actor, one).keys()), None)
