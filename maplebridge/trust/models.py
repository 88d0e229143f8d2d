from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import uuid7


class VaultEntry(models.Model):
    """One personal field of one subject, encrypted; erasing blanks it and leaves the row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField(_("subject"))
    field = models.CharField(_("field"), max_length=40)
    cipher = models.BinaryField()
    lookup = models.BinaryField(null=True, max_length=32)
    created_at = models.DateTimeField(_("time"))
    erase_after = models.DateField(_("erase after"))
    erased_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        verbose_name = _("vault entry")
        verbose_name_plural = _("vault entries")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "field"],
                condition=models.Q(erased_at__isnull=True),
                name="trust_one_live_field_per_subject",
            )
        ]
        indexes = [
            models.Index(fields=["subject"], name="trust_vault_subject"),
            models.Index(
                fields=["lookup"],
                condition=models.Q(lookup__isnull=False),
                name="trust_vault_lookup",
            ),
            models.Index(
                fields=["erase_after"],
                condition=models.Q(erased_at__isnull=True),
                name="trust_vault_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.id}"


class AccessLog(models.Model):
    """Someone opened a personal field, in which post and what for. Append-only by trigger."""

    id = models.BigAutoField(primary_key=True)
    subject = models.UUIDField(_("subject"), db_index=True)
    field = models.CharField(_("field"), max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor_kind = models.CharField(_("acting as"), max_length=12)
    # A number, not a foreign key: the log outlives the directory and must never block it.
    post_id = models.BigIntegerField(_("post"), null=True)
    purpose = models.TextField(_("purpose"))
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"


class Export(models.Model):
    """Someone took a list of matters out as a workbook. Append-only by trigger."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    post_id = models.BigIntegerField(_("post"), null=True)  # as in AccessLog
    source = models.CharField(_("list"), max_length=40)
    query = models.TextField(_("filter"), blank=True)
    columns = models.JSONField(_("columns"))
    fields = models.JSONField(_("personal fields"))
    purpose = models.TextField(_("purpose"), blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d %H:%M}"


class Passage(models.Model):
    """Free text beside an event. The event holds HMAC(salt, text); erasing blanks both here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    salt = models.BinaryField(max_length=16)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("time"))
    erased_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(erased_at__isnull=True),
                name="trust_passage_expiry",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class DayRoot(models.Model):
    """One hash over all events of a day, chained to the day before. Append-only by trigger.

    `leaves` packs, in id order, 8 bytes of the id and the first 8 bytes of the hash of each
    event, so that a row that later differs or is gone can be named.
    """

    day = models.DateField(_("day"), primary_key=True)
    count = models.PositiveIntegerField(_("events"))
    highest_id = models.BigIntegerField(_("highest number"))
    root = models.BinaryField(_("root"), max_length=32)
    previous_digest = models.BinaryField(_("digest of the day before"), max_length=32)
    digest = models.BinaryField(_("digest"), max_length=32)
    leaves = models.BinaryField()
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        ordering = ["-day"]
        verbose_name = _("day root")
        verbose_name_plural = _("day roots")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    @property
    def digest_hex(self) -> str:
        return bytes(self.digest).hex()

    @property
    def root_hex(self) -> str:
        return bytes(self.root).hex()


class Erasure(models.Model):
    """That something was erased, for whom and why; never what it said. Append-only by trigger."""

    id = models.BigAutoField(primary_key=True)
    subject = models.UUIDField(_("subject"), db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("time"))
    fields = models.JSONField(_("fields"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"{self.subject} {self.at:%Y-%m-%d}"
