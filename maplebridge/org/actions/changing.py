"""change and remove: how a list of the organisation is kept, with dates, reason and history."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.org.actions.planning import Told, plan, plan_return
from maplebridge.org.actions.recording import (
    begin,
    clean_reason,
    earlier_change,
    line_of,
    record,
)
from maplebridge.org.actions.rota import move_rota
from maplebridge.org.actions.tokens import revoke_tokens
from maplebridge.org.actions.writing import write
from maplebridge.org.lists import KeptList, fingerprint, plain, plain_value
from maplebridge.org.models import Change, Person, Post
from maplebridge.org.queries import forget_directory
from maplebridge.org.rules import Actor

_DAY = timedelta(days=1)


@transaction.atomic
def change(
    list_name: str,
    row_id: int | None,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    reason: str,
    command_id: UUID,
    valid_from: date | None = None,
    until: date | None = None,
    seen: str = "",
    at: datetime | None = None,
) -> models.Model:
    """Add a row to a list (`row_id` None) or change one; returns the row that holds afterwards.

    `values` are model values by field name. Where the list goes `by_day`, a change needs
    `valid_from`, today at the earliest: the present row ends the day before and a new one opens.
    Where changes are `planned`, a later `valid_from` keeps the change for that day, and with a last
    day `until` what was before is planned for the day after.
    `seen` is the `fingerprint` the editor began with. The same `command_id` again returns the
    row it made and writes nothing. Raises NotAllowed, NotFound, Conflict (changed meanwhile,
    ended), InvalidInput (field).
    """
    kept, now = begin(list_name, actor), at or timezone.now()
    row: Any
    if (earlier := earlier_change(command_id, list_name)) is not None:
        row = _row(kept, earlier.row_id)
        return row  # type: ignore[no-any-return]
    reason = clean_reason(reason)
    today = timezone.localdate(now)
    if row_id is None:
        row, before = kept.model(), {}
        given = dict(values)
        if kept.by_day:
            given["valid_from"] = valid_from or today
            _not_past(given["valid_from"], today)
        act, line = str(Change.Act.ADDED), 0
    else:
        row = _row(kept, row_id)
        _check_seen(kept, row, seen)
        before, line = plain(kept, row), line_of(kept.name, row.pk)
        given = _differing(kept, row, before, values)
        act = str(Change.Act.CHANGED)
        if kept.by_day:
            row, act = _from_day(kept, row, given, valid_from, today)
    _not_own(row, given, actor)
    told, beside = Told(actor, reason, command_id, now), row_id is not None and kept.planned
    if not (beside and plan(kept, row, given, valid_from, told)):
        _take_hold(kept, row, row_id, given, (act, before, line), told)
    if beside and until is not None:
        plan_return(kept, row, given, before, valid_from, until, told)
    return row  # type: ignore[no-any-return]


def _take_hold(
    kept: KeptList, row: Any, row_id: int | None, given: dict[str, Any],
    change: tuple[str, dict[str, Any], int], told: Told,
) -> None:  # fmt: skip
    """Write the row, what follows from it, and the change (act, before, line)."""
    (act, before, line), now = change, told.at
    write(kept, row, given, now)
    after = plain(kept, row)
    if act == Change.Act.TAKEN_OVER and isinstance(row, Post):
        move_rota(row_id or 0, row)
    if isinstance(row, Person) and not row.is_active:
        revoke_tokens(row, at=now)
    record(kept, row, act, before, after, line, told.actor, told.reason, told.command_id, now)


@transaction.atomic
def remove(
    list_name: str,
    row_id: int,
    *,
    actor: Actor,
    reason: str,
    command_id: UUID,
    seen: str = "",
    at: datetime | None = None,
) -> None:
    """Withdraw a row that has not begun to hold; the row it was to take over from goes on.

    Idempotent by `command_id`. Raises Conflict for a row that held already, else as `change`.
    """
    kept, now = begin(list_name, actor), at or timezone.now()
    if earlier_change(command_id, list_name) is not None:
        return
    reason = clean_reason(reason)
    row = _row(kept, row_id)
    _check_seen(kept, row, seen)
    if not is_removable(kept, row, now):
        raise Conflict(_("This holds already or did so: end it by date instead."))
    before, line = plain(kept, row), line_of(kept.name, row.pk)
    record(kept, row, Change.Act.REMOVED, before, {}, line, actor, reason, command_id, now)
    if kept.by_day:
        _reopen(kept, row, line)
    row.delete()
    forget_directory()


def is_removable(kept: KeptList, row: Any, at: datetime) -> bool:
    """True when nothing can have happened by this row yet."""
    today = timezone.localdate(at)
    if not kept.removable:
        return False
    match kept.name:
        case "shift":
            return bool(row.starts_at > at)
        case "absence":
            return bool(row.from_day > today)
        case "day":
            return bool(row.day > today)
    return bool(row.valid_from > today)


def _not_own(row: Any, given: dict[str, Any], actor: Actor) -> None:
    """Nobody locks himself out: another administrator does it."""
    mine = row.pk == actor.person_id if isinstance(row, Person) else False
    if mine and given.get("is_active") is False:
        raise InvalidInput("is_active", _("Another administrator closes your account."))
    own_post = isinstance(row, Post) and row.pk and row.person_id == actor.person_id
    if own_post and row.kind == Post.Kind.ADMINISTRATOR and given.get("valid_to"):
        raise InvalidInput("valid_to", _("Another administrator ends your post."))


def _row(kept: KeptList, row_id: int) -> Any:
    row = kept.model._default_manager.filter(pk=row_id).first()
    if row is None:
        raise NotFound(_("There is no such entry any more."))
    return row


def _check_seen(kept: KeptList, row: Any, seen: str) -> None:
    if seen and seen != fingerprint(kept, row):
        raise Conflict(_("Somebody has changed this meanwhile. Look at it again."))


def _differing(
    kept: KeptList, row: Any, before: dict[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    given = {n: v for n, v in values.items() if n not in before or plain_value(v) != before[n]}
    for name in given:
        if name in kept.fixed:
            raise InvalidInput(name, _("This never changes. End the entry and add another."))
    if not given:
        raise InvalidInput("", _("Nothing is different yet."))
    return given


def _from_day(
    kept: KeptList, row: Any, given: dict[str, Any], start: date | None, today: date
) -> tuple[Any, str]:
    """The row to write into: the row itself, or a new one that takes over on a day."""
    if row.valid_to is not None and row.valid_to < today:
        raise Conflict(_("This entry has ended and stays as it was. Add another."))
    planned = row.valid_from > today
    end = given.get("valid_to")
    if end is not None and not planned and end < today - _DAY:
        raise InvalidInput("valid_to", _("Not before yesterday: what was stays as it was."))
    given.pop("valid_from", None)
    if not planned and set(given) <= set(kept.at_once):
        return row, Change.Act.CHANGED
    start = start or (row.valid_from if planned else None)
    if start is None:
        raise InvalidInput("valid_from", _("Say from which day on."))
    _not_past(start, today)
    if planned:
        _reach(kept, row, start)
        given["valid_from"] = start
        return row, Change.Act.CHANGED
    if start == row.valid_from and kept.correctable:
        return row, Change.Act.CHANGED
    if start <= row.valid_from:
        raise InvalidInput("valid_from", _("The present entry began today; from tomorrow on."))
    if row.valid_to is not None and row.valid_to < start:
        raise InvalidInput("valid_from", _("The entry ends before that day."))
    many = {f.name: list(getattr(row, f.name).all()) for f in row._meta.many_to_many}
    new = kept.model._default_manager.get(pk=row.pk)
    row.valid_to = start - _DAY
    row.save(update_fields=["valid_to"])
    new.pk, new._state.adding = None, True
    for name, value in many.items():
        given.setdefault(name, value)
    if hasattr(new, "precedent_of"):
        new.precedent_of = ""  # the ruling was the row before
    given["valid_from"] = start
    return new, Change.Act.TAKEN_OVER


def _not_past(start: date, today: date) -> None:
    if start < today:
        raise InvalidInput("valid_from", _("Not before today: what was stays as it was."))


def _reach(kept: KeptList, row: Any, start: date) -> None:
    """When a planned row moves, the one before it in its line ends the day before again."""
    previous = _previous(kept, row)
    if previous is None:
        return
    if start <= previous.valid_from:
        raise InvalidInput("valid_from", _("The entry before it begins on that day or later."))
    previous.valid_to = start - _DAY
    previous.save(update_fields=["valid_to"])


def _reopen(kept: KeptList, row: Any, line: int) -> None:
    previous = _previous(kept, row)
    if previous is not None:
        previous.valid_to = row.valid_to
        previous.save(update_fields=["valid_to"])


def _previous(kept: KeptList, row: Any) -> Any:
    """The row of the same line that ends the day before this one begins."""
    line = line_of(kept.name, row.pk)
    ids = Change.objects.filter(list_name=kept.name, line_id=line).values_list("row_id", flat=True)
    found = kept.model._default_manager.filter(pk__in={line, *ids}).exclude(pk=row.pk)
    return found.filter(valid_to=row.valid_from - _DAY).first()
