"""A page of the matters that fit a filter, the newest first, at a cost that does not grow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.text import whole_number
from maplebridge.matters.models import Matter
from maplebridge.matters.queries.filters import MatterFilter
from maplebridge.matters.queries.lists import PAGE, for_rows
from maplebridge.matters.queries.visible import AREA_KINDS, ways_of_seeing
from maplebridge.matters.queries.words import RANGES, in_areas, in_ranges, saying, understood
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

COUNTED = 1000  # more than these are not counted


@dataclass(frozen=True)
class Found:
    """One page, the cursor of the next ("" at the end), and on the first page how many there are:
    `count`, or more than that where counting on would cost too much."""

    rows: list[Matter]
    older: str
    count: int | None = None
    more: bool = False


def page_of(
    actor: Actor, wanted: MatterFilter, now: datetime, after: str = "", size: int = PAGE
) -> Found:
    """What the actor may see of the filter, newest first.

    With words, one range of the newest ids after the other is looked into until the page is full.
    In each look GIN meets the words with the actor's areas and the range, so a common pair costs
    one small range and a rare one a handful of index look-ups; asked at once, PostgreSQL would
    gather every row that has the pair, or walk back through years.
    Raises InvalidInput("after") for a cursor that is none of ours.
    """
    before = whole_number(after)
    if after and before is None:
        raise InvalidInput("after", _("This cursor is not valid; begin at the first page."))
    most = size + 1 if after else COUNTED + 1
    ids, all_seen = _gathered(actor, wanted, now, most, enough=size + 1, before=before)
    shown = for_rows(Matter.objects.filter(pk__in=ids[:size])).order_by("-id")
    older = str(ids[size - 1]) if len(ids) > size else ""
    if after:
        return Found(list(shown), older)
    count = len(ids) if all_seen else min(len(ids) - 1, COUNTED)
    return Found(list(shown), older, count, more=not all_seen)


def matching_ids(actor: Actor, wanted: MatterFilter, now: datetime, most: int) -> list[int]:
    """Ids of what the actor may see of the filter, newest first, at most so many."""
    return _gathered(actor, wanted, now, most, enough=most)[0]


def _gathered(
    actor: Actor,
    wanted: MatterFilter,
    now: datetime,
    most: int,
    *,
    enough: int,
    before: int | None = None,
) -> tuple[list[int], bool]:
    """At least `enough` ids where there are so many, at most `most`; and whether that is all."""
    asked = understood(wanted.q)
    if not wanted.q or not asked.tsquery or asked.named() is not None:
        here = Q() if before is None else Q(id__lt=before)
        found = _newest(actor, wanted, now, most, here)
        return found, len(found) < most
    tsquery = " & ".join([asked.tsquery, *_around(actor, wanted)])
    wordless, found = replace(wanted, q=""), []
    for size, low, high in _looks(before):
        told = saying(f"{tsquery} & {in_ranges(size, low, high)}").values("matter_id")
        here = Q(id__gte=low, id__lte=high, pk__in=told)
        found += _newest(actor, wordless, now, most - len(found), here)
        if len(found) >= enough:
            return found, low == 0 and len(found) < most
    return found, True


def _newest(actor: Actor, wanted: MatterFilter, now: datetime, most: int, here: Q) -> list[int]:
    """The newest ids; each of the actor's ways of seeing is asked by itself, as each has an index
    of its own and "this or that" has none."""
    found: set[int] = set()
    for way in ways_of_seeing(actor):
        fitting = wanted.apply(Matter.objects.filter(way, here), now)
        found.update(fitting.order_by("-id").values_list("id", flat=True)[:most])
    return sorted(found, reverse=True)[:most]


def _around(actor: Actor, wanted: MatterFilter) -> list[str]:
    """The areas that hold all the actor may see, and those of the filter, for the index."""
    around = []
    if not actor.unit_ids and (scopes := actor.scopes([*AREA_KINDS, "on_duty"])):
        around.append(in_areas(scopes))
    codes = [code for code in wanted.area.split(",") if code]
    if codes and all(map(directory().area, codes)):
        around.append(in_areas(codes))
    return around


def _looks(before: int | None) -> Iterator[tuple[int, int, int]]:
    """(size of ranges, lowest id, highest id) of one look after the other, down to the first id.

    Of each size first one range, then those that are left of the next greater one; at last the
    greatest, one by one.
    """
    if before is None:
        before = (Matter.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    high = before - 1
    for size, greater in zip(RANGES, (*RANGES[1:], 0), strict=True):
        for bound in (size, greater):
            while bound and high >= 0:
                low = high // bound * bound
                yield size, low, high
                high = low - 1
                if greater:
                    break
