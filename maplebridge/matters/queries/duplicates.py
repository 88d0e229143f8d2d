"""Likely duplicates: same category, near in place and time, similar words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import h3
from django.db.models import Q

from maplebridge.kernel.geography import distance_m
from maplebridge.kernel.text import similarity
from maplebridge.matters.models import Matter
from maplebridge.matters.queries.lists import for_rows

RESOLUTION = 9  # cells of about 0.1 km², 170 m from the middle to a corner
DAYS = 30
NEAR_M = 300
FEW = 5
CANDIDATES = 60


@dataclass(frozen=True)
class Likeness:
    """A matter that may be the same problem: metres away, 0..1 alike in words, 0..1 together."""

    matter: Matter
    metres: float
    words: float
    score: float


def cell_of(lon: float, lat: float) -> int:
    """The H3 cell of a WGS-84 point as an integer."""
    return int(h3.latlng_to_cell(lat, lon, RESOLUTION), 16)


def likely_duplicates(
    *,
    text: str,
    lon: float | None,
    lat: float | None,
    category_id: int | None,
    at: datetime,
    without: int | None = None,
    public: bool = False,
) -> list[Likeness]:
    """At most five matters of the last 30 days within 300 m, the likeliest first.

    With a category only the same or undecided ones count. `public` leaves out confidential
    categories. Without a point nothing is offered: words alone would offer strangers' matters.
    """
    if lon is None or lat is None:
        return []
    ring = h3.grid_disk(h3.latlng_to_cell(lat, lon, RESOLUTION), 2)
    near = Matter.objects.filter(
        cell__in=[int(c, 16) for c in ring], reported_at__gte=at - timedelta(days=DAYS)
    ).exclude(status__in=["declined", "merged", "referred", "withdrawn"])
    if category_id:
        near = near.filter(Q(category_id=category_id) | Q(category=None))
    if public:
        undecided = Q(category=None)
        near = near.exclude(category__confidential=True).exclude(
            undecided & (Q(proposed_category=None) | Q(proposed_category__confidential=True))
        )
    found = []
    # By time, not by id: by id the planner walks the newest matters of everywhere.
    newest = for_rows(near.exclude(pk=without or 0)).order_by("-reported_at")
    for matter in newest[:CANDIDATES]:
        metres = distance_m(lon, lat, matter.lon or 0.0, matter.lat or 0.0)
        if metres > NEAR_M:
            continue
        words = similarity(text, matter.title) if text else 0.0
        found.append(Likeness(matter, metres, words, 0.6 * (1 - metres / NEAR_M) + 0.4 * words))
    return sorted(found, key=lambda like: -like.score)[:FEW]
