from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import uuid7
from maplebridge.matters.models import Matter
from maplebridge.mediation.flow import OPEN, STATUSES
from maplebridge.mediation.rules import (
    APPLIED_BY,
    BODIES,
    DIFFICULTY,
    HOSTS,
    REFUSALS,
    SOURCES,
    TIER_OF_KIND,
    TIERS,
    Tier,
    written_number,
)
from maplebridge.org.models import Person, Post, Unit


class Committee(models.Model):
    """What the ministry asks of a unit that mediates: its host, its level, its short name."""

    unit = models.OneToOneField(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="committee"
    )
    short_name = models.CharField(_("short name"), max_length=12)
    host = models.CharField(_("host"), max_length=12, choices=list(HOSTS.items()))
    days = models.PositiveSmallIntegerField(_("days at this level"), null=True, blank=True)
    types = ArrayField(
        models.CharField(max_length=4), verbose_name=_("types it is there for"), default=list,
        blank=True, help_text=_("Of a specialised committee; empty: all."),
    )  # fmt: skip

    class Meta:
        ordering = ["unit__code"]
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        constraints = [
            models.UniqueConstraint(fields=["short_name"], name="committee_short_name_once")
        ]

    def __str__(self) -> str:
        return self.unit.name

    @property
    def tier(self) -> str:
        """The code of its level, from the kind of its unit; a village's for a unit that mediates
        no more."""
        return TIER_OF_KIND.get(self.unit.kind, "village")

    @property
    def level(self) -> Tier:
        """Its level with the usual days."""
        return TIERS[self.tier]

    @property
    def stays(self) -> int:
        """How many days a dispute may stay with it."""
        return self.days or self.level.days


class MediatorSkills(models.Model):
    """What a mediator is good at, by which one is proposed; told by himself, never a score."""

    post = models.OneToOneField(
        Post, verbose_name=_("post"), on_delete=models.CASCADE, related_name="skills"
    )
    types = ArrayField(models.CharField(max_length=4), verbose_name=_("types"), default=list)
    languages = ArrayField(
        models.CharField(max_length=20), verbose_name=_("languages"), default=list
    )

    class Meta:
        verbose_name = _("skills of a mediator")
        verbose_name_plural = _("skills of mediators")

    def __str__(self) -> str:
        return str(self.post)


class Mediation(models.Model):
    """One attempt of one committee at one dispute, with its number and its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="mediations")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="mediations")
    area_code = models.CharField(max_length=15)
    status = models.CharField(max_length=12, choices=list(STATUSES.items()))
    version = models.PositiveIntegerField(default=0)
    source = models.CharField(_("source"), max_length=12, choices=list(SOURCES.items()))
    applied_by = models.CharField(max_length=8, choices=list(APPLIED_BY.items()), blank=True)
    body = models.CharField(
        _("entrusted by"), max_length=14, choices=list(BODIES.items()), blank=True
    )
    letter = models.CharField(_("letter number"), max_length=60, blank=True)
    reported_back_on = models.DateField(null=True)
    type = models.CharField(_("type"), max_length=4, blank=True)
    type_list = models.CharField(max_length=4, default="2021")
    difficulty = models.CharField(max_length=10, choices=list(DIFFICULTY.items()), default="simple")
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    mediators = models.ManyToManyField(Person, related_name="+")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    refusal = models.CharField(max_length=16, choices=list(REFUSALS.items()), blank=True)
    registered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mediation")
        verbose_name_plural = _("mediations")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "serial"], name="mediation_number_once"
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(status__in=OPEN), name="mediation_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["committee", "status", "due_on"], name="mediation_work"),
            models.Index(fields=["area_code", "registered_at"], name="mediation_figures"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)

    @property
    def number(self) -> str:
        """（year）short name人调字第 n 号; empty before it is taken up."""
        if self.serial is None or self.year is None:
            return ""
        return written_number(self.year, self.committee.short_name, self.serial)


class NumberCounter(models.Model):
    """The last serial a committee gave in a year; its row is the lock that leaves no gap."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["committee", "year"], name="mediation_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class MediationEvent(models.Model):
    """One step of a mediation, append-only. `data` holds codes and ids; words are passages.

    `digest` covers the row and stands in the event that the matter's chain keeps for it.
    """

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    step = models.CharField(max_length=20)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    passage_id = models.UUIDField(null=True)
    command_id = models.UUIDField(unique=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("step of a mediation")
        verbose_name_plural = _("steps of mediations")
        constraints = [
            models.UniqueConstraint(fields=["mediation", "version"], name="mediation_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.mediation_id}/{self.version} {self.step}"

    def payload(self) -> dict[str, object]:
        """What the digest covers: every column but the row's own id and the digest."""
        return {
            "mediation": self.mediation_id.hex,
            "version": self.version,
            "step": self.step,
            "from": self.from_status,
            "to": self.to_status,
            "at": self.at,
            "person": self.person_id,
            "post": self.post_id,
            "data": self.data,
            "passage": self.passage_id.hex if self.passage_id else None,
            "command": self.command_id.hex,
        }
