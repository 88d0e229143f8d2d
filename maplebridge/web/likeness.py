"""Two matters side by side: what is the same and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import Likeness
from maplebridge.org.queries import directory

SHOWN = 400  # characters of a text that are compared at a glance


@dataclass(frozen=True)
class Line:
    """One thing compared: its name and both values."""

    label: str
    this: str
    that: str


@dataclass(frozen=True)
class Comparison:
    """A likely duplicate: how alike in whole percent, how far apart, what differs, what doesn't."""

    matter: Matter
    percent: int
    apart: tuple[str, ...]  # in metres and in days, in words
    differing: tuple[Line, ...]
    same: tuple[Line, ...]


def compared(matter: Matter, likely: Sequence[Likeness]) -> list[Comparison]:
    """Each likeness as a comparison with `matter`; one query for all texts."""
    if not likely:
        return []
    ids = [matter.id, *(like.matter.id for like in likely)]
    texts: dict[int, str] = {}
    told = Report.objects.filter(matter_id__in=ids).order_by("reported_at", "id")
    for matter_id, text in told.values_list("matter_id", "text"):
        texts.setdefault(matter_id, text[:SHOWN])
    return [_compare(matter, like, texts) for like in likely]


def _compare(matter: Matter, like: Likeness, texts: dict[int, str]) -> Comparison:
    lines = [line for line in _lines(matter, like.matter, texts) if line.this or line.that]
    return Comparison(
        like.matter,
        round(100 * like.score),
        _apart(matter, like),
        differing=tuple(line for line in lines if line.this != line.that),
        same=tuple(line for line in lines if line.this == line.that),
    )


def _lines(matter: Matter, other: Matter, texts: dict[int, str]) -> list[Line]:
    town = directory()
    pairs = [
        (_("What was told"), texts.get(matter.id, ""), texts.get(other.id, "")),
        (_("Category"), _category(matter), _category(other)),
        (_("Where"), town.area_names(matter.area_code), town.area_names(other.area_code)),
        (_("Place in words"), matter.address, other.address),
        (_("Status"), str(FLOW.statuses[matter.status]), str(FLOW.statuses[other.status])),
    ]
    return [Line(*pair) for pair in pairs]


def _apart(matter: Matter, like: Likeness) -> tuple[str, str]:
    metres = ngettext("%(n)d metre apart", "%(n)d metres apart", round(like.metres))
    days = (matter.reported_at - like.matter.reported_at).days
    ago = ngettext("%(n)d day earlier", "%(n)d days earlier", days) % {"n": days}
    return metres % {"n": round(like.metres)}, ago if days else _("the same day")


def _category(matter: Matter) -> str:
    chosen = matter.category or matter.proposed_category
    return chosen.label if chosen else "—"
