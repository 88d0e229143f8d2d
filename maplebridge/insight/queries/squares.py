"""A fixed grid of longitude and latitude: matters counted in its squares, of one zoom or a lower.

Squares stay where they are while the map moves, and a square of one zoom is made of four of the
next.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Min, QuerySet, Sum
from django.db.models.functions import Floor

from maplebridge.matters.models import Matter
from maplebridge.matters.queries import STATES

SPAN = 360 * 88 / 512  # degrees of a square at zoom 0: 88 pixels of a world 512 pixels wide
FLAT = 0.8  # a square's height to its width in degrees, so that it looks square in China

Box = tuple[float, float, float, float]


class Square(NamedTuple):
    """x and y of a square at its zoom, and of the matters in it: how many, how many late, the
    sums of their lon and lat, the box they fill (the same four as a view's), the least id."""

    x: int
    y: int
    n: int
    late: int
    lons: float
    lats: float
    west: float
    south: float
    east: float
    north: float
    only: int

    def at(self, zoom_out: int) -> "Square":
        """What it is part of, so many zooms further out."""
        return self._replace(x=self.x >> zoom_out, y=self.y >> zoom_out)

    def joined(self, other: "Square") -> "Square":
        """Both as one square."""
        return Square(
            self.x, self.y, self.n + other.n, self.late + other.late,
            self.lons + other.lons, self.lats + other.lats,
            min(self.west, other.west), min(self.south, other.south),
            max(self.east, other.east), max(self.north, other.north),
            min(self.only, other.only),
        )  # fmt: skip


def step(zoom: int) -> tuple[float, float]:
    """Width and height in degrees of a square at a zoom."""
    width = SPAN / 2**zoom
    return width, width * FLAT


def by_square(matters: QuerySet[Matter], zoom: int, now: datetime) -> QuerySet[Matter, Any]:
    """Rows of `read`: of each square of a zoom what its matters come to."""
    width, height = step(zoom)
    moment = now.replace(second=0, microsecond=0)
    return (
        matters.annotate(x=Floor(F("lon") / width), y=Floor(F("lat") / height))
        .values_list("x", "y")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=STATES["late"][1](moment)),
            lons=Sum("lon"),
            lats=Sum("lat"),
            west=Min("lon"),
            south=Min("lat"),
            east=Max("lon"),
            north=Max("lat"),
            only=Min("id"),
        )
        .order_by()
    )


def read(rows: Iterable[tuple[Any, ...]]) -> list[Square]:
    """The squares of such rows."""
    return [Square(int(x), int(y), *rest) for x, y, *rest in rows]


def coarser(squares: Iterable[Square], from_zoom: int, zoom: int) -> list[Square]:
    """Squares of `from_zoom` put together to those of a lower zoom."""
    whole: dict[tuple[int, int], Square] = {}
    for part in squares:
        square = part.at(from_zoom - zoom)
        known = whole.get(square[:2])
        whole[square[:2]] = known.joined(square) if known else square
    return list(whole.values())


def in_box(squares: Iterable[Square], box: Box) -> list[Square]:
    """Those whose matters reach into a box."""
    west, south, east, north = box
    return [
        s
        for s in squares
        if s.west <= east and s.east >= west and s.south <= north and s.north >= south
    ]
