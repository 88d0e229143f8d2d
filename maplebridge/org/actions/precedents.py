"""Rulings that the duty list remembers."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.actions.recording import REASON, record
from maplebridge.org.lists import LISTS, plain
from maplebridge.org.models import Category, Change, Duty, Unit
from maplebridge.org.rules import Actor


def keep_precedent(
    category: Category,
    area_code: str,
    lead: Unit,
    *,
    matter: str,
    basis: str,
    actor: Actor,
    at: datetime,
) -> Duty:
    """Keep a ruling in the duty list: from now on it leads this category in this area.

    An earlier precedent for the same category and area ends the day before. The history of the
    list has both, with the matter and the basis as the reason.
    """
    on = timezone.localdate(at)
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
    said = _("Ruling on %(matter)s: %(basis)s") % {"matter": matter, "basis": basis}
    reason = said[:REASON]
    _end_earlier(duty, actor, reason, at)
    duty.save(force_insert=True)
    kept = LISTS["duty"]
    record(kept, duty, Change.Act.ADDED, {}, plain(kept, duty), 0, actor, reason, None, at)
    return duty


def _end_earlier(duty: Duty, actor: Actor, reason: str, at: datetime) -> None:
    kept = LISTS["duty"]
    for row in Duty.objects.filter(
        category=duty.category, area_code=duty.area_code, valid_to__isnull=True,
        valid_from__lt=duty.valid_from,
    ).exclude(precedent_of=""):  # fmt: skip
        before = plain(kept, row)
        row.valid_to = duty.valid_from - timedelta(days=1)
        row.save(update_fields=["valid_to"])
        after = plain(kept, row)
        record(kept, row, Change.Act.CHANGED, before, after, 0, actor, reason, None, at)
