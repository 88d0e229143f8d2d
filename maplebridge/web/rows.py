"""Matters as rows of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import light_of
from maplebridge.org.queries import directory

# Drawn rows by all that they show. A page of fifty costs more to draw than everything else about
# it, and most rows are the same as a minute ago.
_DRAWN: dict[tuple[Any, ...], SafeString] = {}
MOST_DRAWN = 5000  # about 7 MB


@dataclass(frozen=True)
class Row:
    """One matter with the words and the light a list shows."""

    matter: Matter
    light: str
    # In the list of what a unit helps with: whether its own part was accepted.
    part_accepted: bool | None = None

    @property
    def html(self) -> SafeString:
        """The row as an item of web/rows.html."""
        matter = self.matter
        # The hash stands for every step taken so far, the stamp for names of units and places.
        key = (
            matter.id, bytes(matter.last_hash), matter.due_at, self.light, self.part_accepted,
            get_language(), directory().stamp, timezone.localdate().year,
        )  # fmt: skip
        if (drawn := _DRAWN.get(key)) is None:
            if len(_DRAWN) >= MOST_DRAWN:
                _DRAWN.clear()
            drawn = _DRAWN[key] = render_to_string("web/row.html", {"row": self})
        return drawn

    @property
    def status_label(self) -> object:
        return FLOW.statuses[self.matter.status]

    @property
    def place(self) -> str:
        known = self.matter.place_known
        return directory().area_names(self.matter.area_code) if known else _("Place unknown")

    @property
    def category(self) -> str:
        if self.matter.category:
            return self.matter.category.label
        if self.matter.proposed_category:
            return _("%(name)s (proposed)") % {"name": self.matter.proposed_category.label}
        return _("No category yet")

    @property
    def lead(self) -> str:
        if self.matter.lead:
            return self.matter.lead.name
        if self.matter.proposed_lead and self.matter.status == FLOW.initial:
            return _("%(name)s (proposed)") % {"name": self.matter.proposed_lead.name}
        return ""


def rows_of(matters: Iterable[Matter]) -> list[Row]:
    """Rows without further queries: units and categories come with the matters."""
    now = timezone.now()
    return [Row(m, light_of(m, now), getattr(m, "part_accepted", None)) for m in matters]
