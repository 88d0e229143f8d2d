from django.contrib import admin

from maplebridge.mediation.models import Committee, MediatorSkills


@admin.register(Committee)
class CommitteeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Short name, host, level and days of a committee; its unit is kept in setup."""

    list_display = ("unit", "short_name", "host", "level", "days")
    search_fields = ("short_name", "unit__name")
    autocomplete_fields = ("unit",)


@admin.register(MediatorSkills)
class MediatorSkillsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What a mediator says he is good at."""

    list_display = ("post", "types", "languages")
    raw_id_fields = ("post",)
