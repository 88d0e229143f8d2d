"""Changes for a later day: kept beside their row, written into it on that day, or withdrawn."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.org.actions.recording import (
    begin,
    clean_reason,
    earlier_change,
    line_of,
    lock_lists,
    record,
)
from maplebridge.org.actions.writing import fit, write
from maplebridge.org.lists import LISTS, KeptList, plain, plain_value, revived
from maplebridge.org.models import Change
from maplebridge.org.queries.planned import RETURN, planned_changes, return_of
from maplebridge.org.rules import Actor

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """By whom, why and under which id something is changed."""

    actor: Actor
    reason: str
    command_id: UUID
    at: datetime


def plan(
    kept: KeptList, row: Any, given: dict[str, Any], day: date | None, told: Told
) -> bool:  # fmt: skip
    """Keep a change for a later day; False when it is for today and nothing is to be kept.

    Of a row one change a day. Raises InvalidInput("holds_from" or a field that would not fit).
    """
    today = timezone.localdate(told.at)
    if day is None or day == today:
        return False
    if day < today:
        raise InvalidInput("holds_from", _("Not before today: what was stays as it was."))
    before = {n: v for n, v in plain(kept, row).items() if n in given}
    after = {n: plain_value(v) for n, v in given.items()}
    fit(kept, kept.model._default_manager.get(pk=row.pk), given, told.at)
    _keep(kept, row, before, after, day, told)
    return True


def plan_return(
    kept: KeptList, row: Any, given: dict[str, Any], was: dict[str, Any], day: date | None,
    until: date, told: Told,
) -> None:  # fmt: skip
    """Plan for the day after `until` what `was` before a change that holds from `day` on."""
    if until < (day or timezone.localdate(told.at)):
        raise InvalidInput("holds_to", _("The last day comes after the first."))
    before = {n: v for n, v in was.items() if n in given}
    after = {n: plain_value(v) for n, v in given.items()}
    back = Told(told.actor, told.reason, uuid5(told.command_id, RETURN), told.at)
    _keep(kept, row, after, before, until + timedelta(days=1), back, field="holds_to")


def _keep(
    kept: KeptList, row: Any, before: dict[str, Any], after: dict[str, Any], day: date,
    told: Told, field: str = "holds_from",
) -> None:  # fmt: skip
    if planned_changes(kept.name, row.pk).filter(day=day).exists():
        text = _("Another change of this is planned for %(day)s: withdraw it first.")
        raise InvalidInput(field, text % {"day": day})
    record(
        kept, row, Change.Act.PLANNED, before, after, line_of(kept.name, row.pk), told.actor,
        told.reason, told.command_id, told.at, day=day,
    )  # fmt: skip


@transaction.atomic
def withdraw_plan(
    plan_id: int, *, actor: Actor, reason: str, command_id: UUID, at: datetime | None = None
) -> None:
    """Take back a planned change whose day has not come, and the way back from it if one is
    planned; nothing else is written.

    Idempotent by `command_id`. Raises NotAllowed, NotFound, Conflict when it is settled already.
    """
    planned = Change.objects.filter(pk=plan_id, act=Change.Act.PLANNED).first()
    if planned is None:
        raise NotFound(_("There is no such entry any more."))
    kept, now = begin(planned.list_name, actor), at or timezone.now()
    if earlier_change(command_id, kept.name) is not None:
        return
    reason = clean_reason(reason)
    if Change.objects.filter(settles=planned).exists():
        raise Conflict(_("This was carried out or withdrawn meanwhile."))
    row = kept.model._default_manager.get(pk=planned.row_id)
    for one in (planned, return_of(planned)):
        if one is not None:
            number = command_id if one is planned else uuid5(command_id, RETURN)
            record(
                kept, row, Change.Act.REMOVED, one.after, {}, one.line_id, actor, reason, number,
                now, day=one.day, settles=one,
            )  # fmt: skip


def carry_out_plans(now: datetime | None = None) -> int:
    """Write planned changes whose day has come into their rows, in their order; how many.

    One that does not fit any more stays planned, overdue, until somebody withdraws it.
    """
    moment, done = now or timezone.now(), 0
    due = planned_changes().filter(day__lte=timezone.localdate(moment))
    for plan_id in list(due.values_list("pk", flat=True)):
        try:
            done += _carry_out(plan_id, moment)
        except InvalidInput as error:
            log.warning("Planned change %s does not fit: %s", plan_id, error.message)
    return done


@transaction.atomic
def _carry_out(plan_id: int, now: datetime) -> bool:
    lock_lists()
    planned = planned_changes().filter(pk=plan_id).first()
    if planned is None:
        return False
    kept = LISTS[planned.list_name]
    row = kept.model._default_manager.get(pk=planned.row_id)
    before = plain(kept, row)
    write(kept, row, revived(kept, planned.after), now)
    record(
        kept, row, Change.Act.TAKEN_OVER, before, plain(kept, row), planned.line_id, None,
        planned.reason, None, now, day=planned.day, settles=planned,
    )  # fmt: skip
    return True
