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
    """One thing compared: its name, both values, and whether they are the same."""

    label: str
    this: str
    that: str
    same: bool


@dataclass(frozen=True)
class Comparison:
    """A likely duplicate with its lines and how alike it is in whole percent."""

    matter: Matter
    percent: int
    lines: tuple[Line, ...]


def compared(matter: Matter, likely: Sequence[Likeness]) -> list[Comparison]:
    """Each likeness as a comparison with `matter`; one query for all texts."""
    if not likely:
        return []
    ids = [matter.id, *(like.matter.id for like in likely)]
    texts: dict[int, str] = {}
    told = Report.objects.filter(matter_id__in=ids).order_by("reported_at", "id")
    for matter_id, text in told.values_list("matter_id", "text"):
        texts.setdefault(matter_id, text[:SHOWN])
    return [
        Comparison(like.matter, round(100 * like.score), tuple(_lines(matter, like, texts)))
        for like in likely
    ]


def _lines(matter: Matter, like: Likeness, texts: dict[int, str]) -> list[Line]:
    other, town = like.matter, directory()
    pairs = [
        (_("What was told"), texts.get(matter.id, ""), texts.get(other.id, "")),
        (_("Category"), _category(matter), _category(other)),
        (_("Where"), town.area_names(matter.area_code), town.area_names(other.area_code)),
        (_("Place in words"), matter.address or "—", other.address or "—"),
        (_("Status"), str(FLOW.statuses[matter.status]), str(FLOW.statuses[other.status])),
    ]
    lines = [Line(label, this, that, this == that) for label, this, that in pairs]
    metres = ngettext("%(n)d metre apart", "%(n)d metres apart", round(like.metres))
    days = (matter.reported_at - other.reported_at).days
    ago = ngettext("%(n)d day earlier", "%(n)d days earlier", days) % {"n": days}
    near = Line(_("Distance"), "", metres % {"n": round(like.metres)}, like.metres < 1)
    return [*lines, near, Line(_("Time"), "", ago if days else _("the same day"), days == 0)]


def _category(matter: Matter) -> str:
    chosen = matter.category or matter.proposed_category
    return chosen.label if chosen else "—"
