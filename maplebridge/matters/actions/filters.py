"""Filters of matters that a unit keeps under a name."""

from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.text import clean_text
from maplebridge.matters.models import SavedFilter
from maplebridge.matters.queries.filters import MatterFilter
from maplebridge.org.models import Unit
from maplebridge.org.rules import Actor

MOST = 50
NAME_LIMIT = 40
QUERY_LIMIT = 500


@transaction.atomic
def save_filter(
    actor: Actor, unit_id: int, name: str, query: str, *, at: datetime | None = None
) -> SavedFilter:
    """Keep a filter (as an address has it) for a unit in which the actor holds a post.

    The same name again replaces what was kept under it. Raises InvalidInput for a name, a filter
    that says nothing or a bad part of it, and when the unit has fifty; NotAllowed for a unit that
    is not the actor's.
    """
    if actor.person_id is None or unit_id not in {post.unit_id for post in actor.posts}:
        raise NotAllowed(_("This unit is not one of yours."))
    name = " ".join(clean_text(name, field="name", limit=NAME_LIMIT).split())
    if not name:
        raise InvalidInput("name", _("Give the filter a name."))
    wanted = MatterFilter.read(QueryDict(query).dict()).query()
    if not wanted:
        raise InvalidInput("query", _("Set something to filter by first."))
    if len(wanted) > QUERY_LIMIT:
        raise InvalidInput("query", _("This filter is too long to keep; use fewer words."))
    Unit.objects.select_for_update().get(pk=unit_id)  # so that two never make the fifty-first
    kept = SavedFilter.objects.filter(unit_id=unit_id)
    if not kept.filter(name=name).exists() and kept.count() >= MOST:
        raise InvalidInput("name", _("A unit keeps at most %(most)d filters.") % {"most": MOST})
    saved, _new = SavedFilter.objects.update_or_create(
        unit_id=unit_id,
        name=name,
        defaults={"query": wanted, "person_id": actor.person_id, "at": at or timezone.now()},
    )
    return saved


def drop_filter(actor: Actor, filter_id: int) -> None:
    """Forget a filter of a unit of the actor; one that is gone already is no error.

    Raises NotFound for a filter of another unit.
    """
    kept = SavedFilter.objects.filter(pk=filter_id).first()
    if kept is None:
        return
    if kept.unit_id not in {post.unit_id for post in actor.posts}:
        raise NotFound(_("There is no such filter."))
    kept.delete()
