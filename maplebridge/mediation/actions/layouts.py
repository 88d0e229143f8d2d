"""A county's own layouts of the papers, from a day on; going back is a row like any other."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput, NotAllowed, NotFound
from maplebridge.mediation.models import PaperTemplate
from maplebridge.mediation.papers.checking import check_layout
from maplebridge.mediation.papers.layouts import LAYOUTS
from maplebridge.org.rules import Actor

KEEPERS = ("administrator", "supervisor")


@transaction.atomic
def put_layout(
    layout: str, data: bytes, valid_from: date, *, actor: Actor, at: datetime | None = None
) -> PaperTemplate:
    """Put a county's layout in the place of ours from a day on; no bytes put ours back.

    Rows are never changed: what held on a day can be looked up. Raises NotFound for an unknown
    layout, NotAllowed, InvalidInput("file" or "valid_from").
    """
    if layout not in LAYOUTS:
        raise NotFound(_("There is no such layout."))
    if actor.person_id is None or not actor.holds(*KEEPERS):
        raise NotAllowed(_("Your post does not include this."))
    moment = at or timezone.now()
    if valid_from < timezone.localdate(moment):
        raise InvalidInput("valid_from", _("Choose today or a later day."))
    if data:
        check_layout(data)
    return PaperTemplate.objects.create(
        layout=layout, file=data, valid_from=valid_from, person_id=actor.person_id, at=moment
    )
