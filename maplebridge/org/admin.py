"""Where an administrator keeps the organisation: the accepted editor of this room's own lists."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from maplebridge.org import models

# A county's outline lies in China: degrees the wrong way round are caught here.
WEST, SOUTH, EAST, NORTH = 73.0, 3.0, 136.0, 54.0


class BoundaryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A GeoJSON outline that can be drawn."""

    class Meta:
        model = models.Boundary
        fields = ["area", "geometry", "source", "valid_from", "valid_to"]

    def clean_geometry(self) -> Any:
        """A Polygon or MultiPolygon that does not cross itself, in WGS-84 degrees."""
        geometry = self.cleaned_data["geometry"]
        try:
            outline = shape(geometry)
        except (ShapelyError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise forms.ValidationError(_("This is not a GeoJSON geometry.")) from error
        if outline.geom_type not in {"Polygon", "MultiPolygon"} or outline.is_empty:
            raise forms.ValidationError(_("An outline is a Polygon or a MultiPolygon."))
        if not outline.is_valid:
            raise forms.ValidationError(_("The outline crosses or touches itself."))
        west, south, east, north = outline.bounds
        if west < WEST or south < SOUTH or east > EAST or north > NORTH:
            raise forms.ValidationError(_("Longitude first, then latitude, in WGS-84 degrees."))
        return geometry


class Dated(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows with dates: what has ended stays and is found by its end."""

    save_on_top = True
    list_per_page = 50


@admin.register(models.Area)
class AreaAdmin(Dated):
    list_display = ["code", "name", "level", "grid_kind", "valid_from", "valid_to"]
    list_filter = ["level", "grid_kind", ("valid_to", admin.EmptyFieldListFilter)]
    search_fields = ["code", "name", "aliases"]
    autocomplete_fields = ["merged_into"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The code is what matters and posts refer to: it never changes."""
        return ["code"] if obj else []


@admin.register(models.Boundary)
class BoundaryAdmin(Dated):
    form = BoundaryForm
    list_display = ["area", "source", "valid_from", "valid_to"]
    list_select_related = ["area"]
    search_fields = ["area__code", "area__name"]
    autocomplete_fields = ["area"]


@admin.register(models.Jurisdiction)
class JurisdictionAdmin(Dated):
    list_display = ["name", "kind", "unit", "valid_from", "valid_to"]
    list_filter = ["kind"]
    list_select_related = ["unit"]
    search_fields = ["name"]
    autocomplete_fields = ["unit", "areas"]


@admin.register(models.Unit)
class UnitAdmin(Dated):
    list_display = ["code", "name", "kind", "area", "phone", "valid_to"]
    list_filter = ["kind"]
    list_select_related = ["area"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["area", "parent"]


class PostInline(admin.TabularInline):  # type: ignore[type-arg]
    model = models.Post
    extra = 0
    autocomplete_fields = ["unit", "areas"]


class NewPersonForm(BaseUserCreationForm):  # type: ignore[type-arg]
    """A new account: username, name, first password."""

    class Meta:
        model = models.Person
        fields = ["username", "name"]


@admin.register(models.Person)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """People and their posts; nobody is deleted, an account is closed."""

    add_form = NewPersonForm
    list_display = ["username", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "posts__kind"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    inlines = [PostInline]
    readonly_fields = ["last_login"]
    fieldsets = [
        (None, {"fields": ["username", "name", "password"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "password1", "password2"]})]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Post)
class PostAdmin(Dated):
    list_display = ["title", "person", "kind", "unit", "valid_from", "valid_to"]
    list_filter = ["kind", ("valid_to", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "unit"]
    search_fields = ["title", "person__name", "person__username", "unit__name"]
    autocomplete_fields = ["person", "unit", "areas"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Steps were taken in it: a post ends, it does not vanish."""
        return False


@admin.register(models.Category)
class CategoryAdmin(Dated):
    list_display = ["code", "name", "group", "respond", "sign", "handle", "on_spot", "safety"]
    list_filter = ["group", "grade", "on_spot", "safety", "confidential"]
    search_fields = ["code", "name", "name_en"]


@admin.register(models.Duty)
class DutyAdmin(Dated):
    list_display = ["category", "area_code", "leader", "by_itself", "temporary", "valid_to"]
    list_filter = ["by_itself", "temporary", "lead_kind", "category__group"]
    list_select_related = ["category", "lead"]
    search_fields = ["category__code", "category__name", "legal_basis", "precedent_of"]
    autocomplete_fields = ["category", "lead", "helpers"]

    @admin.display(description=_("lead unit"))
    def leader(self, duty: models.Duty) -> str:
        """The unit, or the kind of unit that leads."""
        return str(duty.lead or duty.get_lead_kind_display())


@admin.register(models.WorkSeason)
class WorkSeasonAdmin(Dated):
    list_display = ["from_month_day", "spans", "valid_from", "valid_to"]


@admin.register(models.CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["day", "working", "spans", "note"]
    list_filter = ["working"]
    date_hierarchy = "day"


@admin.register(models.CalendarYear)
class CalendarYearAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["year", "source"]
