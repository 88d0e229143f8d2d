"""Where the same kind of matter comes up again: cells of about 0.1 km² with one category group."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict

from django.db.models import Count, F, Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from maplebridge.insight.rules import RECUR_DAYS, RECURS
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import MatterFilter

LATELY = timedelta(days=29)
MOST = 500  # places looked at; a town has a dozen
GROUP = Substr(Coalesce("category__code", "proposed_category__code", Value("")), 1, 1)


class Place(TypedDict):
    """One place and group: how often in 90 and in 30 days, and the matter last closed there."""

    n: int
    query: str
    cell: str
    area: str
    group: str
    lately: int
    last_closed: int | None


def places(base: MatterFilter, now: datetime) -> tuple[list[Place], int]:
    """Places with three or more matters of a group in 90 days, the most first, and how many."""
    today = timezone.localdate(now)
    wanted = replace(
        base, state="taken_up", since=today - timedelta(days=RECUR_DAYS - 1), until=today
    )
    matters = wanted.apply(Matter.objects.filter(cell__isnull=False), now).annotate(group=GROUP)
    lately = Q(reported_at__gte=timezone.localtime(now).replace(
        hour=0, minute=0, second=0, microsecond=0) - LATELY)  # fmt: skip
    rows = list(
        matters.exclude(group="")
        .values("cell", "group")
        .annotate(n=Count("pk"), lately=Count("pk", filter=lately), area=Max("area_code"))
        .filter(n__gte=RECURS)
        .order_by("-n", "cell", "group")[:MOST]
    )
    last = _last_closed(matters, [row["cell"] or 0 for row in rows])
    found: list[Place] = [
        {
            "n": row["n"],
            "query": replace(wanted, cell=str(row["cell"]), category=row["group"]).query(),
            "cell": str(row["cell"]),
            "area": row["area"],
            "group": row["group"],
            "lately": row["lately"],
            "last_closed": last.get((row["cell"] or 0, row["group"])),
        }
        for row in rows
    ]
    return found, len(found)


def _last_closed(matters: QuerySet[Matter], cells: list[int]) -> dict[tuple[int, str], int]:
    """The matter closed last by place and group, confidential ones left out."""
    ended = matters.filter(cell__in=cells, closed_at__isnull=False, category__confidential=False)
    rows = ended.order_by("closed_at", "pk").values("cell", "pk", letter=F("group"))
    return {(row["cell"] or 0, row["letter"]): row["pk"] for row in rows}
