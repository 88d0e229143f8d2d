import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maplebridge.matters.flow import ENDINGS, OPEN, STATUSES, URGENCIES
from maplebridge.org.models import Category, Unit


class Matter(models.Model):
    """The problem itself. Status is written by `take_step` alone."""

    number = models.CharField(_("number"), max_length=32, unique=True)
    title = models.CharField(_("title"), max_length=60)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=16, choices=list(STATUSES.items()))
    version = models.PositiveIntegerField(default=0)
    last_hash = models.BinaryField(max_length=32)

    area_code = models.CharField(_("area"), max_length=15)
    place_known = models.BooleanField(default=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True)  # H3 cell of resolution 9 (about 0.1 km²)
    address = models.CharField(_("address"), max_length=200, blank=True)

    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_category = models.ForeignKey(
        Category, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    # {"words": [..], "confidence": 0..1, "duty": id, "basis": str}: why this was proposed
    proposal = models.JSONField(default=dict)

    due_at = models.DateTimeField(null=True)  # of the clock that ends next
    due_kind = models.CharField(max_length=8, blank=True)
    suspended_until = models.DateField(null=True)
    urgent = models.BooleanField(default=False)
    urgency = models.CharField(max_length=8, blank=True, choices=list(URGENCIES))
    alarm = models.PositiveSmallIntegerField(default=0)  # how far up the line it has rung
    supervision = models.PositiveSmallIntegerField(default=0)  # 0 none, 1 yellow, 2 orange, 3 red
    returns = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    report_count = models.PositiveSmallIntegerField(default=1)
    petition_open = models.BooleanField(default=False)
    sampled = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )

    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        indexes = [
            models.Index(
                OpClass(F("area_code"), "text_pattern_ops"),
                F("due_at"),
                F("id"),
                name="matter_open_by_area",
                condition=Q(status__in=OPEN),
            ),
            models.Index(
                F("due_at"),
                F("id"),
                name="matter_inbox",
                condition=Q(status__in=["reported", "returned"]),
            ),
            models.Index(
                F("due_at"), F("id"), name="matter_open_due", condition=Q(status__in=OPEN)
            ),
            models.Index(
                F("status"),
                F("due_at"),
                F("id"),
                name="matter_status_due",
                condition=Q(status__in=OPEN),
            ),
            models.Index(
                F("lead"),
                F("due_at"),
                F("id"),
                name="matter_lead_due",
                condition=Q(status__in=OPEN),
            ),
            models.Index(F("lead"), F("id").desc(), name="matter_lead_all"),
            models.Index(
                F("cell"),
                F("reported_at"),
                name="matter_cell_time",
                condition=Q(cell__isnull=False),
            ),
            models.Index(
                fields=["lon", "lat"],
                include=["id", "area_code", "due_at", "suspended_until"],
                name="matter_open_place",
                condition=Q(status__in=OPEN, lon__isnull=False),
            ),
            models.Index(
                F("due_at"),
                F("id"),
                name="matter_urgent",
                condition=Q(urgent=True, status__in=OPEN),
            ),
            models.Index(F("closed_at"), name="matter_to_archive", condition=Q(status="closed")),
            models.Index(F("id"), name="matter_sampled", condition=Q(sampled=True)),
            models.Index(F("reported_at"), name="matter_reported"),
            models.Index(
                OpClass(F("area_code"), "text_pattern_ops"), F("id").desc(), name="matter_area_all"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status not in ENDINGS


class Report(models.Model):
    """One telling of a problem. Its id is the command's id, so a retry finds it again."""

    class Channel(models.TextChoices):
        WEB = "web", _("Web form")
        API = "api", _("API")
        COUNTER = "counter", _("Counter")
        PHONE = "phone", _("Telephone")
        HOTLINE = "hotline", _("Hotline workbook")
        FIELD = "field", _("Grid worker")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reports")
    code = models.CharField(_("query code"), max_length=8, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    text = models.TextField(_("text"))
    salt = models.BinaryField(max_length=16)
    signature = models.BinaryField(max_length=16)  # of the bare text, to find exact repeats
    photos = ArrayField(models.CharField(max_length=64), default=list)
    voices = ArrayField(models.CharField(max_length=64), default=list)
    source_crs = models.CharField(max_length=6, default="wgs84")
    subject = models.UUIDField(null=True)  # the reporter's contact in the vault, if any was left
    taken_by = models.ForeignKey(
        "org.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=120, blank=True)  # "book:row" of an import
    evaluate_until = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    received_at = models.DateTimeField()
    search = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            GinIndex(fields=["search"], name="report_search"),
            models.Index(fields=["signature"], name="report_signature"),
            models.Index(
                fields=["subject"], name="report_subject", condition=Q(subject__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="report_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Assignment(models.Model):
    """A matter given to a unit: one active lead, any helpers."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        HELPER = "helper", _("Helper")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        DONE = "done", _("Done")
        RETURNED = "returned", _("Returned")
        REPLACED = "replaced", _("Replaced")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6, choices=Role.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    assigned_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [
            models.Index(
                fields=["unit", "matter"], name="assignment_unit", condition=Q(state="active")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(role="lead", state__in=["active", "done"]),
                name="assignment_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_role_display()}"


class Clock(models.Model):
    """One running of a limit. Both limits are kept: `first_due_at` never changes."""

    class Kind(models.TextChoices):
        RESPOND = "respond", _("First contact")
        SIGN = "sign", _("Sign for it")
        HANDLE = "handle", _("Handle")
        RULE = "rule", _("Rule")
        ALARM = "alarm", _("Take charge")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    limit = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)  # working seconds

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"],
                condition=Q(stopped_at__isnull=True),
                name="clock_one_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.limit}"


class NumberCounter(models.Model):
    """The last serial given to a matter in an area on a day."""

    key = models.CharField(max_length=24, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class SavedFilter(models.Model):
    """A filter of matters kept under a name for everybody in a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)  # as in the address, without "after"
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="saved_filter_name_once")
        ]

    def __str__(self) -> str:
        return self.name
