from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import uuid7
from maplebridge.mediation.models.files import Mediation
from maplebridge.mediation.rules import DIFFICULTY
from maplebridge.org.models import Person


class Claim(models.Model):
    """The subsidy for one dossier (以案定补): one case, one payment, seen by the mediator."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("Claimed")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        PAID = "paid", _("Paid")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.OneToOneField(Mediation, on_delete=models.PROTECT, related_name="claim")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    difficulty = models.CharField(max_length=10, choices=list(DIFFICULTY.items()))
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CLAIMED)
    reason = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField(null=True)

    class Meta:
        ordering = ["-claimed_at"]
        verbose_name = _("subsidy claim")
        verbose_name_plural = _("subsidy claims")

    def __str__(self) -> str:
        return f"{self.mediation} {self.amount}"


class Review(models.Model):
    """A dossier drawn by lot for two reviewers (卷宗评查): about papers, not persons."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64)  # published before the draw
    drawn_at = models.DateTimeField()
    items = models.JSONField(default=dict)  # question → ok, fault, na
    passage_id = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-drawn_at"]
        verbose_name = _("dossier review")
        verbose_name_plural = _("dossier reviews")
        constraints = [
            models.UniqueConstraint(fields=["mediation", "reviewer"], name="review_once")
        ]

    def __str__(self) -> str:
        return f"{self.mediation} {self.reviewer_id}"


class PaperTemplate(models.Model):
    """A county's own layout of a paper from a day on; an empty file puts ours back."""

    layout = models.CharField(max_length=16)
    file = models.BinaryField()
    valid_from = models.DateField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["layout", "-valid_from", "-id"]
        verbose_name = _("layout of a paper")
        verbose_name_plural = _("layouts of papers")

    def __str__(self) -> str:
        return f"{self.layout} {self.valid_from}"
