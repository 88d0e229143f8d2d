"""Layouts a county has put in place of ours."""

from datetime import date

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotFound
from maplebridge.mediation.models import PaperTemplate


def county_template(layout: str) -> bytes | None:
    """The .docx that holds today for a layout; None where ours does."""
    found = PaperTemplate.objects.filter(layout=layout, valid_from__lte=timezone.localdate())
    row = found.order_by("-valid_from", "-id").first()
    return bytes(row.file) if row and row.file else None


def editions(layout: str) -> list[PaperTemplate]:
    """Every edition of a layout without its bytes (`size` instead), the latest first."""
    found = PaperTemplate.objects.filter(layout=layout).select_related("person")
    sized = found.annotate(size=Length("file")).defer("file")
    return list(sized.order_by("-valid_from", "-id"))


def in_force(today: date) -> dict[str, PaperTemplate]:
    """The edition that holds today of each layout that a county has changed, without its bytes."""
    found = PaperTemplate.objects.filter(valid_from__lte=today).select_related("person")
    rows = found.annotate(size=Length("file")).defer("file").order_by("valid_from", "id")
    return {row.layout: row for row in rows}


def edition(layout: str, number: int) -> bytes:
    """The bytes of one edition; NotFound for none."""
    row = PaperTemplate.objects.filter(layout=layout, pk=number).first()
    if row is None or not row.file:
        raise NotFound(_("There is no such layout."))
    return bytes(row.file)
