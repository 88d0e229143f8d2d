from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import uuid7
from maplebridge.mediation.models.files import Mediation
from maplebridge.mediation.models.people import Party
from maplebridge.mediation.rules import OUTCOMES

# Art. 29: main facts, disputed issues, what was agreed, manner and time of performance.
SECTIONS = {
    "facts": _("Main facts"),
    "issues": _("What is disputed"),
    "terms": _("What was agreed"),
    "manner": _("Manner and time of performance"),
}


class Agreement(models.Model):
    """A draft until it is signed; a change of the draft is a new edition and voids approvals.

    Each section is a passage by its name. Oral agreements are noted by the mediator (Art. 28).
    """

    mediation = models.OneToOneField(Mediation, on_delete=models.PROTECT, related_name="agreement")
    oral = models.BooleanField(default=False)
    edition = models.PositiveSmallIntegerField(default=1)
    sections = models.JSONField(default=dict)  # name → passage id (hex)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    copies = models.PositiveSmallIntegerField(default=3)
    signed_on = models.DateField(null=True)
    # How each party signed: party id (hex) → "paper", or "screen" (the vault has the drawing).
    signatures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return str(self.mediation)


class Approval(models.Model):
    """That a party approved a section of an edition: by its code, or recorded by the mediator."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="approvals")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=8, choices=list(SECTIONS.items()))
    edition = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "section", "edition"], name="approval_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.section}"


class Obligation(models.Model):
    """What a party owes by when: an instalment, or something to do; the words are a passage."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="obligations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="obligations")
    order = models.PositiveSmallIntegerField()
    passage_id = models.UUIDField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    photos = models.JSONField(default=list)
    reminded_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "order"]
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_on__isnull=True), name="obligation_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.due_on}"


class Confirmation(models.Model):
    """The joint application to the court (Art. 33) and its answer."""

    mediation = models.OneToOneField(
        Mediation, on_delete=models.PROTECT, related_name="confirmation"
    )
    asked_on = models.DateField()
    court = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()), blank=True)
    answered_on = models.DateField(null=True)
    court_number = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("judicial confirmation")
        verbose_name_plural = _("judicial confirmations")

    def __str__(self) -> str:
        return f"{self.asked_on}"

    @property
    def holds(self) -> bool:
        """True when the court has confirmed the agreement, wholly or in part: it is enforceable."""
        return self.outcome in {"confirmed", "partly"}


class ReturnVisit(models.Model):
    """How the agreement is kept and whether the parties are content; the words are a passage."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField()
    performance = models.CharField(max_length=8)
    satisfied = models.CharField(max_length=8)
    passage_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["visited_on", "id"]
        verbose_name = _("return visit")
        verbose_name_plural = _("return visits")

    def __str__(self) -> str:
        return f"{self.visited_on}"
