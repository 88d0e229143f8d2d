"""Needs: asked for by a person, or found by the timer from the work itself."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.fieldwork.actions.places import allow
from maplebridge.fieldwork.models import Need, Place
from maplebridge.fieldwork.rules import AHEAD_DAYS, DISPUTE_AFTER_DAYS, FOUND, KINDS, REASONS
from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.kernel.text import clean_text
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import matters_visible_to
from maplebridge.org.rules import Actor

BATCH = 500
# A dispute closed longer ago than this is not looked at again by the timer.
DISPUTE_UNTIL_DAYS = 90


def ask_visit(
    *,
    need_id: UUID,
    kind: str,
    reason: str,
    due_on: date,
    actor: Actor,
    place: UUID | None = None,
    matter: int | None = None,
    note: str = "",
    from_on: date | None = None,
    at: datetime | None = None,
) -> Need:
    """Ask somebody to go to a place, or about a matter, by a day. Idempotent by `need_id`.

    Raises InvalidInput naming the field, NotFound, NotAllowed outside the actor's areas.
    """
    moment = at or timezone.now()
    earlier = Need.objects.filter(pk=need_id).first()
    if earlier is not None:
        return earlier
    if kind not in Need.Kind.values:
        raise InvalidInput("kind", _("Choose one of the given answers."))
    if reason not in REASONS or reason in FOUND:
        raise InvalidInput("reason", _("Choose one of the given answers."))
    today = timezone.localdate(moment)
    begins = from_on or today
    if due_on < today or due_on < begins:
        raise InvalidInput("due_on", _("This day is over."))
    there = Place.objects.filter(pk=place, closed_at__isnull=True).first() if place else None
    if place and there is None:
        raise NotFound(_("There is no such place, or it is not yours to see."))
    about = matters_visible_to(actor).filter(pk=matter).first() if matter else None
    if matter and about is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    if there is None and about is None:
        raise InvalidInput("place", _("Say where somebody should go."))
    if kind == Need.Kind.INSPECTION and (there is None or not KINDS[there.kind].checklist):
        raise InvalidInput("kind", _("There is no checklist for this place; ask for a visit."))
    area_code = there.area_code if there else about.area_code if about else ""
    allow(actor, area_code)
    return Need.objects.create(
        id=need_id, kind=kind, reason=reason, area_code=area_code, place=there, matter=about,
        note=clean_text(note, field="note", limit=200), from_on=begins, due_on=due_on,
        asked_by_id=actor.person_id, created_at=moment,
    )  # fmt: skip


@transaction.atomic
def drop_need(need_id: UUID, reason: str, *, actor: Actor, at: datetime | None = None) -> Need:
    """Nobody has to go any more; the reason stays. Raises NotFound, Conflict when it was met."""
    need = Need.objects.select_for_update().filter(pk=need_id).first()
    if need is None:
        raise NotFound(_("There is no such visit."))
    allow(actor, need.area_code)
    if need.done_at is not None:
        raise Conflict(_("Somebody has been there already."))
    said = clean_text(reason, field="reason", limit=200)
    if not said:
        raise InvalidInput("reason", _("This is needed."))
    need.done_at, need.dropped, need.version = at or timezone.now(), said, need.version + 1
    need.save(update_fields=["done_at", "dropped", "version"])
    return need


def find_needs(now: datetime | None = None) -> int:
    """Checks that fall due within a fortnight, and disputes to look at again; how many are new.

    Safe to run twice and beside itself: a place has one open check, a dispute one need ever.
    """
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    found = [*_checks(today, moment), *_disputes(today, moment)]
    return sum(
        len(Need.objects.bulk_create(found[start : start + BATCH], ignore_conflicts=True))
        for start in range(0, len(found), BATCH)
    )


def _checks(today: date, at: datetime) -> list[Need]:
    found = []
    for kind, facts in KINDS.items():
        if not facts.every_days:
            continue
        every = timedelta(days=facts.every_days)
        ahead = timedelta(days=min(AHEAD_DAYS, facts.every_days // 2))
        last = Coalesce(F("checked_on"), TruncDate("created_at"))
        due = (
            Place.objects.filter(kind=kind, closed_at__isnull=True)
            .annotate(last=last)
            .filter(last__lte=today + ahead - every)
            .exclude(needs__reason="check", needs__done_at__isnull=True)
        )
        for place in due.iterator(BATCH):
            day = max(place.last + every, today)
            found.append(_need(place.area_code, "inspection", "check", today, day, at, place=place))
    return found


def _disputes(today: date, at: datetime) -> list[Need]:
    after = timedelta(days=DISPUTE_AFTER_DAYS)
    settled = Matter.objects.filter(
        ~Q(category__mediation_type=""), category__isnull=False, place_known=True,
        status__in=["closed", "archived"],
        closed_at__lte=at - after + timedelta(days=AHEAD_DAYS),
        closed_at__gt=at - timedelta(days=DISPUTE_UNTIL_DAYS),
    ).exclude(pk__in=Need.objects.filter(reason="dispute").values("matter"))  # fmt: skip
    return [
        _need(
            matter.area_code, "visit", "dispute", today,
            max(timezone.localdate(matter.closed_at) + after, today), at, matter=matter,
        )
        for matter in settled.iterator(BATCH)
        if matter.closed_at
    ]  # fmt: skip


def _need(
    area_code: str, kind: str, reason: str, begins: date, due: date, at: datetime,
    *, place: Place | None = None, matter: Matter | None = None,
) -> Need:  # fmt: skip
    return Need(
        kind=kind, reason=reason, area_code=area_code, place=place, matter=matter,
        from_on=begins, due_on=due, created_at=at,
    )  # fmt: skip
