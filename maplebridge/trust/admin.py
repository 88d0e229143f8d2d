from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from maplebridge.trust.models import AccessLog, DayRoot, Erasure, Export


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Audit rows are looked at, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly):
    list_display = ["at", "field", "person", "actor_kind", "post_id", "purpose"]
    list_filter = ["field", "actor_kind"]
    list_select_related = ["person"]
    date_hierarchy = "at"
    search_fields = ["=subject"]


@admin.register(DayRoot)
class DayRootAdmin(ReadOnly):
    list_display = ["day", "count", "highest_id", "root_hex", "digest_hex", "closed_at"]
    fields = ["day", "count", "highest_id", "root_hex", "digest_hex", "closed_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("leaves")


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ["at", "subject", "asked_by", "reason"]
    list_select_related = ["asked_by"]
    search_fields = ["=subject"]


@admin.register(Export)
class ExportAdmin(ReadOnly):
    list_display = ["at", "person", "source", "rows", "fields", "purpose"]
    list_select_related = ["person"]
    date_hierarchy = "at"
