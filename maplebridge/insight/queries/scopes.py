"""Of what a digest can be made: a village, a town, or the jurisdiction of a police station."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from maplebridge.kernel.codes import covers
from maplebridge.kernel.text import whole_number
from maplebridge.matters.queries.visible import AREA_KINDS
from maplebridge.org.models import Area, Jurisdiction
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

LEVELS = (Area.Level.TOWN, Area.Level.VILLAGE)


@dataclass(frozen=True)
class Scope:
    """An area set under a key that lasts: an area code, or "station-" and the jurisdiction's id."""

    key: str
    name: str
    codes: tuple[str, ...]

    @property
    def area(self) -> str:
        """As `MatterFilter.area` has it."""
        return ",".join(self.codes)

    def holds(self, area_code: str) -> bool:
        """True when a place lies in the scope."""
        return any(covers(code, area_code) for code in self.codes)


def scopes_on(day: date) -> list[Scope]:
    """Every scope of a day: stations, then towns, each before its villages."""
    stations = Jurisdiction.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), kind="police", valid_from__lte=day
    ).prefetch_related("areas")
    town = directory()
    areas = [a for a in town.areas.values() if a.level in LEVELS and a.is_valid_on(day)]
    return [
        *(
            Scope(f"station-{s.pk}", s.name, tuple(sorted(a.code for a in s.areas.all())))
            for s in stations.order_by("pk")
            if s.areas.all()
        ),
        *(Scope(a.code, town.area_names(a.code), (a.code,)) for a in sorted(areas, key=_by_code)),
    ]


def scopes_for(actor: Actor, day: date) -> list[Scope]:
    """Scopes wholly inside the areas of the actor's posts: whoever reads one sees its matters."""
    reached = actor.scopes(AREA_KINDS)
    return [
        scope
        for scope in scopes_on(day)
        if all(any(covers(mine, code) for mine in reached) for code in scope.codes)
    ]


def named_scope(key: str) -> str:
    """The present name of a scope by its key; the key itself for what is no more."""
    station = key.removeprefix("station-")
    if station == key:
        return directory().area_names(key)
    found = whole_number(station)
    kept = Jurisdiction.objects.filter(pk=found).first() if found else None
    return kept.name if kept else key


def _by_code(area: Area) -> str:
    return area.code
