"""Visits and inspections: what was found, what follows from it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.fieldwork.actions.places import allow
from maplebridge.fieldwork.checklists import CHECKLISTS, Checklist
from maplebridge.fieldwork.models import Need, Place, Visit
from maplebridge.fieldwork.rules import ANSWERS, FAULT_AFTER_DAYS, MET
from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.kernel.geography import check_point
from maplebridge.kernel.text import clean_text
from maplebridge.matters.actions import report, take_step
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import matters_visible_to
from maplebridge.org.rules import Actor
from maplebridge.trust.actions import keep_passage

TEXT_LIMIT = 2000


@transaction.atomic
def record_visit(
    *,
    visit_id: UUID,
    kind: str,
    actor: Actor,
    need: UUID | None = None,
    place: UUID | None = None,
    matter: int | None = None,
    met: str = "",
    result: str = "",
    next_on: date | None = None,
    checklist: str = "",
    checklist_version: int | None = None,
    items: Mapping[str, str] | None = None,
    report_faults: Sequence[str] = (),
    photos: Sequence[str] = (),
    voices: Sequence[str] = (),
    position: Mapping[str, float] | None = None,
    made_at: datetime | None = None,
    at: datetime | None = None,
) -> Visit:
    """Keep one going to a place or about a matter; meets the need, asks for the next one.

    An inspection answers the items of its checklist ("ok", "fault", "na"); each fault named in
    `report_faults` becomes a matter at the place. `visit_id` makes a repeat harmless. Raises
    InvalidInput naming the field, NotFound, NotAllowed outside the areas the actor held.
    """
    moment = at or timezone.now()
    made = made_at or moment
    earlier = Visit.objects.filter(pk=visit_id).first()
    if earlier is not None:
        return earlier
    met_need = _need(need)
    there, about = _where(met_need, place, matter, actor)
    area_code = there.area_code if there else about.area_code if about else ""
    allow(actor, area_code)
    if kind not in Need.Kind.values:
        raise InvalidInput("kind", _("Choose one of the given answers."))
    words = clean_text(result, field="result", limit=TEXT_LIMIT)
    sheet, answers = _answers(kind, there, checklist, items or {})
    if kind == Need.Kind.VISIT and met not in MET:
        raise InvalidInput("met", _("Choose one of the given answers."))
    if kind == Need.Kind.VISIT and met in {"yes", "site"} and not (words or photos or voices):
        raise InvalidInput("result", _("Say in a few words what you found."))
    visit = Visit(
        id=visit_id, kind=kind, need=met_need, place=there, matter=about, area_code=area_code,
        met=met, checklist=checklist, checklist_version=checklist_version, items=answers,
        photos=list(photos), voices=list(voices), position=_position(position),
        person_id=actor.person_id, post_id=_post(actor, area_code), made_at=made, at=moment,
    )  # fmt: skip
    if words:
        visit.passage_id = keep_passage(words, at=moment)[0].id
    visit.save(force_insert=True)
    _meet(met_need, moment)
    _look_again(visit, next_on, made)
    if sheet and there:
        _checked(there, made)
        _report_faults(visit, sheet, there, report_faults, words, actor, moment)
    if about is not None and about.is_open:
        _remark(about.id, visit, words, actor, made, moment)
    return visit


def note_mediation(
    matter_id: int,
    *,
    said: str,
    actor: Actor,
    command_id: UUID,
    agreed: str = "",
    next_on: date | None = None,
    photos: Sequence[str] = (),
    made_at: datetime | None = None,
    at: datetime | None = None,
) -> MatterEvent:
    """Keep what a talk between the sides brought, as a note of the matter that no reporter sees.

    Raises InvalidInput when it is no dispute, and as `take_step`.
    """
    matter = matters_visible_to(actor).filter(pk=matter_id).select_related("category").first()
    if matter is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    if matter.category is None or not matter.category.mediation_type:
        raise InvalidInput("matter", _("This matter is not a dispute."))
    note = _("Mediation talk: %(said)s") % {"said": words_of_talk(said, agreed, next_on)}
    return take_step(
        matter_id, "remark", actor, {"note": note, "photos": list(photos)},
        command_id=command_id, made_at=made_at, at=at,
    )  # fmt: skip


def words_of_talk(said: str, agreed: str = "", next_on: date | None = None) -> str:
    """How a talk went, what was agreed and when it goes on, a line each. Raises InvalidInput."""
    said = clean_text(said, field="said", limit=TEXT_LIMIT)
    if not said:
        raise InvalidInput("said", _("Say in a few words how the talk went."))
    agreed = clean_text(agreed, field="agreed", limit=TEXT_LIMIT)
    lines = [said]
    if agreed:
        lines.append(_("Agreed: %(agreed)s") % {"agreed": agreed})
    if next_on:
        lines.append(_("Next talk: %(day)s") % {"day": next_on.isoformat()})
    return "\n".join(lines)


def _need(need_id: UUID | None) -> Need | None:
    if need_id is None:
        return None
    need = (
        Need.objects.select_for_update(of=("self",))
        .select_related("place", "matter")
        .filter(pk=need_id)
        .first()
    )
    if need is None:
        raise NotFound(_("There is no such visit."))
    return need


def _where(
    need: Need | None, place: UUID | None, matter: int | None, actor: Actor
) -> tuple[Place | None, Matter | None]:
    there = Place.objects.filter(pk=place).first() if place else None
    if place and there is None:
        raise NotFound(_("There is no such place, or it is not yours to see."))
    about = matters_visible_to(actor).filter(pk=matter).first() if matter else None
    if matter and about is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    if need is not None:
        if there is not None and need.place_id not in {None, there.id}:
            raise Conflict(_("This visit was meant for another place."))
        there, about = there or need.place, about or need.matter
    if there is None and about is None:
        raise InvalidInput("place", _("Say where you were."))
    return there, about


def _answers(
    kind: str, place: Place | None, code: str, items: Mapping[str, str]
) -> tuple[Checklist | None, dict[str, str]]:
    if kind != Need.Kind.INSPECTION:
        return None, {}
    sheet = CHECKLISTS.get(code)
    if sheet is None or place is None:
        raise InvalidInput("checklist", _("There is no such checklist."))
    # A sheet of an older version may have items of its own: they are kept as they were answered.
    for item, answer in items.items():
        if answer not in ANSWERS or len(item) > 20:
            raise InvalidInput("items", _("Choose one of the given answers."))
    if not any(answer != "na" for answer in items.values()):
        raise InvalidInput("items", _("Answer at least one question."))
    return sheet, dict(items)


def _position(position: Mapping[str, float] | None) -> dict[str, float] | None:
    if not position:
        return None
    try:
        lon, lat = float(position["lon"]), float(position["lat"])
        accuracy = float(position.get("accuracy") or 0)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("position", _("This is not a number.")) from error
    check_point(lon, lat)
    return {"lon": round(lon, 6), "lat": round(lat, 6), "accuracy": round(accuracy)}


def _post(actor: Actor, area_code: str) -> int | None:
    return next((p.id for p in actor.posts if p.reaches(area_code)), None)


def _meet(need: Need | None, at: datetime) -> None:
    """A second visit for a need that was met is kept too; the need knows the first."""
    if need is not None and need.done_at is None:
        need.done_at, need.version = at, need.version + 1
        need.save(update_fields=["done_at", "version"])


def _look_again(visit: Visit, next_on: date | None, made: datetime) -> None:
    today = timezone.localdate(made)
    if next_on is not None:
        if next_on <= today:
            raise InvalidInput("next_on", _("Choose a day to come."))
        _ask_again(visit, "visit", "again", today, next_on)
    if "fault" in visit.items.values():
        due = next_on or today + timedelta(days=FAULT_AFTER_DAYS)
        _ask_again(visit, "inspection", "after_fault", today, due)


def _ask_again(visit: Visit, kind: str, reason: str, begins: date, due: date) -> None:
    row = Need(
        id=uuid5(visit.id, reason), kind=kind, reason=reason, area_code=visit.area_code,
        place=visit.place, matter=visit.matter, from_on=begins, due_on=due,
        asked_by_id=visit.person_id, created_at=visit.at,
    )  # fmt: skip
    Need.objects.bulk_create([row], ignore_conflicts=True)


def _checked(place: Place, made: datetime) -> None:
    day = timezone.localdate(made)
    if place.checked_on is None or place.checked_on < day:
        place.checked_on, place.version = day, place.version + 1
        place.save(update_fields=["checked_on", "version"])


def _report_faults(
    visit: Visit, sheet: Checklist, place: Place, codes: Sequence[str], words: str, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    known = {item.code: item for item in sheet.items}
    for code in dict.fromkeys(codes):
        if visit.items.get(code) != "fault" or code not in known:
            raise InvalidInput("report_faults", _("Only what is not in order can be reported."))
        said = _("%(place)s: not in order: %(item)s") % {
            "place": place.name, "item": known[code].label,
        }  # fmt: skip
        report(
            text=f"{said}\n{words}" if words else said, actor=actor, channel=Report.Channel.FIELD,
            command_id=uuid5(visit.id, code), category=known[code].category, lon=place.lon,
            lat=place.lat, area=place.area_code, address=place.address, photos=list(visit.photos),
            reported_at=visit.made_at, at=at,
        )  # fmt: skip


def _remark(
    matter_id: int, visit: Visit, words: str, actor: Actor, made: datetime, at: datetime
) -> None:
    said = _("Visit (%(met)s): %(words)s") % {"met": MET.get(visit.met, ""), "words": words}
    take_step(
        matter_id, "remark", actor, {"note": said.rstrip(": "), "photos": list(visit.photos)},
        command_id=uuid5(visit.id, "remark"), made_at=made, at=at,
    )  # fmt: skip
