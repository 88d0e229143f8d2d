from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maplebridge.matters.models.matters import Matter, Report
from maplebridge.org.models import Person, Post


class MatterEvent(models.Model):
    """The append-only record of one step; `digest` chains it to the matter's event before it.

    `data` holds codes, ids, limits and times, never personal data; free text is a trust passage,
    named by id, its digest inside `data`.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    step = models.CharField(_("step"), max_length=20)
    from_status = models.CharField(max_length=16, blank=True)
    to_status = models.CharField(max_length=16)
    at = models.DateTimeField(_("time"))
    actor_kind = models.CharField(max_length=12)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    report_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    passage_id = models.UUIDField(null=True)
    command_id = models.UUIDField(unique=True)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["matter", "version"], name="event_version_once")
        ]
        indexes = [models.Index(fields=["at", "id"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.version} {self.step}"

    def payload(self) -> dict[str, object]:
        """What the digest covers: every column but the row's own id and the two hashes."""
        return {
            "matter": self.matter_id,
            "version": self.version,
            "step": self.step,
            "from": self.from_status,
            "to": self.to_status,
            "at": self.at,
            "actor": self.actor_kind,
            "person": self.person_id,
            "post": self.post_id,
            "report": self.report_id,
            "data": self.data,
            "passage": self.passage_id,
            "command": self.command_id,
        }


class Petition(models.Model):
    """Something asked that a supervisor decides: more time, suspension, or another reopening."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("More time")
        SUSPENSION = "suspension", _("Suspension")
        REOPENING = "reopening", _("Reopening")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="petitions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    passage_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"],
                condition=Q(decided_at__isnull=True),
                name="petition_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.matter_id}"


class Evaluation(models.Model):
    """What a reporter said after closing. Silence makes no row and never counts as satisfied."""

    class Solved(models.TextChoices):
        YES = "yes", _("Solved")
        PARTLY = "partly", _("Mostly solved")
        NO = "no", _("Not solved")

    class Satisfied(models.TextChoices):
        YES = "yes", _("Satisfied")
        PARTLY = "partly", _("Fairly satisfied")
        NO = "no", _("Not satisfied")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evaluations")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="evaluations")
    round = models.PositiveSmallIntegerField()  # reopenings of the matter at that time
    solved = models.CharField(max_length=6, choices=Solved.choices)
    satisfied = models.CharField(max_length=6, choices=Satisfied.choices)
    contacted = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.UniqueConstraint(fields=["report", "round"], name="evaluation_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.solved}/{self.satisfied}"
