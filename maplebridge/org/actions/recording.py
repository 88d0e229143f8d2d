"""What every change of a list begins and ends with: right, lock, reason, history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.org.lists import LISTS, KeptList
from maplebridge.org.models import Change
from maplebridge.org.queries import forget_directory
from maplebridge.org.rules import Actor

# Whoever changes a list waits for whoever is changing one ("MO"): rare, and then nothing overlaps.
_LOCK = 0x4D4F
REASON = 200


def begin(list_name: str, actor: Actor) -> KeptList:
    """The list, once the actor may change it and nobody else is changing one."""
    if not actor.holds("administrator"):
        raise NotAllowed(_("Only an administrator changes this."))
    if list_name not in LISTS:
        raise NotFound(_("There is no such list."))
    lock_lists()
    return LISTS[list_name]


def lock_lists() -> None:
    """Until the transaction ends nobody else changes a list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def earlier_change(command_id: UUID, list_name: str) -> Change | None:
    """What the command did when it came before; Conflict when that was something else."""
    earlier = Change.objects.filter(command_id=command_id).first()
    if earlier is not None and earlier.list_name != list_name:
        raise Conflict(_("This id was used for something else."))
    return earlier


def clean_reason(reason: str) -> str:
    """The reason in one line; InvalidInput("reason") when there is none."""
    said = " ".join(reason.split())
    if not said:
        raise InvalidInput("reason", _("Say why: it stands in the history."))
    if len(said) > REASON:
        raise InvalidInput("reason", _("At most %(most)s characters.") % {"most": REASON})
    return said


def line_of(list_name: str, row_id: int) -> int:
    """The id of the first of the rows that took over from one another up to this one."""
    found = Change.objects.filter(list_name=list_name, row_id=row_id).exclude(line_id=0)
    return found.values_list("line_id", flat=True).first() or row_id


def record(
    kept: KeptList, row: Any, act: str, before: dict[str, Any], after: dict[str, Any],
    line: int, actor: Actor | None, reason: str, command_id: UUID | None, at: datetime,
    day: date | None = None, settles: Change | None = None,
) -> None:  # fmt: skip
    """Write the change down: what differs, for a new or withdrawn row everything that is set.

    Without an actor the ticker does what the change that is settled had planned.
    """
    whose = actor or settles
    names = [n for n in kept.fields if before.get(n) != after.get(n)]
    Change.objects.create(
        at=at, person_id=whose.person_id if whose else None, act=act, list_name=kept.name,
        row_id=row.pk, line_id=line or row.pk, title=str(row)[:120], reason=reason,
        command_id=command_id,
        before={n: before[n] for n in names if n in before},
        after={n: after[n] for n in names if n in after}, day=day, settles=settles,
    )  # fmt: skip
    forget_directory()
