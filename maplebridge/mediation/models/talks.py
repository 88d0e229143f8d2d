from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import uuid7
from maplebridge.mediation.models.files import Mediation
from maplebridge.mediation.models.people import Party
from maplebridge.mediation.rules import ANSWERS, EVIDENCE, ROOMS


class Session(models.Model):
    """A talk, planned or held. The minutes are a passage; of a private talk they are kept from
    the other side, and so are its photos."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="sessions")
    room = models.CharField(max_length=8, choices=list(ROOMS.items()))
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    place = models.CharField(_("place"), max_length=100, blank=True)
    held_at = models.DateTimeField(null=True)
    present = models.ManyToManyField(Party, related_name="+")
    passage_id = models.UUIDField(null=True)
    photos = models.JSONField(default=list)

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.get_room_display()} {self.starts_at:%Y-%m-%d %H:%M}"


class Invitation(models.Model):
    """That a party was asked to a session, and what it answered."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="invitations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invitations")
    answer = models.CharField(max_length=8, choices=list(ANSWERS.items()), default="unknown")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["session", "party"], name="invitation_once")]

    def __str__(self) -> str:
        return self.get_answer_display()


class Inquiry(models.Model):
    """An investigation record: who was asked (vault), where, question and answer (passage)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="inquiries")
    subject = models.UUIDField()
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=100, blank=True)
    passage_id = models.UUIDField()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("investigation record")
        verbose_name_plural = _("investigation records")

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d}"


class Evidence(models.Model):
    """One line of the evidence list: what, from whom, original or copy, pages."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=list(EVIDENCE.items()))
    title = models.CharField(max_length=100)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveSmallIntegerField(default=1)
    copy = models.BooleanField(_("copy"), default=True)
    photos = models.JSONField(default=list)
    given_on = models.DateField()

    class Meta:
        ordering = ["given_on", "id"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.title
