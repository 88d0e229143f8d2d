"""What an administrator changed in the organisation's lists, when and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.org.models.people import Person


class Change(models.Model):
    """One change of one row of a list: written together with it, never changed itself.

    Where a change from a day on opened a new row, `row_id` is the new one; all rows that took over
    from one another share `line_id`, the id of the first.

    A change planned for a later `day` writes nothing else until then: the change that carries it
    out or withdraws it `settles` it.
    """

    class Act(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        TAKEN_OVER = "taken_over", _("Changed from a day on")
        REMOVED = "removed", _("Withdrawn")
        PLANNED = "planned", _("Planned")
        PASSWORD = "password", _("New first password")
        UNLOCKED = "unlocked", _("Unlocked")

    at = models.DateTimeField(_("time"))
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("act"), max_length=12, choices=Act.choices, default=Act.CHANGED)
    list_name = models.CharField(max_length=20)  # a name of org/lists.py: duty, category, post …
    row_id = models.BigIntegerField()
    line_id = models.BigIntegerField(default=0)
    title = models.CharField(max_length=120)
    reason = models.CharField(_("reason"), max_length=200)
    before = models.JSONField(default=dict)  # what differs, plain values by field; {} for a new row
    after = models.JSONField(default=dict)
    command_id = models.UUIDField(null=True, unique=True)
    day = models.DateField(_("from which day on"), null=True)  # of a planned change
    settles = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="settled"
    )

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["list_name", "row_id"], name="change_of_row"),
            models.Index(fields=["list_name", "line_id"], name="change_of_line"),
        ]

    def __str__(self) -> str:
        return f"{self.list_name} {self.title}"
