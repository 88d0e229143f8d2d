from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.worktime import Limit
from maplebridge.org.models.areas import AREA_CODE
from maplebridge.org.models.people import Unit
from maplebridge.org.models.validity import Dated


def check_limit(value: str) -> None:
    """A limit is a number and a unit: 90m, 24h, 30d, 4wh (working hours), 3wd (working days)."""
    try:
        limit = Limit.parse(value)
    except InvalidInput as error:
        raise ValidationError(str(error)) from error
    if limit.amount == 0:
        raise ValidationError(_("A limit is at least 1: nobody can act within no time."))


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


class Category(Dated):
    """A row of the two-level catalogue of what a matter is about, with its default limits."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    group = models.CharField(_("group"), max_length=40)
    group_en = models.CharField(_("English group"), max_length=60, blank=True)
    grade = models.PositiveSmallIntegerField(
        _("grade"),
        default=4,
        help_text=_("4 grid, 3 township, 2 several departments, 1 emergency."),
    )
    respond = models.CharField(_("limit to respond"), max_length=8, validators=[check_limit])
    sign = models.CharField(
        _("limit to sign"), max_length=8, default="4wh", validators=[check_limit]
    )
    handle = models.CharField(_("limit to handle"), max_length=8, validators=[check_limit])
    on_spot = models.BooleanField(_("may be settled on the spot"), default=False)
    public = models.BooleanField(_("residents may report it"), default=True)
    safety = models.BooleanField(_("safety: cannot be withdrawn"), default=False)
    confidential = models.BooleanField(_("never shown to other residents"), default=False)
    hand_over = models.CharField(
        _("handed over, not kept"),
        max_length=20,
        blank=True,
        help_text=_("A number such as 110: the form shows it and takes no report."),
    )
    keywords = ArrayField(
        models.CharField(max_length=20), verbose_name=_("words"), default=list, blank=True
    )
    closing = models.CharField(_("closing condition"), max_length=200, blank=True)
    mediation_type = models.CharField(_("mediation type"), max_length=30, blank=True)
    urban_code = models.CharField(_("urban management code"), max_length=10, blank=True)

    class Meta(Dated.Meta):
        ordering = ["code"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language; the Chinese one where there is no English."""
        return (_in_english() and self.name_en) or self.name

    @property
    def group_label(self) -> str:
        """The name of the group in the reader's language, as `label`."""
        return (_in_english() and self.group_en) or self.group


class CategoryLimits(Dated):
    """The limits of a category from one day to another, in place of those it began with.

    Where several hold on a day, those that began last count.
    """

    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="limits"
    )
    respond = models.CharField(_("limit to respond"), max_length=8, validators=[check_limit])
    sign = models.CharField(_("limit to sign"), max_length=8, validators=[check_limit])
    handle = models.CharField(_("limit to handle"), max_length=8, validators=[check_limit])

    class Meta(Dated.Meta):
        verbose_name = _("limits of a category")
        verbose_name_plural = _("limits of categories")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["category", "valid_from"],
                name="org_category_limits_once_a_day",
                violation_error_message=_("Other limits begin on that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category.code} {self.category} {self.valid_from}"


class Duty(Dated):
    """An entry of the duty list (事项准入清单): who leads a category, on what basis, how fast."""

    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT)
    area_code = models.CharField(_("for area"), max_length=15, blank=True, validators=[AREA_CODE])
    lead = models.ForeignKey(
        Unit,
        verbose_name=_("lead unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duties",
    )
    lead_kind = models.CharField(
        _("or the nearest unit of kind"), max_length=20, blank=True, choices=Unit.Kind.choices
    )
    helpers = models.ManyToManyField(Unit, verbose_name=_("helpers"), blank=True, related_name="+")
    respond = models.CharField(
        _("limit to respond"),
        max_length=8,
        blank=True,
        validators=[check_limit],
        help_text=_("Empty: as for the category."),
    )
    handle = models.CharField(
        _("limit to handle"),
        max_length=8,
        blank=True,
        validators=[check_limit],
        help_text=_("Empty: as for the category."),
    )
    by_itself = models.BooleanField(
        _("dispatched by itself"),
        default=False,
        help_text=_("The duty list dispatches without waiting for a dispatcher."),
    )
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    approved_by = models.CharField(_("approved by"), max_length=100)
    temporary = models.BooleanField(_("temporary"), default=False)
    precedent_of = models.CharField(_("precedent of matter"), max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duty list")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(lead__isnull=False, lead_kind="")
                | (Q(lead__isnull=True) & ~Q(lead_kind="")),
                name="org_duty_one_lead",
                violation_error_message=_("Name either a lead unit or a kind of unit."),
            ),
            models.CheckConstraint(
                condition=Q(temporary=False) | Q(valid_to__isnull=False),
                name="org_duty_temporary_ends",
                violation_error_message=_("A temporary duty needs an end date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.lead or self.get_lead_kind_display()}"
