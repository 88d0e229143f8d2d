from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import uuid7
from maplebridge.notify.rules import CHANNELS, CHOICES, DEFAULTS, QUIET_FROM, QUIET_TO, Wish


class Message(models.Model):
    """One person is told one thing once; `source` is what it came from, such as a command.

    Whether it was read is for its reader alone, so no time of reading is kept.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(max_length=20)
    number = models.CharField(_("number"), max_length=32)
    category = models.CharField(_("category"), max_length=60, blank=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField(_("time"))
    read = models.BooleanField(default=False)
    source = models.UUIDField()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["person", "source"], name="notify_told_once")
        ]
        indexes = [
            models.Index(fields=["person", "read", "-id"], name="notify_message_list"),
            models.Index(fields=["person"], condition=Q(read=False), name="notify_unread"),
            models.Index(fields=["at"], name="notify_message_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Preference(models.Model):
    """How a person wants to be told outside the house; without a row the defaults hold."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    quiet_from = models.TimeField(_("quiet from"), default=QUIET_FROM)
    quiet_to = models.TimeField(_("quiet until"), default=QUIET_TO)
    assigned = models.CharField(max_length=8, choices=CHOICES, default=DEFAULTS["assigned"])
    decisions = models.CharField(max_length=8, choices=CHOICES, default=DEFAULTS["decisions"])
    late = models.CharField(max_length=8, choices=CHOICES, default=DEFAULTS["late"])

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}-{self.quiet_to:%H:%M}"

    def wish(self) -> Wish:
        """The same as plain facts."""
        return Wish(self.quiet_from, self.quiet_to, self.assigned, self.decisions, self.late)


class Channel(models.Model):
    """A way outside the house that a person has chosen, and how it fares."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channels"
    )
    kind = models.CharField(_("channel"), max_length=8, choices=list(CHANNELS.items()))
    active = models.BooleanField(default=True)
    address = models.BinaryField()  # encrypted, bound to the id
    last_sent_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=12, blank=True)  # a key of rules.FAILURES
    detail = models.CharField(max_length=20, blank=True)  # a number from the other side

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notify_one_channel_of_a_kind")
        ]

    def __str__(self) -> str:
        return self.kind


class Delivery(models.Model):
    """A message on its way out through one channel."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        GIVEN_UP = "given_up", _("Given up")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()  # not before; when it really may go is asked of the rules then
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="notify_delivered_once")
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                condition=Q(state="waiting"),
                name="notify_delivery_due",
            ),
            models.Index(
                fields=["channel"], condition=Q(state="given_up"), name="notify_delivery_given_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.channel}"
