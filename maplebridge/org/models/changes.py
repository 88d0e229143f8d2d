"""What an administrator changed in the organisation's lists, when and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.org.models.people import Person


class Change(models.Model):
    """One change of one row of a list: written together with it, never changed itself."""

    at = models.DateTimeField(_("time"))
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    list_name = models.CharField(max_length=20)  # the model's name: duty, category, post …
    row_id = models.BigIntegerField()
    title = models.CharField(max_length=120)
    reason = models.CharField(_("reason"), max_length=200)
    before = models.JSONField(default=dict)  # field to value in words; {} for a new row
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [models.Index(fields=["list_name", "row_id"], name="change_of_row")]

    def __str__(self) -> str:
        return f"{self.list_name} {self.title}"
