"""Matters as rows of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import light_of
from maplebridge.org.queries import directory


@dataclass(frozen=True)
class Row:
    """One matter with the words and the light a list shows."""

    matter: Matter
    light: str
    status_label: object
    place: str
    category: str
    lead: str


def rows_of(matters: Iterable[Matter]) -> list[Row]:
    """Rows without further queries: units and categories come with the matters."""
    now, town = timezone.now(), directory()
    return [
        Row(
            matter=m,
            light=light_of(m, now),
            status_label=FLOW.statuses[m.status],
            place=town.area_names(m.area_code) if m.place_known else _("Place unknown"),
            category=_category(m),
            lead=_lead(m),
        )
        for m in matters
    ]


def _category(matter: Matter) -> str:
    if matter.category:
        return matter.category.label
    if matter.proposed_category:
        return _("%(name)s (proposed)") % {"name": matter.proposed_category.label}
    return _("No category yet")


def _lead(matter: Matter) -> str:
    if matter.lead:
        return matter.lead.name
    if matter.proposed_lead and matter.status == "reported":
        return _("%(name)s (proposed)") % {"name": matter.proposed_lead.name}
    return ""
