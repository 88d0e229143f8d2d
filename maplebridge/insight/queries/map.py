"""Matters on the map: counted in squares from afar, one by one from near.

What is counted once, at `KEPT_ZOOM`, serves every lower zoom (see squares.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from shapely import union_all

from maplebridge.insight.queries.squares import Box, Square, by_square, coarser, in_box, read
from maplebridge.kernel.errors import InvalidInput
from maplebridge.matters.flow import ENDINGS
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries import STATES, MatterFilter, light_of, matters_visible_to
from maplebridge.matters.queries.visible import AREA_KINDS
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

KEPT_ZOOM = 13
SINGLES_FROM = 14
LAST_ZOOM = 17  # from here on there are no squares, only the newest of too many
SINGLES = 400  # as many as can be told apart and pressed in one window
LONE = 400  # squares with one matter in them that are shown as that matter
KEPT_SECONDS = 60
NO_GROUP = "?"


class Spot(NamedTuple):
    """What is drawn of one matter; read as plain values, for a window holds hundreds."""

    number: str
    title: str
    status: str
    category_id: int | None
    proposed_category_id: int | None
    area_code: str
    due_at: datetime | None
    suspended_until: date | None
    supervision: int
    urgent: str
    lon: float
    lat: float

    @property
    def is_open(self) -> bool:
        return self.status not in ENDINGS


@dataclass(frozen=True)
class View:
    """What a reader looks at: west, south, east, north in WGS-84 degrees, and the whole zoom."""

    box: Box
    zoom: int

    @classmethod
    def read(cls, bbox: str, zoom: str) -> "View":
        """From the parameters of an address; InvalidInput names a bad one."""
        try:
            west, south, east, north = (float(part) for part in bbox.split(","))
            level = int(zoom)
        except ValueError as error:
            raise InvalidInput("bbox", _("The map's view is not valid.")) from error
        ordered = -180 <= west < east <= 180 and -90 <= south < north <= 90
        if not ordered or not 0 <= level <= 24:
            raise InvalidInput("bbox", _("The map's view is not valid."))
        return cls((west, south, east, north), level)


def map_points(actor: Actor, wanted: MatterFilter, view: View, now: datetime) -> dict[str, Any]:
    """What the map draws: {"squares", "matters", "more"}, all visible to the actor.

    A square is [lon, lat, matters, late, west, south, east, north, name]: its place is the mean of
    what is in it, the box what that fills. `more` says that matters were left out.
    """
    matters = _placed(actor, wanted, now)
    if view.zoom >= SINGLES_FROM:
        inside = _inside(matters, view.box)
        if view.zoom < LAST_ZOOM and inside[: SINGLES + 1].count() > SINGLES:
            return _answer(read(by_square(inside, view.zoom, now)), [], now)
        found = _newest(inside, SINGLES + 1)
        return _answer([], found[:SINGLES], now, more=len(found) > SINGLES)
    squares = in_box(coarser(_kept_squares(matters, now), KEPT_ZOOM, view.zoom), view.box)
    lone = {s.only for s in squares if s.n == 1}
    found = _newest(matters.filter(id__in=lone), LONE) if len(lone) <= LONE else []
    if found:
        squares = [s for s in squares if s.n > 1]
    return _answer(squares, found, now)


def counts_by_area(actor: Actor, wanted: MatterFilter, now: datetime) -> dict[str, tuple[int, int]]:
    """(matters, late ones) of each village, or of the town where no village is known."""
    moment = now.replace(second=0, microsecond=0)
    matters = wanted.apply(matters_visible_to(actor), moment)
    late = Count("pk", filter=STATES["late"][1](moment))
    grouped = matters.annotate(village=Substr("area_code", 1, 12)).values_list("village")
    counted = grouped.annotate(n=Count("pk"), late=late).order_by("village")
    return {code: (n, is_late) for code, n, is_late in _kept(counted)}


def placed_count(actor: Actor, wanted: MatterFilter, now: datetime) -> int:
    """How many of them have a point and therefore stand on the map."""
    return sum(square.n for square in _kept_squares(_placed(actor, wanted, now), now))


def newest_points(
    actor: Actor, wanted: MatterFilter, now: datetime, size: int
) -> list[dict[str, Any]]:
    """The newest of them, as the map has them, with or without a point."""
    matters = wanted.apply(matters_visible_to(actor), now)
    return _told(_newest(matters, size), now)


def extent(actor: Actor, area: str) -> Box | None:
    """The box around an area, else around the areas of the actor's posts, else around all."""
    scopes = [area] if area else list(actor.scopes(AREA_KINDS)) or None
    town = directory()
    shapes = [shape for _area, shape in town.outlines(scopes)] or [s for _a, s in town.outlines()]
    if not shapes:
        return None
    west, south, east, north = union_all(shapes).bounds
    return west, south, east, north


