"""Layouts a county has put in place of ours."""

from django.utils import timezone

from maplebridge.mediation.models import PaperTemplate


def county_template(layout: str) -> bytes | None:
    """The .docx that holds today for a layout; None where ours does."""
    found = PaperTemplate.objects.filter(layout=layout, valid_from__lte=timezone.localdate())
    row = found.order_by("-valid_from", "-id").first()
    return bytes(row.file) if row and row.file else None
