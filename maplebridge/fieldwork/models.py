from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maplebridge.fieldwork.rules import KINDS, MET, REASONS
from maplebridge.kernel.ids import uuid7
from maplebridge.matters.models import Matter
from maplebridge.org.models import Person, Post


class Place(models.Model):
    """A dwelling, shop, work site or danger point. `facts` are about the place, by rules.FACTS."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(
        _("kind"), max_length=12, choices=[(k, v.label) for k, v in KINDS.items()]
    )
    name = models.CharField(_("name"), max_length=60)
    area_code = models.CharField(_("area"), max_length=15)
    address = models.CharField(_("address"), max_length=200, blank=True)
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    facts = models.JSONField(_("facts"), default=dict)
    version = models.PositiveIntegerField(default=1)
    checked_on = models.DateField(_("last checked"), null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(_("no longer in use"), null=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [
            models.Index(fields=["area_code", "id"], name="place_area"),
            models.Index(
                fields=["kind", "checked_on"],
                condition=Q(closed_at__isnull=True),
                name="place_checks",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceChange(models.Model):
    """One field of a place mended once: who, when it was seen, what stood there before.

    Append-only; a change that met another one is kept as a conflict until somebody chooses.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=20)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    at = models.DateTimeField()
    command_id = models.UUIDField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change of a place")
        verbose_name_plural = _("changes of places")
        constraints = [
            models.UniqueConstraint(fields=["command_id", "field"], name="place_change_once")
        ]
        indexes = [models.Index(fields=["place", "field", "-id"], name="place_change_last")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.field}"


class Need(models.Model):
    """Why somebody should go: to a place, or about a matter; ends with the visit that meets it."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        INSPECTION = "inspection", _("Inspection")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=12, choices=list(REASONS.items()))
    area_code = models.CharField(_("area"), max_length=15)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="needs")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)
    from_on = models.DateField(_("from"))
    due_on = models.DateField(_("due"))
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField(null=True)
    dropped = models.CharField(_("dropped because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(matter__isnull=False), name="need_of_something"
            ),
            models.UniqueConstraint(
                fields=["place", "reason"],
                condition=Q(done_at__isnull=True, reason__in=["check", "after_fault"]),
                name="need_once_open",
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(reason="dispute"), name="need_dispute_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["area_code", "due_on"], condition=Q(done_at__isnull=True), name="need_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.due_on}"


class Visit(models.Model):
    """One going. `position` is the one point given by the act of recording, or nothing.

    Never changed afterwards; its words are a passage (erasable), its answers codes.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10, choices=Need.Kind.choices)
    need = models.ForeignKey(Need, null=True, on_delete=models.PROTECT, related_name="visits")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="visits")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=15)
    met = models.CharField(max_length=8, choices=list(MET.items()), blank=True)
    checklist = models.CharField(max_length=12, blank=True)
    checklist_version = models.PositiveSmallIntegerField(null=True)
    items = models.JSONField(default=dict)
    passage_id = models.UUIDField(null=True)
    photos = models.JSONField(default=list)
    voices = models.JSONField(default=list)
    position = models.JSONField(null=True)  # {"lon", "lat", "accuracy" in metres}, WGS-84
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(matter__isnull=False),
                name="visit_of_something",
            )
        ]
        indexes = [
            models.Index(fields=["place", "-made_at"], name="visit_place"),
            models.Index(fields=["person", "-made_at"], name="visit_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d}"
