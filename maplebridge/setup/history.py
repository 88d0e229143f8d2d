"""What was changed: of one row and its line, or of everything, in words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, Q

from maplebridge.kernel.text import whole_number
from maplebridge.kernel.worktime import midnight
from maplebridge.org.actions.recording import line_of
from maplebridge.org.lists import KeptList
from maplebridge.org.models import Category, Change
from maplebridge.org.queries import planned_changes
from maplebridge.setup.words import Told, told

PAGE = 50


def of_row(kept: KeptList, pk: int) -> list[Told]:
    """Every change of a row and of the rows it took over from or gave way to, newest first; of a
    category those of its limits too. What is planned and still to come stands apart."""
    line = line_of(kept.name, pk)
    wanted = Q(Q(line_id=line) | Q(row_id__in=(pk, line)), list_name=kept.name)
    if kept.name == "category":
        wanted |= Q(list_name="limits", row_id__in=_limits_ever(pk))
    ahead = Q(act=Change.Act.PLANNED, settled=None)
    return told(Change.objects.filter(wanted).exclude(ahead).select_related("person"))


def planned_of(kept: KeptList, pk: int) -> list[Told]:
    """What is planned for a row and neither carried out nor withdrawn, the next first."""
    return told(planned_changes(kept.name, pk).select_related("person")) if kept.planned else []


def next_changes(list_name: str) -> dict[int, date]:
    """Of the rows of a list for which something is planned: the next day of it, by id."""
    rows = planned_changes(list_name).reverse().values_list("row_id", "day")
    return {row: day for row, day in rows if day}


def _limits_ever(category: int) -> list[int]:
    """Ids of a category's own limits, of withdrawn ones too."""
    code = Category.objects.values_list("code", flat=True).get(pk=category)
    of_it = Q(before__category=code) | Q(after__category=code)
    found = Change.objects.filter(of_it, list_name="limits").values_list("row_id", flat=True)
    return list(found)


def line_rows(kept: KeptList, row: Any) -> list[Model]:
    """The rows of one line in the order of their dates, this one among them; [] without dates."""
    if not kept.by_day:
        return []
    line = line_of(kept.name, row.pk)
    ids = Change.objects.filter(list_name=kept.name, line_id=line).values_list("row_id", flat=True)
    found = kept.model._default_manager.filter(pk__in={line, row.pk, *ids})
    rows = list(found.order_by("valid_from"))
    return rows if len(rows) > 1 else []


@dataclass(frozen=True)
class HistoryPage:
    """Fifty changes and where older ones are."""

    changes: list[Told]
    older: str


def page(said: dict[str, Any], before: str) -> HistoryPage:
    """Changes by the cleaned filter, older than the change `before`."""
    found = Change.objects.select_related("person")
    if said.get("list"):
        found = found.filter(list_name=said["list"])
    if said.get("person"):
        found = found.filter(person=said["person"])
    if said.get("since"):
        found = found.filter(at__gte=midnight(said["since"]))
    if said.get("until"):
        found = found.filter(at__lt=midnight(said["until"] + timedelta(days=1)))
    if words := said.get("words"):
        found = found.filter(Q(reason__icontains=words) | Q(title__icontains=words))
    if (last := whole_number(before)) is not None:
        found = found.filter(pk__lt=last)
    rows = list(found.order_by("-id")[: PAGE + 1])
    older = ""
    if len(rows) > PAGE:
        kept = {k: getattr(v, "pk", v) for k, v in said.items() if v}
        older = urlencode({**kept, "before": rows[PAGE - 1].pk})
    return HistoryPage(told(rows[:PAGE]), older)
