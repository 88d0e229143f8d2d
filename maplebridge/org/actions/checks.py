"""What no single row can say: whether it gets on with the others of its list."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.models import Absence, Area, Duty, Post, Shift, WorkSeason

_DAY = timedelta(days=1)
LONGEST_SHIFT = timedelta(hours=36)


def check_row(list_name: str, row: Any, many: dict[str, Any], now: datetime) -> None:
    """Raise InvalidInput naming the field when the row does not fit the others."""
    if check := _CHECKS.get(list_name):
        check(row, many, timezone.localdate(now))


def _overlapping(first: date, last: date | None) -> Q:
    """Dated rows that hold on a day between these two."""
    begun = Q() if last is None else Q(valid_from__lte=last)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=first))


def _duty(duty: Duty, many: dict[str, Any], _today: date) -> None:
    if duty.area_code and not Area.objects.filter(code=duty.area_code).exists():
        raise InvalidInput("area_code", _("There is no area %(code)s.") % {"code": duty.area_code})
    if duty.lead is not None and duty.lead in many.get("helpers", ()):
        raise InvalidInput("helpers", _("The lead unit is no helper as well."))
    twin = (
        Duty.objects.filter(
            _overlapping(duty.valid_from, duty.valid_to), category=duty.category,
            area_code=duty.area_code, temporary=duty.temporary, precedent_of="",
        ).exclude(pk=duty.pk).first()
    )  # fmt: skip
    if twin is not None and not duty.precedent_of:
        lead = twin.lead or twin.get_lead_kind_display()
        said = {"from": twin.valid_from.isoformat(), "lead": lead}
        text = _("%(lead)s leads this category there from %(from)s on: change that entry instead.")
        raise InvalidInput("area_code", text % said)


def _post(post: Post, _many: dict[str, Any], _today: date) -> None:
    if not post.person.is_active:
        raise InvalidInput("person", _("This account is closed."))
    twin = (
        Post.objects.filter(
            _overlapping(post.valid_from, post.valid_to), person=post.person, kind=post.kind,
            unit=post.unit,
        ).exclude(pk=post.pk).first()
    )  # fmt: skip
    if twin is not None:
        said = {"from": twin.valid_from.isoformat()}
        raise InvalidInput("unit", _("Holds this kind of post there from %(from)s on.") % said)


def _absence(absence: Absence, _many: dict[str, Any], today: date) -> None:
    post, first, last = absence.post, absence.from_day, absence.to_day
    if absence.pk is None and last < today:
        raise InvalidInput("to_day", _("These days are over."))
    if absence.stand_in_id == post.person_id:
        raise InvalidInput("stand_in", _("Nobody stands in for himself."))
    if not absence.stand_in.is_active:
        raise InvalidInput("stand_in", _("This account is closed."))
    if not (post.is_valid_on(first) and post.is_valid_on(last)):
        raise InvalidInput("from_day", _("The post is not held on all these days."))
    others = Absence.objects.filter(from_day__lte=last, to_day__gte=first).exclude(pk=absence.pk)
    if others.filter(post=post).exists():
        raise InvalidInput("from_day", _("An absence of this post is noted on some of these days."))
    if others.filter(post__person=absence.stand_in).exists():
        raise InvalidInput("stand_in", _("The stand-in is away on some of these days."))


def _shift(shift: Shift, _many: dict[str, Any], _today: date) -> None:
    starts, ends = shift.starts_at, shift.ends_at
    if ends - starts > LONGEST_SHIFT:
        raise InvalidInput("ends_at", _("At most 36 hours without relief."))
    if not shift.post.is_valid_on(timezone.localdate(starts)):
        raise InvalidInput("post", _("The post is not held that day."))
    others = Shift.objects.filter(post=shift.post, starts_at__lt=ends, ends_at__gt=starts)
    if others.exclude(pk=shift.pk).exists():
        raise InvalidInput("starts_at", _("This post is on duty then already."))


def _season(season: WorkSeason, _many: dict[str, Any], today: date) -> None:
    others = list(WorkSeason.objects.exclude(pk=season.pk))
    first, last = season.valid_from, season.valid_to or date.max
    for other in others:
        meets = other.valid_from <= last and (other.valid_to or date.max) >= first
        if meets and other.from_month_day == season.from_month_day:
            text = _("Hours from this day of the year on are entered already: change them instead.")
            raise InvalidInput("from_month_day", text)
    rows = [*others, season]
    for day in (today, *(row.valid_to + _DAY for row in rows if row.valid_to)):
        if day >= today and not any(row.is_valid_on(day) for row in rows):
            text = _("From %(day)s on there would be no working hours at all.")
            raise InvalidInput("valid_to", text % {"day": day})


_CHECKS: dict[str, Callable[[Any, dict[str, Any], date], None]] = {
    "duty": _duty,
    "post": _post,
    "absence": _absence,
    "shift": _shift,
    "season": _season,
}
