"""Judging a kept record: who made it and when, whether it may go on, and what its act says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from maplebridge.files.actions import promise
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import Actor
from maplebridge.sync import commands
from maplebridge.sync.models import Device, Submission, Upload
from maplebridge.sync.queries.opening import record_of
from maplebridge.sync.queries.standing import matter_of, standing
from maplebridge.sync.record import Record
from maplebridge.sync.rules import CLOCK_ERROR, time_of_making


@dataclass
class Verdict:
    """What becomes of a record, and what it met."""

    state: str
    reason: str = ""
    matter: int | None = None
    conflicts: dict[str, Any] = field(default_factory=dict)


class Devices:
    """Devices with their people, read once for a run of records."""

    def __init__(self) -> None:
        self._known: dict[UUID, Device | None] = {}

    def get(self, device_id: UUID) -> Device | None:
        """The device with its person, None when there is no such device."""
        if device_id not in self._known:
            found = Device.objects.select_related("person").filter(pk=device_id)
            self._known[device_id] = found.first()
        return self._known[device_id]


def judge(row: Submission, devices: Devices, at: datetime, force: bool) -> Verdict:
    """Read the record, look whether it may go on, and act."""
    record = record_of(row)
    device = devices.get(row.device_id)
    assert device is not None
    made_on = note_facts(row, record, device, devices.get)
    expect_files(row, record, at)
    if record.kind == "draft":
        return Verdict("quarantined", _("An unfinished form of a phone that was signed out."))
    if why := _suspect(row, device, made_on):
        return Verdict("quarantined", why)
    if record.after is not None and not force:
        before = Submission.objects.filter(record=record.after, contested=False)
        state = before.values_list("state", flat=True).first()
        if state not in {"applied", "set_aside"}:
            return Verdict("waiting", _("It waits for an earlier record of this phone."))
    return act(row, record, actor_for(device.person, row.made_at), at)


def act(row: Submission, record: Record, actor: Actor, at: datetime) -> Verdict:
    """Run the command of a record; raises what the acts refuse."""
    assert row.made_at is not None
    done = commands.run(
        commands.Wish(record, actor, row.made_at, at, matter_of(record, row.person_id))
    )
    if done.conflicts:
        reason = _("Somebody else wrote something different meanwhile. Choose what is right.")
        return Verdict("conflict", reason, done.matter, dict(done.conflicts))
    return Verdict("applied", done.reason, done.matter)


def note_facts(
    row: Submission, record: Record, device: Device, known: Callable[[UUID], Device | None]
) -> Device | None:
    """Set what the record says of itself on its row; its author is whoever enrolled the device it
    was made on. That device, None when it is not known here."""
    made_on: Device | None = device
    if record.device is not None and record.device != device.id:
        made_on = known(record.device)
    author_id = (made_on or device).person_id
    enrolled = (made_on or device).enrolled_at
    if row.contact_at and row.contact_seq is not None and record.seq > row.contact_seq:
        enrolled = max(enrolled, row.contact_at)
    row.kind, row.after, row.seq, row.person_id = record.kind, record.after, record.seq, author_id
    row.made_at = time_of_making(
        record.made_at, record.offset_ms, lag_ms=row.lag_ms, arrived=row.arrived_at,
        not_before=enrolled,
    )  # fmt: skip
    return made_on


def expect_files(row: Submission, record: Record, at: datetime) -> None:
    """Note the files the record names, so that they are known when they come."""
    if not record.files:
        return
    promise({f.sha256: f.kind for f in record.files}, at=at)
    Upload.objects.bulk_create(
        (
            Upload(
                sha256=f.sealed, plain=f.sha256, kind=f.kind, size=f.size, begun_at=at,
                submission=row, device_id=row.device_id,
            )
            for f in record.files
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    early = Upload.objects.filter(
        sha256__in=[f.sealed for f in record.files], submission__isnull=True
    )
    early.update(submission=row)


def _suspect(row: Submission, device: Device, made_on: Device | None) -> str:
    """Why a record is left to the command room, "" when nothing speaks against it."""
    if made_on is None:
        return _("It was made on a phone that is not known here.")
    if made_on.person_id != device.person_id:
        return _("It was sent by the phone of somebody else.")
    if not device.person.is_active:
        return _("The account of its author has ended.")
    if device.revoked_at is not None and not device.signed_out:
        return _("The phone may no longer be used.")
    ended = device.revoked_at
    if ended is not None and row.made_at and row.made_at > ended + CLOCK_ERROR:
        return _("It was made after the phone was signed out.")
    return ""


def refusal(row: Submission, devices: Devices, error: Exception, at: datetime) -> Verdict:
    """The state of a record that an act refused: a conflict, where the matter moved on since its
    author saw it, else returned with the reason."""
    reason = str(error)
    try:
        record = record_of(row)
    except InvalidInput as unreadable:
        return Verdict("quarantined", unreadable.message)
    device = devices.get(row.device_id)
    assert device is not None
    note_facts(row, record, device, devices.get)
    expect_files(row, record, at)
    matter = matter_of(record, row.person_id)
    if record.kind in commands.DECIDABLE and isinstance(error, (Conflict, NotAllowed, NotFound)):
        stands = standing(record, matter, row.person_id, at)
        if stands and (isinstance(error, Conflict) or stands.moved):
            return Verdict("conflict", reason, matter, {"status": stands.fields})
    return Verdict("quarantined", reason, matter if isinstance(error, Conflict) else None)
