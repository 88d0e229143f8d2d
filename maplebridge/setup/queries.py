"""The reads behind the pages of setup; each takes the same few queries however long the list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from maplebridge.kernel.worktime import Limit
from maplebridge.org.models import (
    Absence,
    CalendarYear,
    Category,
    Duty,
    Person,
    Post,
    ReplyTemplate,
    Unit,
)
from maplebridge.org.queries import directory
from maplebridge.setup.history import next_changes
from maplebridge.setup.roster import UnitWeek
from maplebridge.setup.words import overdue

SOON = timedelta(days=30)
SMALL = {
    "villages": (Unit.Kind.VILLAGE,),
    "mediation": Unit.MEDIATING,
    "grids": (Unit.Kind.GRID,),
}


def on(day: date) -> Q:
    """Dated rows that hold on a day."""
    return Q(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


def counts(today: date) -> dict[str, int]:
    """How many there are of what the overview leads to."""
    return {
        "duties": Duty.objects.filter(on(today)).count(),
        "categories": Category.objects.filter(on(today)).count(),
        "replies": ReplyTemplate.objects.filter(on(today)).count(),
        "posts": Post.objects.filter(on(today)).count(),
        "absences": Absence.objects.filter(from_day__lte=today, to_day__gte=today).count(),
        "accounts": Person.objects.filter(is_active=True).count(),
    }


@dataclass(frozen=True)
class Need:
    """Something that wants an administrator: what, and where."""

    text: str
    page: str
    query: str = ""


def needs(today: date, week: list[UnitWeek]) -> list[Need]:
    """What ends soon, is missing, or leaves a gap."""
    found = []
    years = set(CalendarYear.objects.values_list("year", flat=True))
    for year in (today.year, today.year + 1):
        if year not in years:
            text = _(
                "The holidays of %(year)s have not been entered; limits that end then are unsure."
            )
            found.append(Need(text % {"year": year}, "calendar", f"?year={year}"))
    ending = Duty.objects.filter(valid_to__range=(today, today + SOON), temporary=True).count()
    if ending:
        text = _("Temporary duties that end within 30 days: %(n)s.")
        found.append(Need(text % {"n": ending}, "duties", "?only=temporary"))
    bare = Category.objects.filter(on(today), hand_over="").exclude(
        pk__in=Duty.objects.filter(on(today)).values("category")
    )
    for category in bare:
        text = _("Nobody leads %(category)s: there is no duty for it.")
        found.append(
            Need(text % {"category": category.label}, "duties", f"?category={category.code}")
        )
    for change in overdue():
        text = _("A planned change did not fit and waits: %(title)s.")
        words = urlencode({"words": change.title})
        found.append(Need(text % {"title": change.title}, "history", f"?{words}"))
    for unit in week:
        if unit.gaps:
            text = _("Nobody is on duty in part of this week: %(unit)s.")
            found.append(Need(text % {"unit": unit.unit.name}, "roster"))
    return found


@dataclass(frozen=True)
class DutyRow:
    """A duty as the list shows it on a day."""

    duty: Duty
    place: str
    lead: str
    respond: str
    handle: str
    planned: bool
    ended: bool
    ends_soon: bool


def duties_by_group(said: dict[str, Any], day: date) -> list[tuple[str, list[DutyRow]]]:
    """The entries a filter asks for, by group of categories: those that hold on the day and,
    without a wish, those that begin later."""
    rows = Duty.objects.select_related("category", "lead").prefetch_related("helpers")
    match said.get("only"):
        case "ended":
            rows = rows.filter(valid_to__lt=day)
        case "planned":
            rows = rows.filter(valid_from__gt=day)
        case "temporary":
            rows = rows.filter(temporary=True).exclude(valid_to__lt=day)
        case "precedent":
            rows = rows.exclude(precedent_of="").exclude(valid_to__lt=day)
        case _:
            rows = rows.filter(on(day)) if said.get("day") else rows.exclude(valid_to__lt=day)
    if code := said.get("category"):
        rows = rows.filter(category__code=code)
    if code := said.get("area"):
        rows = rows.filter(_around(code))
    if code := said.get("unit"):
        unit = next((u for u in directory().units.values() if u.code == code), None)
        if unit is not None:
            by_unit = Q(lead=unit) | Q(lead_kind=unit.kind) | Q(helpers=unit)
            rows = rows.filter(by_unit).distinct()
    groups: dict[str, list[DutyRow]] = {}
    for duty in rows.order_by("category__code", "area_code", "valid_from", "id"):
        groups.setdefault(duty.category.group_label, []).append(_duty_row(duty, day))
    return list(groups.items())


def _around(code: str) -> Q:
    """Entries that concern a place: for all of it, for what it lies in, for a part of it."""
    above = [code[:length] for length in (6, 9, 12, 15) if length <= len(code)]
    return Q(area_code="") | Q(area_code__in=above) | Q(area_code__startswith=code)


def _duty_row(duty: Duty, day: date) -> DutyRow:
    town = directory()
    limits = town.limits(duty.category, day)
    nearest = _("nearest %(kind)s") % {"kind": duty.get_lead_kind_display()}
    return DutyRow(
        duty=duty,
        place=town.area_names(duty.area_code) if duty.area_code else _("Everywhere"),
        lead=duty.lead.name if duty.lead else nearest,
        respond=duty.respond or limits.respond,
        handle=duty.handle or limits.handle,
        planned=duty.valid_from > day,
        ended=duty.valid_to is not None and duty.valid_to < day,
        ends_soon=duty.valid_to is not None and day <= duty.valid_to <= day + SOON,
    )


def sample(now: datetime) -> dict[str, str]:
    """What the fields of a reply hold in a preview, in the language replies are written in."""
    due = directory().calendar.add(now, Limit(3, "wd"))
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "number": f"331181101201-{timezone.localdate(now):%Y%m%d}-0001",
            "title": _("Rubbish at the entrance of the village"),
            "unit": _("Sanitation"),
            "until": f"{timezone.localtime(due):%Y-%m-%d %H:%M}",
            "today": f"{timezone.localdate(now):%Y-%m-%d}",
        }


def replies(now: datetime) -> list[tuple[ReplyTemplate, str]]:
    """(template, its text with sample values), those that still hold."""
    rows = ReplyTemplate.objects.select_related("unit", "category").exclude(
        valid_to__lt=timezone.localdate(now)
    )
    values = sample(now)
    return [(row, row.filled(values)) for row in rows]


def unit_tabs(kind: str) -> list[dict[str, Any]]:
    """The four groups of units as tabs."""
    labels = [
        ("offices", _("Offices")),
        ("villages", _("Village committees")),
        ("mediation", _("Mediation committees")),
        ("grids", _("Grid teams")),
    ]
    return [
        {"label": label, "url": f"?kind={name}", "active": name == kind} for name, label in labels
    ]


def posts_by_unit(kind: str, words: str, today: date) -> list[Unit]:
    """Units with `held` posts, each with areas and `away` absences of today, and the day of the
    next of its planned `changes`; with words, every
    unit in which a person, title or unit has them."""
    away = Absence.objects.filter(from_day__lte=today, to_day__gte=today).select_related("stand_in")
    held = (
        Post.objects.exclude(valid_to__lt=today)
        .select_related("person")
        .prefetch_related("areas", Prefetch("absences", away, to_attr="away"))
        .order_by("id")
    )
    units: QuerySet[Unit] = Unit.objects.exclude(valid_to__lt=today).select_related("area")
    if words:
        wanted = Q(person__name__icontains=words) | Q(title__icontains=words)
        held = held.filter(wanted | Q(unit__name__icontains=words))
        units = units.filter(Q(name__icontains=words) | Q(pk__in=held.values("unit"))).distinct()
    elif kind in SMALL:
        units = units.filter(kind__in=SMALL[kind])
    else:
        units = units.exclude(kind__in=[k for kinds in SMALL.values() for k in kinds])
    found: list[Any] = list(units.prefetch_related(Prefetch("posts", held, to_attr="held")))
    changes = next_changes("unit")
    for unit in found:
        unit.changes = changes.get(unit.pk)
    return found


def absences(today: date) -> dict[str, list[Absence]]:
    """Those of now and later, and those of the last 90 days."""
    rows = Absence.objects.select_related("post__person", "post__unit", "stand_in")
    return {
        "present": list(rows.filter(to_day__gte=today)),
        "past": list(rows.filter(to_day__lt=today, to_day__gte=today - 3 * SOON).reverse()),
    }
