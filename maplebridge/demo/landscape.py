"""An invented landscape: outlines of 30 villages and 39 grids that tile 244.3 km²."""

import math
import random
from typing import Any

from shapely import MultiPoint, Point, Polygon, affinity, voronoi_polygons
from shapely.geometry import LineString, mapping
from shapely.ops import split

from maplebridge.kernel.geography import area_km2

AREA_KM2 = 244.3
CENTRE = (118.93, 28.02)
VILLAGES = 30
SPLIT = 9  # villages of two grids: 30 + 9 = 39 grids


def _outline(rng: random.Random) -> Polygon:
    """A wavy closed line around the centre, later scaled to the right area."""
    waves = [(n, rng.uniform(0.02, 0.07), rng.uniform(0, math.tau)) for n in (2, 3, 5, 7)]
    ring = []
    for step in range(180):
        angle = math.tau * step / 180
        far = 0.085 * (1 + sum(size * math.cos(n * angle + turn) for n, size, turn in waves))
        ring.append((CENTRE[0] + 1.15 * far * math.cos(angle), CENTRE[1] + far * math.sin(angle)))
    return Polygon(ring)


def _area(shape: Polygon) -> float:
    return area_km2(list(shape.exterior.coords)[:-1])


def _to_area(shape: Polygon) -> Polygon:
    """Scaled around its middle until the spherical area is 244.3 km² (to a square metre)."""
    for _ in range(20):
        factor = math.sqrt(AREA_KM2 / _area(shape))
        shape = affinity.scale(shape, factor, factor)
    return shape


def _cells(outline: Polygon, rng: random.Random) -> list[Polygon]:
    """Thirty cells of similar size: random points, evened out by Lloyd's method."""
    west, south, east, north = outline.bounds
    points: list[Point] = []
    while len(points) < VILLAGES:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if outline.contains(point):
            points.append(point)
    cells: list[Polygon] = []
    for _ in range(12):
        drawn = voronoi_polygons(MultiPoint(points), extend_to=outline)
        cells = [cell.intersection(outline) for cell in drawn.geoms]
        points = [cell.centroid for cell in cells]
    return sorted(cells, key=lambda c: (round(c.centroid.x, 3), -c.centroid.y))


def _halves(cell: Polygon) -> list[Polygon]:
    """The cell cut north to south through its middle."""
    x, (_, south, _, north) = cell.centroid.x, cell.bounds
    parts = split(cell, LineString([(x, south - 1), (x, north + 1)])).geoms
    return sorted(parts, key=lambda p: p.centroid.x)


def draw(seed: int) -> list[tuple[Polygon, list[Polygon]]]:
    """(village outline, outlines of its grids) for 30 villages, west to east."""
    rng = random.Random(seed)  # noqa: S311 — an invented map, no secret
    cells = _cells(_to_area(_outline(rng)), rng)
    large = set(sorted(range(VILLAGES), key=lambda i: -_area(cells[i]))[:SPLIT])
    return [(cell, _halves(cell) if i in large else [cell]) for i, cell in enumerate(cells)]


def geojson(shape: Polygon) -> dict[str, Any]:
    """The outline as GeoJSON with seven decimals (about a centimetre)."""
    ring = [[round(x, 7), round(y, 7)] for x, y in shape.exterior.coords]
    return {**mapping(shape), "coordinates": [ring]}


def point_in(shape: Polygon, rng: random.Random) -> tuple[float, float]:
    """A random point well inside an outline."""
    inner = shape.buffer(-0.001)
    west, south, east, north = shape.bounds
    while True:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if (inner if not inner.is_empty else shape).contains(point):
            return point.x, point.y
