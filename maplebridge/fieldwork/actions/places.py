"""Keeping places: made once, mended field by field, so that two may mend different fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.fieldwork.models import Place, PlaceChange
from maplebridge.fieldwork.queries import PLACE_KINDS
from maplebridge.fieldwork.rules import FACTS, KINDS, MENDABLE, is_fact
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.geography import check_point
from maplebridge.kernel.text import clean_text
from maplebridge.org.queries import directory
from maplebridge.org.rules import TIMER, Actor

LIMITS = {"name": 60, "address": 200}


@dataclass(frozen=True)
class Mended:
    """What became of each field: taken over, or in conflict with what somebody else wrote.

    A conflict is {"base", "theirs", "mine", "by", "at"}; the place keeps what stood there.
    """

    place: Place
    applied: list[str] = field(default_factory=list)
    conflicts: dict[str, dict[str, Any]] = field(default_factory=dict)


@transaction.atomic
def keep_place(
    *,
    place_id: UUID,
    fields: Mapping[str, Any],
    actor: Actor,
    command_id: UUID,
    made_at: datetime | None = None,
    at: datetime | None = None,
) -> Place:
    """Enter a place: kind, name, address, lon, lat, area (where no point is known), facts.

    `place_id` comes from whoever enters it; the same id by the same command again answers the
    place there is. Raises InvalidInput naming the field, NotAllowed outside the actor's areas,
    Conflict when the id is another place's.
    """
    moment = at or timezone.now()
    earlier = Place.objects.filter(pk=place_id).first()
    if earlier is not None:
        if PlaceChange.objects.filter(place=earlier, command_id=command_id).exists():
            return earlier
        raise Conflict(_("This id was used for another place."))
    values = _clean(None, fields)
    for needed in ("kind", "name"):
        if not values.get(needed):
            raise InvalidInput(needed, _("This is needed."))
    place = Place(id=place_id, created_at=moment)
    for name, value in values.items():
        _set(place, name, value)
    _locate(place, str(fields.get("area") or ""))
    allow(actor, place.area_code)
    place.save(force_insert=True)
    _note(place, {n: (None, v) for n, v in values.items()}, actor, command_id, made_at, moment)
    return place


@transaction.atomic
def mend_place(
    place_id: UUID,
    fields: Mapping[str, Mapping[str, Any]],
    *,
    actor: Actor,
    command_id: UUID,
    made_at: datetime | None = None,
    at: datetime | None = None,
) -> Mended:
    """Mend fields of a place: {name: {"base": what one saw, "mine": what one writes}}.

    A field nobody else has changed since is taken over, and so is one that already says the same;
    where somebody else wrote something different in between, the field stays and the conflict is
    answered. Idempotent by `command_id`. Raises NotFound, NotAllowed, InvalidInput.
    """
    moment = at or timezone.now()
    place = Place.objects.select_for_update().filter(pk=place_id).first()
    if place is None:
        raise NotFound(_("There is no such place, or it is not yours to see."))
    allow(actor, place.area_code)
    done = set(
        PlaceChange.objects.filter(command_id=command_id, place=place).values_list(
            "field", flat=True
        )
    )
    mine = _clean(place, {name: told.get("mine") for name, told in fields.items()})
    taken: dict[str, tuple[Any, Any]] = {}
    conflicts: dict[str, dict[str, Any]] = {}
    for name, value in mine.items():
        stands, base = _get(place, name), fields[name].get("base")
        if value in (stands, base) or name in done:
            continue  # it stands there, or was only looked at
        if stands == base:
            taken[name] = (stands, value)
            _set(place, name, value)
        else:
            conflicts[name] = {"base": base, "theirs": stands, "mine": value} | _last(place, name)
    if taken:
        if {"lon", "lat"} & taken.keys():
            _locate(place, place.area_code)
            allow(actor, place.area_code)
        place.version += 1
        place.save()
        _note(place, taken, actor, command_id, made_at, moment)
    return Mended(place, [n for n in mine if n not in conflicts], conflicts)


@transaction.atomic
def close_place(place_id: UUID, *, actor: Actor, at: datetime | None = None) -> Place:
    """Say that a place is no longer in use: no check is due there any more, its visits stay."""
    moment = at or timezone.now()
    place = Place.objects.select_for_update().filter(pk=place_id).first()
    if place is None:
        raise NotFound(_("There is no such place, or it is not yours to see."))
    allow(actor, place.area_code)
    if place.closed_at is None:
        place.closed_at, place.version = moment, place.version + 1
        place.save(update_fields=["closed_at", "version"])
        place.needs.filter(done_at__isnull=True).update(
            done_at=moment, dropped=_("The place is no longer in use.")
        )
    return place


def allow(actor: Actor, area_code: str) -> None:
    """NotAllowed for whoever holds no post that works in this area; the timer may."""
    if actor.kind == TIMER.kind:
        return
    if not any(p.kind in PLACE_KINDS and p.reaches(area_code) for p in actor.posts):
        raise NotAllowed(_("This place is not in your area."))


def _clean(place: Place | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    kind = fields.get("kind") or (place.kind if place else "")
    if kind not in KINDS:
        raise InvalidInput("kind", _("Choose one of the given answers."))
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name in LIMITS:
            values[name] = clean_text(str(value or ""), field=name, limit=LIMITS[name])
        elif name in {"lon", "lat"}:
            values[name] = _degrees(name, value)
        elif name == "kind":
            values[name] = kind
        elif name in FACTS:
            if not is_fact(str(kind), name, value):
                raise InvalidInput(name, _("This value is not allowed here."))
            values[name] = value
        elif name != "area":
            raise InvalidInput(name, _("There is no such field."))
    if "name" in values and not values["name"]:
        raise InvalidInput("name", _("This is needed."))
    return values


def _degrees(name: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        return round(float(value), 6)
    except (TypeError, ValueError) as error:
        raise InvalidInput(name, _("This is not a number.")) from error


def _get(place: Place, name: str) -> Any:
    return getattr(place, name) if name in MENDABLE else place.facts.get(name)


def _set(place: Place, name: str, value: Any) -> None:
    if name in MENDABLE:
        setattr(place, name, value)
    elif value is None:
        place.facts.pop(name, None)
    else:
        place.facts[name] = value


def _locate(place: Place, named: str) -> None:
    """The smallest area holding the point, else the one that was named; a place is somewhere."""
    if (place.lon is None) != (place.lat is None):
        raise InvalidInput("lat", _("Give both longitude and latitude."))
    if place.lon is not None and place.lat is not None:
        check_point(place.lon, place.lat)
        if found := directory().locate(place.lon, place.lat):
            place.area_code = found.code
            return
    area = directory().area(named)
    if area is None or area.level not in {"village", "grid"}:
        raise InvalidInput("area", _("Say in which village or grid the place is."))
    place.area_code = area.code


def _last(place: Place, name: str) -> dict[str, Any]:
    change = place.changes.filter(field=name).select_related("person").first()
    if change is None:
        return {"by": "", "at": None}
    return {"by": change.person.name if change.person else "", "at": change.made_at.isoformat()}


def _note(
    place: Place,
    values: Mapping[str, tuple[Any, Any]],
    actor: Actor,
    command_id: UUID,
    made_at: datetime | None,
    at: datetime,
) -> None:
    PlaceChange.objects.bulk_create(
        PlaceChange(
            place=place, field=name, before=before, after=after, person_id=actor.person_id,
            made_at=made_at or at, at=at, command_id=command_id,
        )
        for name, (before, after) in values.items()
    )  # fmt: skip
