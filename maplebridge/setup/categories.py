"""Categories with their limits: as the list shows them, and one category's from day to day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from maplebridge.org.models import Category, CategoryLimits, Duty
from maplebridge.org.queries import directory
from maplebridge.setup.history import next_changes
from maplebridge.setup.queries import on

DAY = timedelta(days=1)


@dataclass(frozen=True)
class CategoryRow:
    """A category with the limits of a day, the days from which others and another entry are
    planned, and how many duties hold."""

    category: Category
    limits: Category | CategoryLimits
    planned: date | None
    changes: date | None
    duties: int


def categories_by_group(today: date) -> list[tuple[str, list[CategoryRow]]]:
    """Categories in the order of their codes, by group; four queries."""
    held = Count("duty", filter=Q(duty__in=Duty.objects.filter(on(today))))
    ahead = CategoryLimits.objects.filter(valid_from__gt=today)
    planned = dict(ahead.order_by("-valid_from").values_list("category", "valid_from"))
    changes = next_changes("category")
    groups: dict[str, list[CategoryRow]] = {}
    for category in Category.objects.annotate(duties=held).order_by("code"):
        limits = directory().limits(category, today)
        row = CategoryRow(
            category, limits, planned.get(category.pk), changes.get(category.pk), category.duties
        )
        groups.setdefault(category.group_label, []).append(row)
    return list(groups.items())


@dataclass(frozen=True)
class LimitSpan:
    """Limits of a category from a day to another (None: from the beginning, still); `row` is
    None for those the category began with."""

    limits: Category | CategoryLimits
    row: CategoryLimits | None
    begins: date | None
    ends: date | None
    holds: bool
    removable: bool


def limits_of(category: Category, today: date) -> list[LimitSpan]:
    """Every span of days with limits of its own, in order; where two overlap the later start
    counts, so a span may come back after a shorter one."""
    dated = list(CategoryLimits.objects.filter(category=category))
    edges = {row.valid_from for row in dated} | {
        row.valid_to + DAY for row in dated if row.valid_to
    }
    starts: list[date | None] = [None, *sorted(edges)]
    spans: list[LimitSpan] = []
    for begins, after in zip(starts, [*starts[1:], None], strict=True):
        inside = [row for row in dated if begins and row.is_valid_on(begins)]
        row = max(inside, key=lambda r: r.valid_from, default=None)
        ends = after - DAY if after else None
        spans.append(LimitSpan(
            limits=row or category, row=row, begins=begins, ends=ends,
            holds=(begins is None or begins <= today) and (ends is None or today <= ends),
            removable=row is not None and row.valid_from > today,
        ))  # fmt: skip
    return spans
