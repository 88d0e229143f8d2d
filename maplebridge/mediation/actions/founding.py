"""Committees: each unit that mediates is one, with what the ministry asks of it."""

import re
from collections.abc import Iterator
from itertools import count

from maplebridge.mediation.models import Committee
from maplebridge.mediation.rules import TIER_OF_KIND, TIERS
from maplebridge.org.models import Unit

SHORT = 12
# What a name has beside the place or the trade it is about.
TAIL = re.compile(r"(纠纷)?(人民)?(调解委员会|调解中心|调委会)$")
RANK = re.compile(r"(街道|社区|[村镇乡市县区])$")


def found_committees() -> int:
    """Enter every unit that mediates and is no committee yet; how many are new.

    The short name of its numbers is the area's name without its rank, of a specialised committee
    its own without what all have; where two share it, its own name or the code parts them.
    """
    taken = set(Committee.objects.values_list("short_name", flat=True))
    made = []
    units = Unit.objects.filter(kind__in=Unit.MEDIATING, committee__isnull=True)
    for unit in units.select_related("area").order_by("code"):
        name = next(name for name in _short_names(unit) if name not in taken)
        taken.add(name)
        tier = TIERS[TIER_OF_KIND[unit.kind]]
        made.append(Committee(unit=unit, short_name=name, host=tier.host))
    return len(Committee.objects.bulk_create(made, ignore_conflicts=True))


def _short_names(unit: Unit) -> Iterator[str]:
    area, own = unit.area.name, TAIL.sub("", unit.name) or unit.name
    if unit.kind != Unit.Kind.SPECIAL_MEDIATION:
        yield (RANK.sub("", area) if len(area) > 2 else area)[:SHORT]  # 金村 stays 金村
    yield own[:SHORT]
    for number in count(2):
        yield f"{own[: SHORT - len(str(number))]}{number}"
