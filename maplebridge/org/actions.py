"""The writes of the organisation that are more than a form in the admin."""

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import chinese_calendar
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.org.catalogue import CATEGORIES, DUTIES
from maplebridge.org.models import (
    Area,
    Boundary,
    CalendarDay,
    CalendarYear,
    Category,
    Duty,
    Person,
    Token,
    Unit,
    WorkSeason,
)
from maplebridge.org.queries import forget_directory

TOKEN_DAYS = 180


def issue_token(username: str, *, at: datetime | None = None) -> str:
    """Make a bearer token for a person, valid 180 days. The token is shown once and not kept.

    Raises NotFound when nobody active has this username.
    """
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise NotFound(_("Nobody with the username %(name)s may sign in.") % {"name": username})
    now = at or timezone.now()
    token = secrets.token_urlsafe(32)
    Token.objects.create(
        digest=sha256(token.encode()).digest(),
        person=person,
        created_at=now,
        expires_at=now + timedelta(days=TOKEN_DAYS),
    )
    return token


def revoke_tokens(person: Person, *, at: datetime | None = None) -> int:
    """Revoke every token of a person; returns how many were still open."""
    return person.tokens.filter(revoked_at__isnull=True).update(revoked_at=at or timezone.now())


@transaction.atomic
def load_catalogue() -> int:
    """Create the default categories that are missing; returns how many were new.

    What an office has changed stays as it is. Source: the catalogue of `org/catalogue.py`.
    """
    known = set(Category.objects.values_list("code", flat=True))
    new = [Category(**row) for row in CATEGORIES if row["code"] not in known]
    Category.objects.bulk_create(new)
    forget_directory()
    return len(new)


@transaction.atomic
def load_duties(approved_by: str, valid_from: date) -> int:
    """Create the default duty list (by kinds of unit) for categories that have no duty yet."""
    categories = {c.code: c for c in Category.objects.exclude(duty__isnull=False)}
    new = [
        Duty(
            category=categories[row["category"]],
            approved_by=approved_by,
            valid_from=valid_from,
            **{k: v for k, v in row.items() if k != "category"},
        )
        for row in DUTIES
        if row["category"] in categories
    ]
    Duty.objects.bulk_create(new)
    forget_directory()
    return len(new)


@transaction.atomic
def load_calendar(years: range) -> list[int]:
    """Enter holidays and adjusted working days of the years the calendar library knows.

    Returns the years entered; a year entered before is left as the office has it. Seasons are
    created once: 8:30–12:00 and 14:00–17:30, in July to September 8:30–12:00 and 14:30–18:00.
    """
    if not WorkSeason.objects.exists():
        WorkSeason.objects.bulk_create(
            [
                WorkSeason(from_month_day="01-01", spans="08:30-12:00,14:00-17:30"),
                WorkSeason(from_month_day="07-01", spans="08:30-12:00,14:30-18:00"),
                WorkSeason(from_month_day="10-01", spans="08:30-12:00,14:00-17:30"),
            ]
        )
    entered = []
    for year in years:
        if CalendarYear.objects.filter(year=year).exists():
            continue
        try:
            days = _special_days(year)
        except NotImplementedError:  # the library ends with the last announced year
            continue
        CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
        CalendarYear.objects.create(year=year, source="chinesecalendar")
        entered.append(year)
    forget_directory()
    return entered


def _special_days(year: int) -> list[CalendarDay]:
    special = []
    day = date(year, 1, 1)
    while day.year == year:
        working = chinese_calendar.is_workday(day)
        if working != (day.weekday() < 5):
            _on_holiday, name = chinese_calendar.get_holiday_detail(day)
            note = name or ("adjusted working day" if working else "")
            special.append(CalendarDay(day=day, working=working, note=note))
        day += timedelta(days=1)
    return special


@transaction.atomic
def merge_village(code: str, into: str, on: date) -> Area:
    """End an area on a day and name what it became part of; its history keeps its code."""
    area, target = Area.objects.filter(code=code).first(), Area.objects.filter(code=into).first()
    if area is None or target is None:
        raise NotFound(_("There is no area %(code)s.") % {"code": code if area is None else into})
    if area.level != target.level or area == target:
        raise InvalidInput("into", _("An area can only become part of another of its level."))
    area.valid_to, area.merged_into = on, target
    area.save(update_fields=["valid_to", "merged_into"])
    Boundary.objects.filter(area=area, valid_to__isnull=True).update(valid_to=on)
    forget_directory()
    return area


@transaction.atomic
def draw_boundary(
    code: str, geometry: dict[str, Any], *, valid_from: date, source: str = ""
) -> Boundary:
    """Give an area a new outline from a day on; the old one ends the day before.

    `geometry` is a GeoJSON Polygon or MultiPolygon in WGS-84 degrees. Raises InvalidInput for
    anything else, for an outline that crosses itself, and for a start before the present one's.
    """
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise NotFound(_("There is no area %(code)s.") % {"code": code})
    try:
        outline = shape(geometry)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise InvalidInput("geometry", _("This is not a GeoJSON polygon.")) from error
    if (
        outline.geom_type not in {"Polygon", "MultiPolygon"}
        or outline.is_empty
        or not outline.is_valid
    ):
        raise InvalidInput(
            "geometry", _("The outline must be a polygon that does not cross itself.")
        )
    present = Boundary.objects.filter(area=area, valid_to__isnull=True).first()
    if present is not None:
        if present.valid_from >= valid_from:
            raise InvalidInput("valid_from", _("The present outline begins on that day or later."))
        present.valid_to = valid_from - timedelta(days=1)
        present.save(update_fields=["valid_to"])
    forget_directory()
    return Boundary.objects.create(
        area=area, geometry=geometry, valid_from=valid_from, source=source
    )


def keep_precedent(
    category: Category, area_code: str, lead: Unit, *, matter: str, on: date, basis: str
) -> Duty:
    """Keep a ruling in the duty list: from now on it leads this category in this area.

    An earlier precedent for the same category and area ends the day before.
    """
    Duty.objects.filter(
        category=category, area_code=area_code, valid_to__isnull=True, valid_from__lt=on
    ).exclude(precedent_of="").update(valid_to=on - timedelta(days=1))
    duty = Duty(
        category=category,
        area_code=area_code,
        lead=lead,
        legal_basis=basis[:200],
        approved_by=_("Ruling"),
        precedent_of=matter,
        valid_from=on,
    )
    try:
        duty.full_clean(exclude=["category", "lead"])
    except ValidationError as error:
        raise InvalidInput("lead", " ".join(error.messages)) from error
    duty.save(force_insert=True)
    forget_directory()
    return duty
