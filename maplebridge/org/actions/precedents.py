"""Rulings that the duty list remembers."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.models import Category, Duty, Unit
from maplebridge.org.queries import forget_directory


def keep_precedent(
    category: Category, area_code: str, lead: Unit, *, matter: str, on: date, basis: str
) -> Duty:
    """Keep a ruling in the duty list: from now on it leads this category in this area.

    An earlier precedent for the same category and area ends the day before.
    """
    Duty.objects.filter(
        category=category, area_code=area_code, valid_to__isnull=True, valid_from__lt=on
    ).exclude(precedent_of="").update(valid_to=on - timedelta(days=1))
    duty = Duty(
        category=category,
        area_code=area_code,
        lead=lead,
        legal_basis=basis[:200],
        approved_by=_("Ruling"),
        precedent_of=matter,
        valid_from=on,
    )
    try:
        duty.full_clean(exclude=["category", "lead"])
    except ValidationError as error:
        raise InvalidInput("lead", " ".join(error.messages)) from error
    duty.save(force_insert=True)
    forget_directory()
    return duty
