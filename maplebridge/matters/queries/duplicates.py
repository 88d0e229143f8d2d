"""Likely duplicates: same category, near in place and time, similar words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

import h3

from maplebridge.kernel.geography import distance_m
from maplebridge.kernel.text import similarity
from maplebridge.matters.models import Matter
from maplebridge.matters.queries.lists import furnish
from maplebridge.org.queries import directory
from maplebridge.sql import read

RESOLUTION = 9  # cells of about 0.1 km², 170 m from the middle to a corner
DAYS = 30
NEAR_M = 300
FEW = 5
CANDIDATES = 60
METRES_A_DEGREE = 111_000  # rather too few: the box is then too wide, never too small
_NEAR = """
WHERE cell = ANY(%(ring)s) AND reported_at >= %(since)s AND id <> %(without)s
    AND lon BETWEEN %(west)s AND %(east)s AND lat BETWEEN %(south)s AND %(north)s
    AND status NOT IN ('declined', 'merged', 'referred', 'withdrawn')"""
_SAME = " AND (category_id = %(category)s OR category_id IS NULL)"
_OPENLY = """ AND coalesce(category_id, proposed_category_id) IN (
    SELECT id FROM org_category WHERE NOT confidential)"""
# By time, not by id: by id the planner walks the newest matters of everywhere.
_NEWEST = " ORDER BY reported_at DESC LIMIT %(most)s"


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
    high, wide = NEAR_M / METRES_A_DEGREE, NEAR_M / METRES_A_DEGREE / cos(radians(lat))
    near = read(
        Matter,
        _NEAR + (_SAME if category_id else "") + (_OPENLY if public else "") + _NEWEST,
        {
            "ring": [int(c, 16) for c in ring],
            "west": lon - wide, "east": lon + wide, "south": lat - high, "north": lat + high,
            "since": at - timedelta(days=DAYS), "without": without or 0, "category": category_id,
            "most": CANDIDATES,
        },
    )  # fmt: skip
    found, town = [], directory()
    for matter in near:
        metres = distance_m(lon, lat, matter.lon or 0.0, matter.lat or 0.0)
        if metres > NEAR_M:
            continue
        words = similarity(text, matter.title) if text else 0.0
        found.append(Likeness(matter, metres, words, 0.6 * (1 - metres / NEAR_M) + 0.4 * words))
    likeliest = sorted(found, key=lambda like: -like.score)[:FEW]
    for like in likeliest:
        furnish(like.matter, town)
    return likeliest
