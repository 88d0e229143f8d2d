"""Work lists. All page by key, none counts."""

import base64
import binascii
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.query import ModelIterable
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.matters.flow import OPEN
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries.visible import in_scopes, matters_visible_to, sees
from maplebridge.org.queries import Directory, directory
from maplebridge.org.rules import Actor
from maplebridge.sql import read_one

PAGE = 50
_NEVER = "9999-12-31T00:00:00+00:00"


class _Furnished(ModelIterable):  # type: ignore[type-arg]
    """Matters with their categories and units out of the directory: a join with four tables costs
    more than everything else in a list."""

    def __iter__(self) -> Iterator[Matter]:
        town = directory()
        for matter in super().__iter__():
            yield furnish(matter, town)


def furnish(matter: Matter, town: Directory) -> Matter:
    """The matter with its category and units out of the directory; what that does not know yet is
    read when it is asked for."""
    for name in ("category", "proposed_category"):
        if found := town.category_by_id(getattr(matter, f"{name}_id")):
            setattr(matter, name, found)
    for name in ("lead", "proposed_lead"):
        if unit := town.units.get(getattr(matter, f"{name}_id")):
            setattr(matter, name, unit)
    return matter


def for_rows(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """With the units and categories that a row names."""
    rows = matters.all()
    rows._iterable_class = _Furnished
    return rows


def inbox(actor: Actor) -> QuerySet[Matter]:
    """What waits for a dispatcher: new and returned matters of his areas, but for those that were
    returned twice and wait for a ruling."""
    waiting = matters_visible_to(actor).filter(status__in=["reported", "returned"])
    return for_rows(waiting.exclude(status="returned", returns__gte=2))


def open_matters(actor: Actor) -> QuerySet[Matter]:
    """Everything open the actor may see."""
    return for_rows(matters_visible_to(actor).filter(status__in=OPEN))


def to_verify(actor: Actor) -> QuerySet[Matter]:
    """What waits for a verifier of these areas."""
    return for_rows(Matter.objects.filter(in_scopes(actor, "verifier"), status="handled"))


def to_supervise(actor: Actor) -> QuerySet[Matter]:
    """What waits for a supervisor of these areas: petitions, rulings, and what is long overdue."""
    seen = in_scopes(actor, "supervisor")
    waits = Q(petition_open=True) | Q(status="returned", returns__gte=2)
    late = Q(status__in=OPEN, supervision__gte=2)
    return for_rows(Matter.objects.filter(seen).filter(waits | late))


def visible_matter(actor: Actor, number: str) -> Matter:
    """The matter of this number, with its units and category; NotFound when not for this actor."""
    found = read_one(Matter, "WHERE number = %s", [number])
    if found is None or not sees(actor, found):
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    return furnish(found, directory())


def titles_of(actor: Actor, numbers: Collection[str]) -> dict[str, str]:
    """Titles by number of those matters the actor sees; one query, none for no numbers."""
    if not numbers:
        return {}
    seen = matters_visible_to(actor).filter(number__in=numbers)
    return dict(seen.values_list("number", "title"))


def files_of(matter: Matter) -> set[str]:
    """Hashes of all photos and voice notes of a matter, of its reports and its steps."""
    told = matter.reports.values_list("photos", "voices")
    kinds = ["photos", "before", "voices"]
    done = MatterEvent.objects.filter(matter=matter, data__has_any_keys=kinds)
    kept = done.values_list(*(f"data__{kind}" for kind in kinds))
    return {sha for row in (*told, *kept) for files in row for sha in files or ()}


def keyset(
    matters: QuerySet[Matter], after: str = "", size: int = PAGE
) -> tuple[list[Matter], str]:
    """One page ordered by due time (none last) and id, and the cursor of the next ("" at the end).

    Raises InvalidInput("after") for a cursor that is none of ours.
    """
    matters = matters.order_by(F("due_at").asc(nulls_last=True), "id")
    if after:
        due, last_id = _read_cursor(after)
        if due is None:
            matters = matters.filter(due_at__isnull=True, id__gt=last_id)
        else:
            matters = matters.filter(
                Q(due_at__gt=due) | Q(due_at=due, id__gt=last_id) | Q(due_at__isnull=True)
            )
    rows = list(matters[: size + 1])
    if len(rows) <= size:
        return rows, ""
    return rows[:size], cursor_of(rows[size - 1])


def cursor_of(matter: Matter) -> str:
    """The cursor of whatever follows this matter in `keyset`."""
    text = f"{matter.due_at.isoformat() if matter.due_at else _NEVER}|{matter.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime | None, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        due, last_id = text.split("|")
        return None if due == _NEVER else datetime.fromisoformat(due), int(last_id)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise InvalidInput(
            "after", _("This cursor is not valid; begin at the first page.")
        ) from error
