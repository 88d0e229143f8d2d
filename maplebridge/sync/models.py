from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import uuid7
from maplebridge.matters.models import Matter
from maplebridge.org.models import Person
from maplebridge.sync.rules import KINDS, STATES


class Device(models.Model):
    """A browser that a worker has enrolled. What it told of itself stands in `told`.

    No position and no time online is kept: `last_contact_at` says whether it is silent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="devices")
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    enrolled_at = models.DateTimeField()
    last_contact_at = models.DateTimeField(_("last contact"), null=True)
    drift_ms = models.BigIntegerField(null=True)  # server's clock minus the phone's
    # {"unsent", "quarantined", "drafts", "free_bytes", "app", "persistent"}, as the phone says
    told = models.JSONField(default=dict)
    seq_told = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    signed_out = models.BooleanField(default=False)  # by the phone itself

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        indexes = [models.Index(fields=["person", "-enrolled_at"], name="sync_device_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.browser}"


class SealKey(models.Model):
    """A key pair that phones seal to; the private half is encrypted under the vault key."""

    id = models.CharField(primary_key=True, max_length=8)
    public = models.BinaryField(max_length=65)
    private = models.BinaryField()
    made_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["current"], condition=Q(current=True), name="sync_one_current_key"
            )
        ]

    def __str__(self) -> str:
        return self.id


class Epoch(models.Model):
    """A stretch of the server's memory; a new one begins when it may have lost something."""

    class Cause(models.TextChoices):
        FIRST = "first", _("First use")
        RESTORED = "restored", _("Taken back from a backup")
        RECEIPT = "receipt", _("A phone holds a receipt that is not known here")

    name = models.CharField(max_length=16, unique=True)
    began_at = models.DateTimeField()
    cause = models.CharField(max_length=8, choices=Cause.choices)

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A record as a phone sent it: the raw sealed bytes, never changed, and its state beside it.

    Its words stand in the raw bytes alone, until they are erased with time; the other columns are
    what the work with it needs. `receipt` is what the phone holds for it.
    """

    receipt = models.BigAutoField(primary_key=True)
    record = models.UUIDField()
    sha256 = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    contested = models.BooleanField(default=False)  # another submission has this record's id
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="submissions")
    # Whose record it is; of a device that another person enrolled, that person. Indexed below.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    arrived_at = models.DateTimeField()
    lag_ms = models.BigIntegerField(default=0)  # arrival minus the phone's clock when sending
    # What the device had told at its contact before: a later number was not made before that.
    contact_seq = models.BigIntegerField(null=True)
    contact_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=11, choices=list(STATES.items()), default="kept")
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    tries = models.PositiveSmallIntegerField(default=0)

    kind = models.CharField(max_length=10, blank=True, choices=list(KINDS.items()))
    after = models.UUIDField(null=True)
    seq = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    matter = models.ForeignKey(
        Matter, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    applied_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(contested=False), name="sync_record_once"
            ),
            models.UniqueConstraint(fields=["record", "sha256"], name="sync_bytes_once"),
        ]
        indexes = [
            models.Index(
                fields=["state", "arrived_at"],
                condition=Q(state__in=["kept", "waiting"]),
                name="sync_due",
            ),
            models.Index(
                fields=["device", "seq"],
                condition=Q(state__in=["kept", "waiting"]),
                name="sync_due_of_device",
            ),
            models.Index(fields=["after"], condition=Q(state="waiting"), name="sync_waiting"),
            models.Index(fields=["person", "made_at"], name="sync_ledger"),
            models.Index(fields=["person", "arrived_at"], name="sync_own"),
            models.Index(
                fields=["person"],
                condition=Q(state__in=["conflict", "quarantined"]),
                name="sync_to_decide",
            ),
            models.Index(
                fields=["arrived_at"], condition=Q(erased_at__isnull=True), name="sync_raw_age"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.kind} {self.state}"


class Conflict(models.Model):
    """Fields in which a record met another change; both values stay until somebody chooses.

    `fields` is {name: {"base", "theirs", "mine", "by", "at"}}; `choice` {name: "mine" | "theirs"}.
    """

    submission = models.OneToOneField(
        Submission, primary_key=True, on_delete=models.PROTECT, related_name="conflict"
    )
    fields = models.JSONField()
    choice = models.JSONField(default=dict)
    command_id = models.UUIDField(null=True, unique=True)
    passage_id = models.UUIDField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")

    def __str__(self) -> str:
        return str(self.submission_id)


class Upload(models.Model):
    """A sealed file on its way: its parts lie on disk, `received` bytes of them for certain."""

    class State(models.TextChoices):
        COMING = "coming", _("On its way")
        WHOLE = "whole", _("Arrived")
        WRONG = "wrong", _("Could not be read")

    sha256 = models.CharField(primary_key=True, max_length=64)  # of the sealed bytes
    plain = models.CharField(max_length=64, blank=True)  # of the file itself, once it is known
    kind = models.CharField(max_length=5, blank=True)
    size = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    spoilt = models.PositiveSmallIntegerField(default=0)  # times it came whole with a wrong hash
    state = models.CharField(max_length=6, choices=State.choices, default=State.COMING)
    reason = models.CharField(max_length=200, blank=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="uploads"
    )
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [
            models.Index(fields=["plain"], name="sync_upload_plain"),
            models.Index(
                fields=["begun_at"], condition=Q(state="coming"), name="sync_upload_coming"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Change(models.Model):
    """That a thing changed, once for each scope in which it is seen; written by triggers.

    `xid` is the transaction that changed it last: see `queries/changes.py`. Scopes are "m:" and an
    area code (matters), "f:" and an area code (places, needs), "u:" and a unit, "p:" and a person.
    """

    kind = models.CharField(max_length=8)
    thing = models.CharField(max_length=36)
    scope = models.CharField(max_length=20)
    xid = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "thing", "scope"], name="sync_change_once")
        ]
        indexes = [
            models.Index(fields=["scope", "xid", "id"], name="sync_change_read"),
            models.Index(fields=["at"], name="sync_change_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing} {self.scope}"
