"""Who stands in for whom, and who is on duty when."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maplebridge.org.models.people import Person, Post


class Absence(models.Model):
    """Days on which another person holds a post as well; both days included."""

    post = models.ForeignKey(
        Post, verbose_name=_("post"), on_delete=models.PROTECT, related_name="absences"
    )
    stand_in = models.ForeignKey(
        Person, verbose_name=_("stand-in"), on_delete=models.PROTECT, related_name="stand_ins"
    )
    from_day = models.DateField(_("first day away"))
    to_day = models.DateField(_("last day away"))

    class Meta:
        ordering = ["from_day", "id"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_day__gte=F("from_day")),
                name="org_absence_dates_in_order",
                violation_error_message=_("The last day comes after the first."),
            )
        ]
        indexes = [models.Index(fields=["stand_in", "to_day"], name="absence_stand_in")]

    def __str__(self) -> str:
        return f"{self.post} {self.from_day}"


class Shift(models.Model):
    """A post on duty from one moment to another (值班表): urgent matters reach it at once."""

    post = models.ForeignKey(
        Post, verbose_name=_("post"), on_delete=models.PROTECT, related_name="shifts"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("shift")
        verbose_name_plural = _("roster")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="org_shift_times_in_order",
                violation_error_message=_("The end comes after the beginning."),
            )
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="shift_times")]

    def __str__(self) -> str:
        return f"{self.post} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"
