"""take: the one door through which a mediation changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel import chain
from maplebridge.kernel.errors import Conflict, NotFound
from maplebridge.kernel.flow import Step
from maplebridge.matters.actions import take_step as step_of_matter
from maplebridge.mediation.actions.cleaning import clean_fields
from maplebridge.mediation.flow import AFTER_FILING, FLOW, OVER
from maplebridge.mediation.models import Mediation, MediationEvent
from maplebridge.mediation.queries.visible import kinds_for, mediations_acted_on_by
from maplebridge.org.rules import TIMER, Actor, PostFact
from maplebridge.sql import insert_rows, read_one, update_row
from maplebridge.trust.actions import keep_passage

# Which free text of a step is kept as the event's passage.
TEXTS = ("reason", "note")
# Effects may change any of them.
COLUMNS = tuple(f.name for f in Mediation._meta.concrete_fields if not f.primary_key)


@dataclass
class Taking:
    """A step on its way: effects read `values`, write rows, and leave codes and ids in `data`."""

    mediation: Mediation
    step: Step
    actor: Actor
    values: dict[str, Any]
    at: datetime
    command_id: UUID
    target: str
    data: dict[str, Any] = field(default_factory=dict)

    def keep(self, text: str) -> UUID:
        """Keep words beside the step, whose event carries their digest; the passage's id."""
        passage, digest = keep_passage(text, at=self.at)
        self.data.setdefault("words", {})[passage.id.hex] = digest.hex()
        return passage.id


@transaction.atomic
def take(
    mediation_id: UUID,
    name: str,
    actor: Actor,
    fields: Mapping[str, Any],
    *,
    command_id: UUID,
    version: int | None = None,
    at: datetime | None = None,
) -> MediationEvent:
    """Take a step of a mediation: lock, seen before?, table, fields, effect, event, ledger, save.

    The same `command_id` again returns the event it made. Raises NotFound (also for whoever may
    not read the mediation), Conflict (status, version), NotAllowed, InvalidInput (field).
    """
    mediation = read_one(Mediation, "WHERE id = %s FOR UPDATE", [mediation_id])
    mine = mediations_acted_on_by(actor, name).filter(pk=mediation_id)
    if mediation is None or not mine.exists():
        raise NotFound(_("There is no such mediation, or it is not yours to see."))
    earlier = read_one(MediationEvent, "WHERE command_id = %s", [command_id])
    if earlier is not None:
        if earlier.mediation_id != mediation.id or earlier.step != name:
            raise Conflict(_("This id was used for something else."), status=mediation.status)
        return earlier
    if version is not None and version != mediation.version:
        raise Conflict(
            _("Somebody was faster. Look at the mediation again."),
            status=mediation.status, version=mediation.version,
        )  # fmt: skip
    kinds = kinds_for(actor, mediation)
    step = FLOW.step(name)
    if mediation.filed_at is not None and name not in AFTER_FILING:
        raise Conflict(_("The dossier is filed already."), status=mediation.status)
    FLOW.check(mediation.status, name, kinds, dict.fromkeys(step.needs, True))
    post = next((kinds[kind] for kind in kinds if kind in step.who), None)
    values = clean_fields(mediation, step, fields)
    if actor.kind == "party" and values["party"].id.hex != actor.party_id:
        raise NotFound(_("There is no such party here."))
    return perform(mediation, step, actor, values, post, command_id, at or timezone.now())


def perform(
    mediation: Mediation, step: Step, actor: Actor, values: dict[str, Any], post: PostFact | None,
    command_id: UUID, at: datetime,
) -> MediationEvent:  # fmt: skip
    """The rest of a step whose right was checked, under the lock the caller holds."""
    from maplebridge.mediation.actions.effects import EFFECTS  # noqa: PLC0415 — effects take steps

    before = mediation.status
    taking = Taking(mediation, step, actor, values, at, command_id, step.target or before)
    if effect := EFFECTS.get(step.name):
        effect(taking)
    if taking.target != before and taking.target in OVER:
        mediation.ended_at = mediation.ended_at or at
    if actor.kind == "party":
        taking.data |= {"by": "party", "party": actor.party_id}
    text = next((values[name] for name in TEXTS if values.get(name)), "")
    event = append(
        mediation, step.name, before, taking.target, actor, post, taking.data, text, command_id, at
    )
    update_row(mediation, COLUMNS)
    return event


def append(
    mediation: Mediation, step: str, before: str, target: str, actor: Actor, post: PostFact | None,
    data: Mapping[str, Any], text: str, command_id: UUID, at: datetime,
) -> MediationEvent:  # fmt: skip
    """Write the step's row and tie its digest into the ledger of the matter."""
    record, passage_id = dict(data), None
    if text:
        passage, digest = keep_passage(text, at=at)
        passage_id, record["text"] = passage.id, digest.hex()
    event = MediationEvent(
        mediation=mediation, version=mediation.version + 1, step=step,
        from_status=before, to_status=target, at=at,
        person_id=actor.person_id, post_id=post.id if post else None, data=record,
        passage_id=passage_id, command_id=command_id,
    )  # fmt: skip
    event.digest = chain.digest(event.payload(), b"")
    insert_rows(event)
    mediation.version, mediation.status = event.version, target
    step_of_matter(
        mediation.matter_id, "mediate", TIMER,
        {"mediation": mediation.id.hex, "act": step, "seal": bytes(event.digest).hex()},
        command_id=uuid5(command_id, "mediate"), at=at,
    )  # fmt: skip
    return event