def _placed(actor: Actor, wanted: MatterFilter, now: datetime) -> QuerySet[Matter]:
    # To the minute: the same question within it has the same words, and so a kept answer.
    moment = now.replace(second=0, microsecond=0)
    return wanted.apply(matters_visible_to(actor), moment).filter(lon__isnull=False)


def _inside(matters: QuerySet[Matter], box: Box) -> QuerySet[Matter]:
    west, south, east, north = box
    return matters.filter(lon__range=(west, east), lat__range=(south, north))


def _newest(matters: QuerySet[Matter], size: int) -> list[Spot]:
    rows = matters.order_by(F("id").desc()).values_list(*Spot._fields)[:size]
    return [Spot._make(row) for row in rows]


def _kept_squares(matters: QuerySet[Matter], now: datetime) -> list[Square]:
    return read(_kept(by_square(matters, KEPT_ZOOM, now)))


def _kept(grouped: QuerySet[Matter, Any]) -> list[tuple[Any, ...]]:
    """The rows of a count, kept until any matter has a new event, or for a minute."""
    last = MatterEvent.objects.aggregate(last=Max("id"))["last"]
    try:
        question = repr((grouped.query.sql_with_params(), last))
    except EmptyResultSet:  # nobody without a post sees anything
        return []
    key = f"map-{sha256(question.encode()).hexdigest()}"
    rows: list[tuple[Any, ...]] | None = cache.get(key)
    if rows is None:
        rows = list(grouped)
        cache.set(key, rows, KEPT_SECONDS)
    return rows


def _answer(
    squares: list[Square], found: list[Spot], now: datetime, *, more: bool = False
) -> dict[str, Any]:
    return {
        "squares": [
            [lon := round(s.lons / s.n, 6), lat := round(s.lats / s.n, 6), s.n, s.late,
             s.west, s.south, s.east, s.north, _name(lon, lat)]
            for s in squares
        ],
        "matters": _told(found, now),
        "more": more,
    }  # fmt: skip


def _name(lon: float, lat: float) -> str:
    return _located(directory().stamp, lon, lat)


@lru_cache(maxsize=8192)
def _located(_stamp: int, lon: float, lat: float) -> str:
    area = directory().locate(lon, lat)
    if area is None:
        return ""
    return (directory().area(area.code[:12]) or area).name


@lru_cache(maxsize=8192)
def _place(_stamp: int, code: str) -> str:
    return directory().area_names(code)


def _told(found: Iterable[Spot], now: datetime) -> list[dict[str, Any]]:
    """Each matter as the map and its list show it; `url` is left to who knows the addresses."""
    town, moment = directory(), now.replace(second=0, microsecond=0)
    told = []
    for m in found:
        category = town.category_by_id(m.category_id or m.proposed_category_id)
        told.append({
            "number": m.number, "title": m.title or m.number, "status": m.status,
            "group": category.code[0] if category else NO_GROUP, "light": light_of(m, now),
            "urgent": m.urgent, "place": _place(town.stamp, m.area_code),
            "late": bool(m.due_at and m.due_at < moment and not m.suspended_until and m.is_open),
            "lon": m.lon, "lat": m.lat,
        })  # fmt: skip
    return told
