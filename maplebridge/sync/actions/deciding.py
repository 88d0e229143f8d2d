"""What people decide about records that did not simply go in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, MaplebridgeError, NotFound
from maplebridge.kernel.text import clean_text
from maplebridge.org.models import Person
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import Actor
from maplebridge.sql import read_one
from maplebridge.sync import commands, models
from maplebridge.sync.actions.applying import conclude, waiting_for
from maplebridge.sync.actions.judging import Verdict, act, expect_files, note_facts
from maplebridge.sync.models import Device, Submission
from maplebridge.sync.queries.board import DECIDE, to_decide
from maplebridge.sync.queries.opening import record_of
from maplebridge.sync.queries.standing import matter_of, standing
from maplebridge.sync.record import Record
from maplebridge.trust.actions import keep_passage

REASON_LIMIT = 300
SIDES = frozenset({"mine", "theirs"})


@transaction.atomic
def choose(
    record_id: UUID,
    person_id: int,
    sides: Mapping[str, str],
    *,
    command_id: UUID,
    note: str = "",
    at: datetime,
) -> tuple[Submission, list[int]]:
    """The author says which value of each field in conflict is right; nothing is forgotten.

    "mine" is applied to what stands there now; where that fails again, the conflict stays with
    the new reason. Gives the submission and the receipts it released. The same `command_id` again
    answers the same. Raises NotFound, Conflict when it was decided, InvalidInput for the fields.
    """
    row = _own(record_id, person_id)
    met = models.Conflict.objects.filter(submission=row).first()
    if met is not None and met.command_id == command_id:
        return row, []
    if met is None or row.state != "conflict":
        raise Conflict(_("There is nothing to choose any more."))
    if sides.keys() != met.fields.keys() or not set(sides.values()) <= SIDES:
        raise InvalidInput("choose", _("Say for each field which value is right."))
    said = clean_text(note, field="note", limit=REASON_LIMIT)
    record = record_of(row)
    verdict = _chosen(row, record, met, sides, command_id, at)
    met.choice, met.command_id, met.decided_by_id = dict(sides), command_id, person_id
    met.decided_at = None if verdict.state == "conflict" else at
    met.passage_id = keep_passage(said, at=at)[0].id if said else met.passage_id
    met.save()
    row.decided_by_id = person_id
    row.save(update_fields=["decided_by"])
    conclude(row, verdict, at)
    return row, waiting_for([row.record])


def _own(record_id: UUID, person_id: int) -> Submission:
    row = read_one(
        Submission,
        "WHERE record = %s AND person_id = %s AND NOT contested FOR UPDATE",
        [record_id, person_id],
    )
    if row is None:
        raise NotFound(_("There is no such record of yours."))
    return row


def _chosen(
    row: Submission, record: Record, met: models.Conflict, sides: Mapping[str, str],
    command_id: UUID, at: datetime,
) -> Verdict:  # fmt: skip
    mine = [name for name, side in sides.items() if side == "mine"]
    matter = matter_of(record, row.person_id)
    if not mine:
        state = "applied" if record.kind == "place" else "set_aside"
        return Verdict(state, _("What stood there was kept."), matter)
    assert row.made_at is not None
    actor = actor_for(Person.objects.get(pk=row.person_id), row.made_at)
    wish = commands.Wish(record, actor, row.made_at, at, matter)
    try:
        with transaction.atomic():
            done = _again(wish, met, mine, command_id)
    except MaplebridgeError as error:
        stands = standing(record, matter, row.person_id, at)
        fields = {"status": stands.fields} if stands else met.fields
        return Verdict("conflict", error.message, matter, fields)
    if done.conflicts:
        reason = _("Somebody else wrote something different meanwhile. Choose what is right.")
        return Verdict("conflict", reason, matter, dict(done.conflicts))
    return Verdict("applied", "", done.matter)


def _again(
    wish: commands.Wish, met: models.Conflict, mine: list[str], command_id: UUID
) -> commands.Done:
    if wish.record.kind != "place":
        return commands.try_again(wish, command_id)
    place = wish.record.subject.place or wish.body.uuid("place")
    assert place is not None
    fields = {n: {"base": met.fields[n]["theirs"], "mine": met.fields[n]["mine"]} for n in mine}
    return commands.mend(place, fields, wish, command_id)


@transaction.atomic
def apply_again(receipt: int, actor: Actor, *, at: datetime) -> tuple[Submission, list[int]]:
    """A command room lets a returned record in after all, in the name of its author and by the
    posts held when it was made. Raises NotFound, and whatever the acts refuse."""
    row = _watched(receipt, actor)
    record = record_of(row)
    if row.contested:  # its id is another record's, so its acts get one of their own
        record = record.model_copy(update={"id": uuid5(record.id, bytes(row.sha256).hex())})
    if record.kind == "draft":
        raise Conflict(_("An unfinished form is its author's to finish."))
    known = Device.objects.select_related("person").in_bulk
    sender = known([row.device_id])[row.device_id]
    note_facts(row, record, sender, lambda pk: known([pk]).get(pk))
    expect_files(row, record, at)
    assert row.made_at is not None
    author = Person.objects.get(pk=row.person_id)
    author.is_active = True  # in memory: the posts held then count, whatever became of the account
    verdict = act(row, record, actor_for(author, row.made_at), at)
    row.decided_by_id = actor.person_id
    row.save(update_fields=["decided_by"])
    conclude(row, verdict, at)
    return row, waiting_for([row.record])


def _watched(receipt: int, actor: Actor) -> Submission:
    row = read_one(Submission, "WHERE receipt = %s FOR UPDATE", [receipt])
    if row is None or not to_decide(actor).filter(pk=receipt).exists():
        raise NotFound(_("There is no such record, or it is not yours to decide."))
    return row


@transaction.atomic
def set_aside(receipt: int, actor: Actor, reason: str, *, at: datetime) -> list[int]:
    """A command room closes a record without effect; its author reads why. The receipts of those
    that waited for it. Raises NotFound, InvalidInput("reason")."""
    row = _watched(receipt, actor)
    said = clean_text(reason, field="reason", limit=REASON_LIMIT)
    if not said:
        raise InvalidInput("reason", _("Say why."))
    return _aside(row, said, actor.person_id, at)


@transaction.atomic
def drop_own(record_id: UUID, person_id: int, *, at: datetime) -> list[int]:
    """The author needs a returned record, a conflict or an unfinished form no more. The same
    again changes nothing. Raises NotFound, Conflict for a record that was applied."""
    row = _own(record_id, person_id)
    if row.state == "set_aside":
        return []
    if row.state not in DECIDE:
        raise Conflict(_("This record is on its way or has been applied."))
    return _aside(row, _("Put aside by its author."), person_id, at)


def _aside(row: Submission, reason: str, person_id: Any, at: datetime) -> list[int]:
    row.decided_by_id = person_id
    row.save(update_fields=["decided_by"])
    conclude(row, Verdict("set_aside", reason), at)
    return waiting_for([row.record])
