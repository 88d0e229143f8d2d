from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.org.models.validity import Dated


def parse_spans(value: str) -> tuple[tuple[time, time], ...]:
    """Read "08:30-12:00,14:00-17:30" as pairs of local times in order; ValidationError else."""
    spans: list[tuple[time, time]] = []
    for part in filter(None, (p.strip() for p in value.split(","))):
        try:
            start, end = (time.fromisoformat(t.strip()) for t in part.split("-"))
        except ValueError as error:
            raise ValidationError(_("Write working hours as 08:30-12:00,14:00-17:30.")) from error
        if end <= start or (spans and start < spans[-1][1]):
            raise ValidationError(_("Working hours must follow one another."))
        spans.append((start, end))
    return tuple(spans)


def check_spans(value: str) -> None:
    parse_spans(value)


class WorkSeason(Dated):
    """Working hours from a day of the year on, until the next season begins; from one day to
    another, so a change is known before it comes and limits that reach over it are right."""

    from_month_day = models.CharField(
        _("from (MM-DD)"), max_length=5, help_text=_("The day of the year, such as 07-01.")
    )
    spans = models.CharField(
        _("working hours"),
        max_length=60,
        validators=[check_spans],
        help_text=_("Such as 08:30-12:00,14:00-17:30."),
    )

    class Meta(Dated.Meta):
        ordering = ["from_month_day", "valid_from"]
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["from_month_day", "valid_from"], name="org_work_season_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_month_day}: {self.spans}"

    def clean(self) -> None:
        """The season begins on a day there is, and has hours."""
        try:
            date.fromisoformat(f"2024-{self.from_month_day}")
        except ValueError as error:
            raise ValidationError({"from_month_day": _("Write the day as MM-DD.")}) from error


class CalendarDay(models.Model):
    """A day that differs: a holiday, an adjusted working Sunday, a half-day."""

    day = models.DateField(_("day"), unique=True)
    working = models.BooleanField(_("working day"))
    spans = models.CharField(
        _("working hours"),
        max_length=60,
        blank=True,
        validators=[check_spans],
        help_text=_("Empty on a working day: the hours of the season."),
    )
    note = models.CharField(_("note"), max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return f"{self.day} {self.note}"

    def clean(self) -> None:
        """A day off has no hours."""
        if self.spans and not self.working:
            raise ValidationError({"spans": _("Only a working day has working hours.")})


class CalendarYear(models.Model):
    """A year whose holiday notice has been entered; limits that end in other years warn."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("source"), max_length=100)

    class Meta:
        ordering = ["year"]
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")

    def __str__(self) -> str:
        return str(self.year)
