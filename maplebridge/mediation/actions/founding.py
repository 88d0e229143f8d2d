"""Committees: each unit that mediates is one, with what the ministry asks of it."""

from maplebridge.mediation.models import Committee
from maplebridge.org.models import Unit

# Kind of unit → (host, level); an administrator puts right what is otherwise.
KINDS = {
    Unit.Kind.VILLAGE_MEDIATION: ("village", "village"),
    Unit.Kind.TOWN_MEDIATION: ("town", "town"),
}
TAILS = (
    "村人民调解委员会",
    "镇人民调解委员会",
    "乡人民调解委员会",
    "人民调解委员会",
    "村",
    "镇",
    "乡",
)


def found_committees() -> int:
    """Enter every unit that mediates and is no committee yet; how many are new.

    The short name of its numbers is the area's name without its rank; where two areas share it,
    the code of the unit parts them.
    """
    taken = set(Committee.objects.values_list("short_name", flat=True))
    made = []
    units = Unit.objects.filter(kind__in=KINDS, committee__isnull=True).select_related("area")
    for unit in units.order_by("code"):
        name = _short(unit.area.name)
        if name in taken:
            name = f"{name[:6]}{unit.code[-4:]}"
        taken.add(name)
        host, tier = KINDS[Unit.Kind(unit.kind)]
        made.append(Committee(unit=unit, short_name=name, host=host, tier=tier))
    return len(Committee.objects.bulk_create(made, ignore_conflicts=True))


def _short(name: str) -> str:
    for tail in TAILS:
        if name.endswith(tail) and len(name) > len(tail):
            return name.removesuffix(tail)[:12]
    return name[:12]
