"""The directory: areas, units, categories, duties and the calendar, answered from memory."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone
from shapely import STRtree
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from maplebridge.kernel.codes import ancestors, covers, level_of
from maplebridge.org.models import (
    Area,
    Boundary,
    Category,
    CategoryLimits,
    DirectoryStamp,
    Duty,
    Unit,
)
from maplebridge.org.queries.duties import LEADS, DutyMatch, WeighedDuty, rank, why_lost
from maplebridge.org.queries.hours import read_calendar

# A second is short enough that nobody notices an old duty list, long enough that the check of
# the stamp costs nothing at hundreds of reports a second.
FRESH_SECONDS = 1.0


class Directory:
    """Areas, units, categories, duties and the calendar as they stand, for lookups without SQL."""

    def __init__(self, stamp: int) -> None:
        self.stamp = stamp
        self.areas = {a.code: a for a in Area.objects.all()}
        self.units = {u.id: u for u in Unit.objects.select_related("area")}
        self.categories = {c.code: c for c in Category.objects.all()}
        self._categories_by_id = {c.id: c for c in self.categories.values()}
        self._limits: dict[int, list[CategoryLimits]] = {}
        for limits in CategoryLimits.objects.order_by("-valid_from"):
            self._limits.setdefault(limits.category_id, []).append(limits)
        self.duties: dict[int, list[Duty]] = {}
        self._helpers: dict[int, tuple[Unit, ...]] = {}
        for duty in Duty.objects.prefetch_related("helpers"):
            duty.category = self._categories_by_id[duty.category_id]
            duty.lead = self.units[duty.lead_id] if duty.lead_id else None
            self.duties.setdefault(duty.category_id, []).append(duty)
            self._helpers[duty.id] = tuple(self.units[u.id] for u in duty.helpers.all())
        self.calendar = read_calendar()
        self._read_boundaries(timezone.localdate())

    def _read_boundaries(self, today: date) -> None:
        self._outlines: list[BaseGeometry] = []
        self._outlined: list[str] = []
        for code, geometry in (
            Boundary.objects.filter(
                Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today
            )
            .order_by("area__code")
            .values_list("area__code", "geometry")
        ):
            self._outlines.append(shape(geometry))
            self._outlined.append(code)
        self._tree = STRtree(self._outlines)

    def locate(self, lon: float, lat: float) -> Area | None:
        """The smallest area whose outline holds the WGS-84 point, or None outside every outline."""
        point = Point(lon, lat)
        hits = [self._outlined[i] for i in self._tree.query(point, predicate="intersects")]
        return self.areas[max(hits, key=lambda code: (len(code), code))] if hits else None

    def outline(self, code: str) -> Polygon | MultiPolygon | None:
        """The present outline of an area in WGS-84, if one is drawn."""
        for known, geometry in zip(self._outlined, self._outlines, strict=True):
            if known == code:
                return geometry
        return None

    def outlines(self, scopes: Sequence[str] | None = None) -> Iterable[tuple[Area, BaseGeometry]]:
        """(area, outline) for every drawn area, or for those inside the given area codes."""
        for code, geometry in zip(self._outlined, self._outlines, strict=True):
            if scopes is None or any(covers(scope, code) for scope in scopes):
                yield self.areas[code], geometry

    def area(self, code: str) -> Area | None:
        return self.areas.get(code)

    def area_names(self, code: str) -> str:
        """ "Town · village · grid" for an area code, leaving out the county and unknown parts."""
        codes = [c for c in reversed(ancestors(code)) if c in self.areas]
        shown = [c for c in codes if level_of(c) != "county"] or codes
        return " · ".join(self.areas[c].name for c in shown)

    def category(self, code: str) -> Category | None:
        return self.categories.get(code)

    def category_by_id(self, pk: int | None) -> Category | None:
        return self._categories_by_id.get(pk) if pk else None

    def limits(self, category: Category, on: date) -> Category | CategoryLimits:
        """Whose `respond`, `sign` and `handle` hold for a category on a day."""
        dated = self._limits.get(category.id, ())
        return next((limits for limits in dated if limits.is_valid_on(on)), category)

    def reportable(self, on: date) -> list[Category]:
        """Categories a resident may choose, in the order of the catalogue."""
        return [
            c
            for c in self.categories.values()
            if c.public and not c.hand_over and c.is_valid_on(on)
        ]

    def receiving_area(self) -> str:
        """Where reports without a findable place wait: the first command room's area."""
        rooms = [u for u in self.units.values() if u.kind == Unit.Kind.COMMAND_ROOM]
        if rooms:
            return min(rooms, key=lambda u: u.code).area.code
        return min(self.areas, key=lambda code: (len(code), code), default="000000")

    def unit_near(self, kind: str, area_code: str, on: date) -> Unit | None:
        """The unit of a kind nearest up the tree from a place (village first, then town, county).

        A unit whose jurisdiction spans several towns sits at their common ancestor or in one of
        them; the last resort is therefore any unit of the kind in the same county.
        """
        units = [u for u in self.units.values() if u.kind == kind and u.is_valid_on(on)]
        for code in ancestors(area_code):
            for unit in units:
                if unit.area.code == code:
                    return unit
        return next((u for u in units if covers(area_code[:6], u.area.code)), None)

    def duty_for(self, category: Category, area_code: str, on: date) -> DutyMatch | None:
        """The duty that leads `category` at `area_code` on a day; see `weigh_duties`."""
        first = next(iter(self.weigh_duties(category, area_code, on)), None)
        if first is None or first.verdict != LEADS or first.lead is None:
            return None
        duty, limits = first.duty, self.limits(category, on)
        return DutyMatch(
            duty,
            first.lead,
            self._helpers[duty.id],
            duty.respond or limits.respond,
            duty.handle or limits.handle,
        )

    def weigh_duties(self, category: Category, area_code: str, on: date) -> list[WeighedDuty]:
        """Every duty of a category with its verdict for a place and day, the leading one first.

        The longest area wins; then a precedent, which binds; then the later start.
        """
        fit: list[WeighedDuty] = []
        unfit: list[WeighedDuty] = []
        for duty in self.duties.get(category.id, ()):
            if not duty.is_valid_on(on):
                unfit.append(WeighedDuty(duty, None, "early" if on < duty.valid_from else "ended"))
            elif duty.area_code and not covers(duty.area_code, area_code):
                unfit.append(WeighedDuty(duty, None, "elsewhere"))
            else:
                near = self.units.get(duty.lead_id or 0) or self.unit_near(
                    duty.lead_kind, area_code, on
                )
                (fit if near else unfit).append(
                    WeighedDuty(duty, near, LEADS if near else "no_unit")
                )
        # Of two rulings of one day the later binds, so the id decides last.
        fit.sort(key=lambda w: (*rank(w.duty), w.duty.id), reverse=True)
        best = fit[0].duty if fit else None
        lost = [replace(w, verdict=why_lost(w.duty, best)) for w in fit[1:] if best]
        return [*fit[:1], *lost, *unfit]

    def is_listed(self, category: Category, area_code: str, unit: Unit, on: date) -> bool:
        """True when the duty list names the unit, or its kind, for this category and place."""
        for duty in self.duties.get(category.id, ()):
            if not duty.is_valid_on(on) or (
                duty.area_code and not covers(duty.area_code, area_code)
            ):
                continue
            if (
                unit.id == duty.lead_id
                or unit.kind == duty.lead_kind
                or unit in self._helpers[duty.id]
            ):
                return True
        return False


_lock = threading.Lock()
_held: Directory | None = None
_checked = 0.0


def directory() -> Directory:
    """The directory, at most a second old; changes made in this process show at once."""
    global _held, _checked  # noqa: PLW0603
    held = _held
    if held is not None and time.monotonic() - _checked < FRESH_SECONDS:
        return held
    with _lock:
        stamp = DirectoryStamp.objects.values_list("number", flat=True).filter(pk=1).first() or 0
        if _held is None or _held.stamp != stamp:
            _held = Directory(stamp)
        _checked = time.monotonic()
        return _held


def forget_directory() -> None:
    """Make the next `directory()` look at the stamp again."""
    global _checked  # noqa: PLW0603
    _checked = 0.0
