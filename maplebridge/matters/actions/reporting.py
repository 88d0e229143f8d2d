"""report and follow: how a telling becomes, or joins, a matter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.matters.actions.cleaning import clean_photos, clean_voices
from maplebridge.matters.actions.effects.taking import by_itself
from maplebridge.matters.actions.events import append_event, next_event
from maplebridge.matters.actions.opening import (
    Place,
    Told,
    clean_words,
    digest_of,
    find_place,
    new_report,
    number_matter,
    open_matter,
    seal_contact,
    signature_of,
    take_numbers,
)
from maplebridge.matters.actions.stepping import perform
from maplebridge.matters.actions.twins import survives_twins
from maplebridge.matters.flow import FLOW, URGENCIES
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries.proposals import propose
from maplebridge.org.models import Category
from maplebridge.org.queries import directory
from maplebridge.org.rules import ANYONE, TIMER, Actor
from maplebridge.sql import insert_rows, read_one, update_row


@survives_twins
def report(
    *,
    text: str,
    actor: Actor = ANYONE,
    channel: str,
    command_id: UUID,
    category: str = "",
    lon: float | None = None,
    lat: float | None = None,
    crs: str = "wgs84",
    area: str = "",
    address: str = "",
    contact: Mapping[str, str] | None = None,
    photos: Sequence[str] = (),
    voices: Sequence[str] = (),
    source: str = "",
    urgency: str = "",
    hold: bool = False,
    reported_at: datetime | None = None,
    at: datetime | None = None,
) -> Report:
    """Take in a report: locate it, propose category and lead, open a matter, start its clock.

    `command_id` becomes the report's id: the same id with the same text returns the report made
    before, with another text raises Conflict. `contact` has "name" and "phone" and goes to the
    vault. Where the reporter's own category has a duty that dispatches by itself, the matter is
    dispatched at once, unless it is on `hold` for what its author does next. `reported_at` is when
    it was told, where that was before it came here. Raises InvalidInput naming the field.
    """
    moment = at or timezone.now()
    text = clean_words(text)
    chosen = _category(category)
    if not text and chosen is None:
        raise InvalidInput("text", _("Say in a few words what is the matter."))
    earlier = read_one(Report, "WHERE id = %s", [command_id])
    if earlier is not None:
        if earlier.signature != signature_of(text):
            raise Conflict(_("This id was used for another report."))
        return earlier
    place = find_place(lon, lat, crs, area, address)
    told = Told(
        command_id, text, channel, place, clean_photos("photos", list(photos)),
        seal_contact(contact, moment), actor, source, min(reported_at or moment, moment), moment,
        clean_voices("voices", list(voices)),
    )  # fmt: skip
    _danger(urgency)
    return _open(told, chosen, urgency, hold)


def _open(told: Told, chosen: Category | None, urgency: str, hold: bool) -> Report:
    """Everything is made first and written once: matter, clock, event, report."""
    place, at = told.place, told.at
    today = timezone.localdate(at)
    proposal = propose(directory(), told.text, chosen, place.area_code, today, urgency)
    matter, clock = open_matter(told.text, chosen, place, urgency, proposal, at)
    number_matter(matter, clock, take_numbers(place.area_code, 1, at))
    made = new_report(matter, told)
    data: dict[str, Any] = {
        "channel": told.channel,
        "area": place.area_code,
        "text": digest_of(made),
    }
    if chosen:
        data["category"] = chosen.code
    if told.reported_at < at:
        data["made_at"] = told.reported_at.isoformat()
    event = next_event(
        matter,
        "report",
        to_status=FLOW.initial,
        actor=told.actor,
        post=next((p for p in told.actor.posts if p.reaches(place.area_code)), None),
        at=at,
        command_id=told.command_id,
        data=data,
    )
    insert_rows(matter, clock, event, made)
    if urgency:
        by_itself(matter, "alert", {"level": "1"}, event)
    if not hold:
        _dispatch_by_itself(matter, chosen, place, told.command_id, at)
    return made


@survives_twins
def follow(
    matter_id: int,
    *,
    command_id: UUID,
    channel: str,
    text: str = "",
    contact: Mapping[str, str] | None = None,
    photos: Sequence[str] = (),
    voices: Sequence[str] = (),
    actor: Actor = ANYONE,
    urgency: str = "",
    reported_at: datetime | None = None,
    at: datetime | None = None,
) -> Report:
    """Join a matter that was reported before instead of opening another; gets a code of its own.

    A danger that is told now makes the matter urgent, as it would a new one.

    Idempotent by `command_id`. Raises NotFound, and Conflict when the matter is no longer open.
    """
    moment = at or timezone.now()
    text = clean_words(text)
    matter = read_one(Matter, "WHERE id = %s FOR UPDATE", [matter_id])
    if matter is None:
        raise NotFound(_("There is no such matter."))
    earlier = read_one(Report, "WHERE id = %s", [command_id])
    if earlier is not None:
        return earlier
    if not matter.is_open:
        raise Conflict(_("This matter is closed. Report it anew."), status=matter.status)
    told = Told(
        command_id, text, channel, Place.of(matter), clean_photos("photos", list(photos)),
        seal_contact(contact, moment), actor, "", min(reported_at or moment, moment), moment,
        clean_voices("voices", list(voices)),
    )  # fmt: skip
    made = new_report(matter, told)
    insert_rows(made)
    matter.report_count += 1
    event = append_event(
        matter,
        "follow",
        to_status=matter.status,
        actor=actor,
        post=None,
        at=moment,
        command_id=command_id,
        data={"channel": channel, "text": digest_of(made)}
        | ({"made_at": made.reported_at.isoformat()} if made.reported_at < moment else {}),
    )
    update_row(matter, ("version", "last_hash", "report_count"))
    if _danger(urgency) and not matter.urgent:
        by_itself(matter, "mark_urgent", {"urgency": urgency}, event)
    return made


def _danger(urgency: str) -> str:
    if urgency and urgency not in dict(URGENCIES):
        raise InvalidInput("urgency", _("Choose one of the given answers."))
    return urgency


def _category(code: str) -> Category | None:
    if not code:
        return None
    category = directory().category(code)
    if category is None or not category.is_valid_on(timezone.localdate()):
        raise InvalidInput("category", _("There is no such category."))
    if category.hand_over:
        raise InvalidInput(
            "category",
            _("This is not kept here: call %(number)s.") % {"number": category.hand_over},
        )
    return category


def _dispatch_by_itself(
    matter: Matter, chosen: Category | None, place: Place, command_id: UUID, at: datetime
) -> None:
    """The duty list dispatches alone when the reporter chose a category and the place is known."""
    if chosen is None or not place.known:
        return
    match = directory().duty_for(chosen, place.area_code, timezone.localdate(at))
    if match is None or not match.duty.by_itself:
        return
    values = {"category": chosen, "lead": match.lead, "helpers": list(match.helpers)}
    perform(matter, FLOW.step("dispatch"), TIMER, values, None, uuid5(command_id, "dispatch"), at)
