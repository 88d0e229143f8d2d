"""Accounts: opened with a first password, which is shown once and replaced at the first sign-in."""

import secrets
from datetime import datetime
from uuid import UUID, uuid5

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.org.actions.changing import change
from maplebridge.org.actions.recording import begin, clean_reason, earlier_change, record
from maplebridge.org.models import Change, Person
from maplebridge.org.rules import Actor

# Without 0 o 1 l i: read out on the telephone and typed by somebody who has never seen it.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def open_account(
    username: str, name: str, *, actor: Actor, reason: str, command_id: UUID,
    at: datetime | None = None,
) -> tuple[Person, str]:  # fmt: skip
    """A new account and its first password; the password is empty when the command came before.

    Raises InvalidInput (username taken or unfit, name, reason) and NotAllowed.
    """
    values = {"username": username.strip(), "name": name.strip()}
    made = change("person", None, values, actor=actor, reason=reason, command_id=command_id, at=at)
    password = give_password(
        made.pk, actor=actor, reason=reason, command_id=uuid5(command_id, "password"), at=at
    )
    return Person.objects.get(pk=made.pk), password


@transaction.atomic
def give_password(
    person_id: int, *, actor: Actor, reason: str, command_id: UUID, at: datetime | None = None
) -> str:
    """Replace a person's password by a new first one and return it: it is shown once, not kept.

    Empty when the command came before. Raises NotFound, NotAllowed, Conflict (account closed).
    """
    kept = begin("person", actor)
    if earlier_change(command_id, "person") is not None:
        return ""
    person, reason = _open_account(person_id), clean_reason(reason)
    password = "-".join("".join(secrets.choice(_LETTERS) for _i in range(4)) for _g in range(3))
    person.set_password(password)
    person.first_password = True
    person.save(update_fields=["password", "first_password"])
    now = at or timezone.now()
    record(kept, person, Change.Act.PASSWORD, {}, {}, 0, actor, reason, command_id, now)
    return password


@transaction.atomic
def unlock(
    person_id: int, *, actor: Actor, reason: str, command_id: UUID, at: datetime | None = None
) -> None:
    """Forget the failed sign-ins of an account, so that its door opens before the 15 minutes."""
    kept = begin("person", actor)
    if earlier_change(command_id, "person") is not None:
        return
    person, reason = _open_account(person_id), clean_reason(reason)
    reset(username=person.username)
    now = at or timezone.now()
    record(kept, person, Change.Act.UNLOCKED, {}, {}, 0, actor, reason, command_id, now)


def choose_password(person: Person, present: str, new: str) -> None:
    """A person replaces the own password. Raises InvalidInput("present"), InvalidInput("new")."""
    if not person.check_password(present):
        raise InvalidInput("present", _("This is not the present password."))
    if present == new:
        raise InvalidInput("new", _("Choose another one than the present."))
    try:
        validate_password(new, person)
    except ValidationError as error:
        raise InvalidInput("new", " ".join(error.messages)) from error
    person.set_password(new)
    person.first_password = False
    person.save(update_fields=["password", "first_password"])


def _open_account(person_id: int) -> Person:
    person: Person | None = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such account."))
    if not person.is_active:
        raise Conflict(_("This account is closed."))
    return person
