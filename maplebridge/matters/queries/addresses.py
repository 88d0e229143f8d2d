"""One place by its address: written a little differently, it still counts as one."""

import re

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Lower, Substr

from maplebridge.matters.models import Matter
from maplebridge.org.queries import directory

# Spaces and marks that people put or leave out, after NFKC has made full-width signs narrow.
MARKS = r"[[:space:],.;:()·、。“”‘’\"'_/—-]+"
VILLAGE = Substr("area_code", 1, 12)


class _Narrow(Func):
    """The text in Unicode's form NFKC: １２号 becomes 12号, （ becomes (."""

    template = "normalize(%(expressions)s, NFKC)"
    output_field = CharField()


def _replaced(text: Func, pattern: str, *flags: str) -> Func:
    parts = (text, Value(pattern), Value(""), *map(Value, flags))
    return Func(*parts, function="regexp_replace", output_field=CharField())


def address_key() -> Func:
    """An address without signs, and without the county, town and village it may begin with."""
    text = Func(Lower(_Narrow(F("address"))), Value("#"), Value("号"), function="translate")
    names = {area.name for area in directory().areas.values() if area.level != "grid"}
    above = "|".join(sorted(map(re.escape, filter(None, names))))
    bare = _replaced(text, MARKS, "g")
    return _replaced(bare, f"^({above})+") if above else bare


def at_address_of(matters: QuerySet[Matter], number: str) -> QuerySet[Matter]:
    """Those with the same address in the same village as the matter of a number; none when it has
    no address."""
    key = address_key()
    there = (
        Matter.objects.filter(number=number)
        .annotate(key=key, village=VILLAGE)
        .values_list("village", "key")
        .first()
    )
    if there is None or not there[1]:
        return matters.none()
    village, said = there
    return matters.alias(address_key=key).filter(area_code__startswith=village, address_key=said)
