"""Areas that merge and outlines that are drawn anew."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.org.models import Area, Boundary
from maplebridge.org.queries import forget_directory


@transaction.atomic
def merge_village(code: str, into: str, on: date) -> Area:
    """End an area on a day and name what it became part of; its history keeps its code."""
    area, target = Area.objects.filter(code=code).first(), Area.objects.filter(code=into).first()
    if area is None or target is None:
        raise NotFound(_("There is no area %(code)s.") % {"code": code if area is None else into})
    if area.level != target.level or area == target:
        raise InvalidInput("into", _("An area can only become part of another of its level."))
    area.valid_to, area.merged_into = on, target
    area.save(update_fields=["valid_to", "merged_into"])
    Boundary.objects.filter(area=area, valid_to__isnull=True).update(valid_to=on)
    forget_directory()
    return area


@transaction.atomic
def draw_boundary(
    code: str, geometry: dict[str, Any], *, valid_from: date, source: str = ""
) -> Boundary:
    """Give an area a new outline from a day on; the old one ends the day before.

    `geometry` is a GeoJSON Polygon or MultiPolygon in WGS-84 degrees. Raises InvalidInput for
    anything else, for an outline that crosses itself, and for a start before the present one's.
    """
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise NotFound(_("There is no area %(code)s.") % {"code": code})
    try:
        outline = shape(geometry)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise InvalidInput("geometry", _("This is not a GeoJSON polygon.")) from error
    if (
        outline.geom_type not in {"Polygon", "MultiPolygon"}
        or outline.is_empty
        or not outline.is_valid
    ):
        raise InvalidInput(
            "geometry", _("The outline must be a polygon that does not cross itself.")
        )
    present = Boundary.objects.filter(area=area, valid_to__isnull=True).first()
    if present is not None:
        if present.valid_from >= valid_from:
            raise InvalidInput("valid_from", _("The present outline begins on that day or later."))
        present.valid_to = valid_from - timedelta(days=1)
        present.save(update_fields=["valid_to"])
    forget_directory()
    return Boundary.objects.create(
        area=area, geometry=geometry, valid_from=valid_from, source=source
    )
