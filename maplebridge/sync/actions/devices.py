"""Enrolling, knowing again and revoking devices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotAllowed, NotFound, SignedOut
from maplebridge.kernel.ids import uuid7
from maplebridge.org.models import Person
from maplebridge.org.rules import Actor
from maplebridge.sync.models import Device
from maplebridge.sync.queries.board import devices_watched_by
from maplebridge.sync.rules import COOKIE_DAYS, FIELD_KINDS, SALT

BROWSER_LIMIT = 60


def enrol(actor: Actor, *, browser: str, at: datetime) -> tuple[Device, str]:
    """A new device of the actor and the value of its cookie. NotAllowed without a post at the
    door."""
    if actor.person_id is None or not actor.holds(*FIELD_KINDS):
        raise NotAllowed(_("Your post does not work at the door."))
    device = Device.objects.create(
        id=uuid7(), person_id=actor.person_id, browser=_line(browser), enrolled_at=at
    )
    return device, _signer().sign_object(_facts(device), compress=False)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT)


def _facts(device: Device) -> list[Any]:
    return [device.id.hex, device.person_id, int(device.enrolled_at.timestamp())]


def _line(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:BROWSER_LIMIT]


def device_of(cookie: str) -> Device:
    """The device of a cookie, with its person. SignedOut when it is none of ours.

    A device that the database does not have was enrolled after the backup it was restored from:
    the cookie is signed, so the row is made again.
    """
    try:
        facts = _signer().unsign_object(cookie, max_age=COOKIE_DAYS * 86400)
        device_id, person_id, enrolled = UUID(hex=facts[0]), int(facts[1]), int(facts[2])
    except (BadSignature, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise SignedOut(_("Sign in and enrol this phone again.")) from None
    device = Device.objects.select_related("person").filter(pk=device_id).first()
    if device is None:
        _remember(device_id, person_id, datetime.fromtimestamp(enrolled).astimezone())
        device = Device.objects.select_related("person").filter(pk=device_id).first()
    if device is None or device.person_id != person_id:
        raise SignedOut(_("Sign in and enrol this phone again."))
    return device


def _remember(device_id: UUID, person_id: int, enrolled: datetime) -> None:
    if Person.objects.filter(pk=person_id).exists():
        row = Device(id=device_id, person_id=person_id, enrolled_at=enrolled)
        Device.objects.bulk_create([row], ignore_conflicts=True)


def sign_out(device: Device, *, at: datetime) -> None:
    """The phone itself ends its use; what it sealed before still comes and counts."""
    Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by_id=device.person_id, signed_out=True
    )


@transaction.atomic
def revoke(device_id: UUID, actor: Actor, *, at: datetime) -> Device:
    """End the use of a device, lost or given back: at its next contact it destroys its key.

    Its own worker may, and a command room of his area. Raises NotFound; the same again changes
    nothing.
    """
    device = Device.objects.select_for_update().filter(pk=device_id).first()
    theirs = device is not None and (
        device.person_id == actor.person_id
        or devices_watched_by(actor).filter(pk=device_id).exists()
    )
    if device is None or not theirs:
        raise NotFound(_("There is no such device, or it is not yours to see."))
    if device.revoked_at is None or device.signed_out:
        device.revoked_at, device.revoked_by_id = device.revoked_at or at, actor.person_id
        device.signed_out = False
        device.save(update_fields=["revoked_at", "revoked_by", "signed_out"])
    return device
