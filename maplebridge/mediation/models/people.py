from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.ids import new_query_code, uuid7
from maplebridge.mediation.models.files import Mediation
from maplebridge.mediation.rules import COMPANIONS, PARTY_KINDS, POWERS, SIDES


class Party(models.Model):
    """One side of a dispute, or who stands for it. Who it is lies in the vault under `subject`.

    `code` lets a party see its own parts; it is given on paper and never sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="parties")
    side = models.CharField(_("side"), max_length=10, choices=list(SIDES.items()))
    kind = models.CharField(_("kind"), max_length=8, choices=list(PARTY_KINDS.items()))
    subject = models.UUIDField()
    code = models.CharField(_("query code"), max_length=8, unique=True, default=new_query_code)
    # A proxy (with the number of its letter of authority) or a guardian stands for another party.
    represents = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="represented_by"
    )
    authority = models.CharField(_("letter of authority"), max_length=60, blank=True)
    power = models.CharField(
        _("extent of authority"), max_length=8, choices=list(POWERS.items()), blank=True
    )
    minor = models.BooleanField(_("under age"), default=False)
    alone_since_16 = models.BooleanField(default=False)
    id_checked = models.BooleanField(_("original identity paper was seen"), default=False)
    informed_at = models.DateTimeField(null=True)
    consents = models.BooleanField(null=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["mediation", "order"], name="party_order_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.order}"

    @property
    def needs_guardian(self) -> bool:
        """True for somebody under age who does not live by own work (Civil Code 18 to 20)."""
        return self.minor and not self.alone_since_16


class Companion(models.Model):
    """Somebody who takes part with the parties' consent (Art. 20); the name lies in the vault."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="companions")
    role = models.CharField(max_length=10, choices=list(COMPANIONS.items()))
    subject = models.UUIDField()
    consents = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("companion")
        verbose_name_plural = _("companions")

    def __str__(self) -> str:
        return self.get_role_display()
