"""What lies under the matters: grids, villages, jurisdictions and units, as GeoJSON in WGS-84."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from shapely import union_all
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from maplebridge.org.models import Jurisdiction
from maplebridge.org.queries import Directory, directory

KEPT_SECONDS = 60
FINE = 0.0002  # degrees; about 20 m, less than the outlines know themselves


def layers_json() -> str:
    """A FeatureCollection; each feature says its `layer` (village, grid, jurisdiction, unit)."""
    town, today = directory(), timezone.localdate()
    key = f"map-layers-{town.stamp}-{today}"
    made: str | None = cache.get(key)
    if made is None:
        features = [*_areas(town), *_jurisdictions(town, today), *_units(town, today)]
        whole = {"type": "FeatureCollection", "features": features}
        made = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        cache.set(key, made, KEPT_SECONDS)
    return made


def jurisdiction_kinds() -> list[tuple[str, str]]:
    """(kind, label) of the jurisdictions that are in force today."""
    present = set(_in_force(timezone.localdate()).values_list("kind", flat=True))
    return [(kind, str(label)) for kind, label in Jurisdiction.Kind.choices if kind in present]


def _areas(town: Directory) -> Iterator[dict[str, Any]]:
    for area in town.areas.values():
        if area.level in {"village", "grid"} and (shape := _shape(town, [area.code])):
            yield _outline(area.level, area.name, shape, code=area.code)


def _jurisdictions(town: Directory, today: date) -> Iterator[dict[str, Any]]:
    for found in _in_force(today).prefetch_related("areas"):
        if shape := _shape(town, [area.code for area in found.areas.all()]):
            yield _outline("jurisdiction", found.name, shape, kind=found.kind)


def _in_force(today: date) -> Any:
    ends = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return Jurisdiction.objects.filter(ends, valid_from__lte=today).order_by("kind", "id")


def _units(town: Directory, today: date) -> Iterator[dict[str, Any]]:
    """One point for each area with its units: offices of a town stand under one roof."""
    seated: dict[str, list[str]] = {}
    for unit in town.units.values():
        if unit.is_valid_on(today):
            seated.setdefault(unit.area.code, []).append(unit.name)
    for code, names in seated.items():
        if shape := _shape(town, [code]):
            at = shape.representative_point()
            place = {"type": "Point", "coordinates": [round(at.x, 6), round(at.y, 6)]}
            said = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
            facts = {"layer": "unit", "name": said, "names": sorted(names)}
            yield {"type": "Feature", "properties": facts, "geometry": place}


def _shape(town: Directory, codes: Sequence[str]) -> BaseGeometry | None:
    """The outline of areas: their own, or what is drawn inside them."""
    if len(codes) == 1 and (own := town.outline(codes[0])):
        return own
    inside = [shape for _area, shape in town.outlines(codes)]
    return union_all(inside) if inside else None


def _outline(layer: str, name: str, shape: BaseGeometry, **facts: str) -> dict[str, Any]:
    label = shape.representative_point()
    at = {"label_lon": round(label.x, 6), "label_lat": round(label.y, 6)}
    said: dict[str, Any] = {"layer": layer, "name": name, **facts, **at}
    simple = shape.simplify(FINE)
    return {"type": "Feature", "properties": said, "geometry": _rounded(mapping(simple))}


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    """The same with six decimals, a decimetre."""
    cut: dict[str, Any] = json.loads(
        json.dumps(geometry), parse_float=lambda digits: round(float(digits), 6)
    )
    return cut
