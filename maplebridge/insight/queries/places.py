"""Where the same kind of matter comes up again: one address, or a cell of about 0.1 km²."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from maplebridge.insight.rules import RECUR_DAYS, RECURS
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import MatterFilter
from maplebridge.matters.queries.addresses import VILLAGE, address_key

LATELY = timedelta(days=29)
MOST = 500  # places looked at; a town has a dozen
GROUP = Substr(Coalesce("category__code", "proposed_category__code", Value("")), 1, 1)


class Place(TypedDict):
    """One place and group: how often in 90 and in 30 days, and the matter last closed there.

    `matter` is one of those at an address, so that the address itself is kept nowhere else; a cell
    has none.
    """

    n: int
    query: str
    narrow: dict[str, str]
    matter: int | None
    area: str
    group: str
    lately: int
    last_closed: int | None


def nameable() -> Q:
    """Matters that may be named one by one: of a category, and not of a confidential one."""
    return Q(category__confidential=False) | Q(category=None, proposed_category__confidential=False)


def places(base: MatterFilter, now: datetime) -> tuple[list[Place], int]:
    """Places with three or more matters of a group in 90 days, the most first, and how many.

    A cell is left out when it is only around an address that says it more exactly.
    """
    today = timezone.localdate(now)
    wanted = replace(
        base, state="taken_up", since=today - timedelta(days=RECUR_DAYS - 1), until=today
    )
    matters = wanted.apply(Matter.objects.all(), now).annotate(group=GROUP).exclude(group="")
    at_addresses, covered = _addresses(matters, wanted, now)
    found = [*at_addresses, *_cells(matters, wanted, now, covered)]
    found.sort(key=lambda place: (-place["n"], place["area"], place["group"]))
    return found, len(found)


def _addresses(
    matters: QuerySet[Matter], wanted: MatterFilter, now: datetime
) -> tuple[list[Place], Counter[tuple[int, str]]]:
    """Places by address, and how many of their matters lie in each cell, by group."""
    # Any: the figures of `_counted` are named at run time, where no type checker looks.
    told: Any = matters.exclude(address="").annotate(key=address_key(), village=VILLAGE)
    rows = list(
        told.exclude(key="")
        .values("village", "key", "group")
        .annotate(
            **_counted(now),
            matter=Coalesce(Min("pk", filter=nameable()), Min("pk")),
            cells=ArrayAgg("cell", filter=Q(cell__isnull=False), default=Value([])),
        )
        .filter(n__gte=RECURS)
        .order_by("-n", "matter")[:MOST]
    )
    numbers = dict(Matter.objects.filter(pk__in=[row["matter"] for row in rows]).values_list(
        "pk", "number"))  # fmt: skip
    last = _last(told.filter(key__in={row["key"] for row in rows}), "village", "key")
    covered = Counter((cell, row["group"]) for row in rows for cell in row["cells"])
    found = [
        _place(
            row, wanted, {"same_address": numbers[row["matter"]]},
            last.get((row["village"], row["key"], row["group"])), row["matter"],
        )
        for row in rows
    ]  # fmt: skip
    return found, covered


def _cells(
    matters: QuerySet[Matter],
    wanted: MatterFilter,
    now: datetime,
    covered: Mapping[tuple[int, str], int],
) -> list[Place]:
    here: Any = matters.filter(cell__isnull=False)
    rows = [
        row
        for row in here.values("cell", "group")
        .annotate(**_counted(now))
        .filter(n__gte=RECURS)
        .order_by("-n", "cell", "group")[:MOST]
        if row["n"] - covered.get((row["cell"] or 0, row["group"]), 0) >= RECURS
    ]
    last = _last(here.filter(cell__in={row["cell"] for row in rows}), "cell")
    return [
        _place(row, wanted, {"cell": str(row["cell"])}, last.get((row["cell"], row["group"])))
        for row in rows
    ]


def _counted(now: datetime) -> dict[str, Any]:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    lately = Q(reported_at__gte=midnight - LATELY)
    return {"n": Count("pk"), "lately": Count("pk", filter=lately), "area": Max("area_code")}


def _place(
    row: Mapping[str, Any],
    wanted: MatterFilter,
    narrow: dict[str, str],
    last_closed: int | None,
    matter: int | None = None,
) -> Place:
    return {
        "n": row["n"],
        "query": replace(wanted, category=row["group"], **narrow).query(),  # type: ignore[arg-type]
        "narrow": narrow,
        "matter": matter,
        "area": row["area"],
        "group": row["group"],
        "lately": row["lately"],
        "last_closed": last_closed,
    }


def _last(matters: QuerySet[Matter], *by: str) -> dict[tuple[Any, ...], int]:
    """The matter closed last by place and group, confidential ones left out."""
    ended = matters.filter(closed_at__isnull=False, category__confidential=False)
    rows: Iterable[tuple[Any, ...]] = ended.order_by("closed_at", "pk").values_list(
        *by, F("group"), "pk"
    )
    return {row[:-1]: row[-1] for row in rows}
