from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.org.models.validity import Dated

AREA_CODE = RegexValidator(
    r"^(\d{6}|\d{9}|\d{12}|\d{15})$", _("An area code has 6, 9, 12 or 15 digits.")
)


class Area(Dated):
    """A node of the tree county → town or township → village → grid; the code carries the tree."""

    class Level(models.TextChoices):
        COUNTY = "county", _("County")
        TOWN = "town", _("Town or township")
        VILLAGE = "village", _("Village")
        GRID = "grid", _("Grid")

    class GridKind(models.TextChoices):
        BASIC = "basic", _("Basic grid")
        SPECIAL = "special", _("Special grid")

    code = models.CharField(_("code"), max_length=15, unique=True, validators=[AREA_CODE])
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    grid_kind = models.CharField(
        _("kind of grid"), max_length=8, choices=GridKind.choices, blank=True
    )
    aliases = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("other names and codes"),
        default=list,
        blank=True,
    )
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta(Dated.Meta):
        ordering = ["code"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name


class Boundary(Dated):
    """The outline of an area as a GeoJSON Polygon or MultiPolygon in WGS-84, with dates."""

    area = models.ForeignKey(
        Area, verbose_name=_("area"), on_delete=models.PROTECT, related_name="boundaries"
    )
    geometry = models.JSONField(_("GeoJSON geometry"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")

    def __str__(self) -> str:
        return f"{self.area} {self.valid_from:%Y-%m-%d}"


class Jurisdiction(Dated):
    """A layer of its own over the area tree: a police station may cover a town and a township."""

    class Kind(models.TextChoices):
        POLICE = "police", _("Police")
        SCHOOL = "school", _("School")
        FOREST = "forest", _("Forest")
        WATER = "water", _("Water")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(
        "org.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="jurisdictions"
    )
    areas = models.ManyToManyField(Area, verbose_name=_("areas"))

    class Meta(Dated.Meta):
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")

    def __str__(self) -> str:
        return self.name
