"""What a party does itself by its code: the same steps a mediator records for it on paper."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.mediation.actions.taking import take
from maplebridge.mediation.actions.telling import tell_mediators
from maplebridge.mediation.models import Agreement, MediationEvent, Party
from maplebridge.org.rules import Actor


def party_actor(party: Party) -> Actor:
    """Whoever holds a party's code and has proved to be it."""
    return Actor(kind="party", party_id=party.id.hex)


@transaction.atomic
def party_acts(
    party: Party, step: str, fields: Mapping[str, Any], *, command_id: UUID,
    at: datetime | None = None,
) -> MediationEvent:  # fmt: skip
    """Take one of a party's own steps and tell the mediators. Raises as `take`."""
    moment = at or timezone.now()
    event = take(
        party.mediation_id, step, party_actor(party), {**fields, "party": party.id},
        command_id=command_id, at=moment,
    )  # fmt: skip
    tell_mediators(event.mediation, "party_answered", event.command_id.hex, moment)
    return event


@transaction.atomic
def party_approves(
    party: Party, sections: Sequence[str], edition: int, *, command_id: UUID,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Approve sections of the very edition the party has read. Conflict when it was changed."""
    agreement = Agreement.objects.select_for_update().filter(mediation=party.mediation_id).first()
    if agreement is None or agreement.edition != edition:
        raise Conflict(_("The draft was changed meanwhile. Please read it once more."))
    if not sections:
        raise InvalidInput("section", _("Tick what you approve."))
    moment = at or timezone.now()
    for section in sections:
        take(
            party.mediation_id, "approve", party_actor(party),
            {"party": party.id, "section": section}, command_id=uuid5(command_id, section),
            at=moment,
        )  # fmt: skip
    tell_mediators(agreement.mediation, "party_answered", command_id.hex, moment)


@transaction.atomic
def note_approvals(
    mediation_id: UUID, actor: Actor, party: str, sections: Sequence[str], *, command_id: UUID,
    version: int | None = None, at: datetime | None = None,
) -> None:  # fmt: skip
    """Note that a party approves these sections at the desk, all or none, at one moment: the
    history shows one line. Raises as `take`."""
    moment = at or timezone.now()
    for number, section in enumerate(sections):
        take(
            mediation_id, "approve", actor, {"party": party, "section": section},
            command_id=uuid5(command_id, section), version=None if number else version, at=moment,
        )  # fmt: skip
