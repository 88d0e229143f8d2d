"""report and follow: how a telling becomes, or joins, a matter."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Func, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel import chain
from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.kernel.geography import check_point, to_wgs84
from maplebridge.kernel.ids import new_query_code, uuid7
from maplebridge.kernel.masks import is_phone
from maplebridge.kernel.text import bigrams, clean_text, signature
from maplebridge.matters.actions import clocks
from maplebridge.matters.actions.cleaning import clean_photos
from maplebridge.matters.actions.events import append_event
from maplebridge.matters.actions.stepping import perform
from maplebridge.matters.actions.twins import survives_twins
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries.duplicates import cell_of
from maplebridge.matters.queries.proposals import Proposal, propose
from maplebridge.org.models import Category
from maplebridge.org.queries import directory
from maplebridge.org.rules import ANYONE, TIMER, Actor
from maplebridge.trust.actions import seal

TEXT_LIMIT = 10_000
ADDRESS_LIMIT = 200
TITLE_LENGTH = 40
INDEXED = 3000  # characters of a report that search finds


@dataclass(frozen=True)
class Place:
    """Where: WGS-84 degrees or none, the smallest known area, and whether it was findable."""

    lon: float | None
    lat: float | None
    crs: str
    area_code: str
    known: bool
    address: str


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
    source: str = "",
    urgent: bool = False,
    reported_at: datetime | None = None,
    at: datetime | None = None,
) -> Report:
    """Take in a report: locate it, propose category and lead, open a matter, start its clock.

    `command_id` becomes the report's id: the same id with the same text returns the report made
    before, with another text raises Conflict. `contact` has "name" and "phone" and goes to the
    vault. Where the reporter's own category has a duty that dispatches by itself, the matter is
    dispatched at once. Raises InvalidInput naming the field.
    """
    moment = at or timezone.now()
    text = clean_text(text, field="text", limit=TEXT_LIMIT)
    chosen = _category(category)
    if not text and chosen is None:
        raise InvalidInput("text", _("Say in a few words what is the matter."))
    earlier = Report.objects.select_related("matter").filter(id=command_id).first()
    if earlier is not None:
        if earlier.signature != _signature(text):
            raise Conflict(_("This id was used for another report."))
        return earlier
    place = _place(lon, lat, crs, area, address)
    pictures = clean_photos("photos", list(photos))
    subject = _seal_contact(contact, moment)
    matter = _open_matter(text, chosen, place, urgent, moment)
    made = _keep_report(
        matter,
        command_id,
        text,
        channel,
        place,
        pictures,
        subject,
        actor,
        source,
        reported_at,
        moment,
    )
    data: dict[str, Any] = {
        "channel": channel,
        "area": place.area_code,
        "text": chain.text_digest(text, bytes(made.salt)).hex(),
    }
    if chosen:
        data["category"] = chosen.code
    post = next((p for p in actor.posts if p.reaches(place.area_code)), None)
    event = append_event(
        matter,
        "report",
        to_status="reported",
        actor=actor,
        post=post,
        at=moment,
        command_id=command_id,
        data=data,
    )
    _dispatch_by_itself(matter, chosen, place, event.command_id, moment)
    matter.save(update_fields=["version", "last_hash", "status"])
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
    actor: Actor = ANYONE,
    at: datetime | None = None,
) -> Report:
    """Join a matter that was reported before instead of opening another; gets a code of its own.

    Idempotent by `command_id`. Raises NotFound, and Conflict when the matter is no longer open.
    """
    moment = at or timezone.now()
    text = clean_text(text, field="text", limit=TEXT_LIMIT)
    matter = Matter.objects.select_for_update().filter(pk=matter_id).first()
    if matter is None:
        raise NotFound(_("There is no such matter."))
    earlier = Report.objects.select_related("matter").filter(id=command_id).first()
    if earlier is not None:
        return earlier
    if not matter.is_open:
        raise Conflict(_("This matter is closed. Report it anew."), status=matter.status)
    place = Place(matter.lon, matter.lat, "wgs84", matter.area_code, matter.place_known, "")
    made = _keep_report(
        matter,
        command_id,
        text,
        channel,
        place,
        clean_photos("photos", list(photos)),
        _seal_contact(contact, moment),
        actor,
        "",
        None,
        moment,
    )
    matter.report_count += 1
    append_event(
        matter,
        "follow",
        to_status=matter.status,
        actor=actor,
        post=None,
        at=moment,
        command_id=command_id,
        data={"channel": channel, "text": chain.text_digest(text, bytes(made.salt)).hex()},
    )
    matter.save(update_fields=["version", "last_hash", "report_count"])
    return made


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


def _place(lon: float | None, lat: float | None, crs: str, area: str, address: str) -> Place:
    """The smallest area found from the point, else the one that was named, else unknown."""
    address = clean_text(address, field="address", limit=ADDRESS_LIMIT)
    named = directory().area(area) if area else None
    if area and named is None:
        raise InvalidInput("area", _("There is no such area."))
    if (lon is None) != (lat is None):
        raise InvalidInput("lat" if lat is None else "lon", _("Give both longitude and latitude."))
    if lon is not None and lat is not None:
        check_point(lon, lat)
        lon, lat = to_wgs84(lon, lat, crs)
        found = directory().locate(lon, lat)
        if found is not None and found.level in {"village", "grid"}:
            return Place(lon, lat, crs, found.code, True, address)
    if named is not None:
        return Place(lon, lat, crs, named.code, named.level in {"village", "grid"}, address)
    return Place(lon, lat, crs, directory().receiving_area(), False, address)


def _signature(text: str) -> bytes:
    return sha256(signature(text).encode()).digest()[:16]


def _seal_contact(contact: Mapping[str, str] | None, at: datetime) -> UUID | None:
    filled = {k: v.strip() for k, v in (contact or {}).items() if v and v.strip()}
    if unknown := filled.keys() - {"name", "phone"}:
        raise InvalidInput(
            "contact", _("Unknown: %(names)s") % {"names": ", ".join(sorted(unknown))}
        )
    if not filled:
        return None
    if "phone" in filled and not is_phone(filled["phone"]):
        raise InvalidInput("contact.phone", _("This is not a phone number."))
    subject = uuid7()
    seal(subject, {f"reporter.{k}": v for k, v in filled.items()}, at=at)
    return subject


def take_serials(area_code: str, count: int, at: datetime) -> Iterator[str]:
    """So many numbers of area (village, else the area known) and day: 331181101201-20261124-0001.

    The counter's row stays locked until the transaction ends, so numbers have no gaps.
    """
    key = f"{area_code[:12]}-{timezone.localdate(at):%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO matters_numbercounter (key, last) VALUES (%s, %s) ON CONFLICT (key) "
            "DO UPDATE SET last = matters_numbercounter.last + excluded.last RETURNING last",
            [key, count],
        )
        (last,) = cursor.fetchone()
    return (f"{key}-{serial:04d}" for serial in range(last - count + 1, last + 1))


def _open_matter(
    text: str, chosen: Category | None, place: Place, urgent: bool, at: datetime
) -> Matter:
    proposal = propose(directory(), text, chosen, place.area_code, timezone.localdate(at))
    number = next(take_serials(place.area_code, 1, at))
    matter = new_matter(number, text, chosen, place, urgent, proposal, at)
    matter.save(force_insert=True)
    (clock,) = clocks.start(matter, [("respond", proposal.respond)], at)
    matter.due_at, matter.due_kind = clock.due_at, "respond"
    Matter.objects.filter(pk=matter.pk).update(due_at=clock.due_at, due_kind="respond")
    return matter


def new_matter(
    number: str,
    text: str,
    chosen: Category | None,
    place: Place,
    urgent: bool,
    proposal: Proposal,
    at: datetime,
) -> Matter:
    """A matter as a report opens it, not saved."""
    match = proposal.match
    return Matter(
        number=number,
        title=_title(text, chosen),
        category=chosen,
        status=FLOW.initial,
        last_hash=chain.GENESIS,
        area_code=place.area_code,
        place_known=place.known,
        lon=place.lon,
        lat=place.lat,
        cell=cell_of(place.lon, place.lat)
        if place.lon is not None and place.lat is not None
        else None,
        address=place.address,
        proposed_category=proposal.category,
        proposed_lead=match.lead if match else None,
        proposal=proposal.record(),
        urgent=urgent,
        reported_at=at,
    )


def _title(text: str, chosen: Category | None) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    for mark in "。！？!?；;":
        first = first.split(mark)[0]
    return (first or (chosen.name if chosen else ""))[:TITLE_LENGTH]


def _keep_report(*parts: Any) -> Report:
    made = new_report(*parts)
    made.save(force_insert=True)
    return made


def new_report(
    matter: Matter,
    command_id: UUID,
    text: str,
    channel: str,
    place: Place,
    photos: list[str],
    subject: UUID | None,
    actor: Actor,
    source: str,
    reported_at: datetime | None,
    at: datetime,
) -> Report:
    """A report of a matter, not saved; `search` is an expression that the database reads."""
    tokens = bigrams(f"{text[:INDEXED]} {place.address}")
    return Report(
        id=command_id,
        matter=matter,
        code=new_query_code(),
        channel=channel,
        text=text,
        salt=os.urandom(16),
        signature=_signature(text),
        photos=photos,
        source_crs=place.crs,
        subject=subject,
        taken_by_id=actor.person_id,
        source=source,
        reported_at=reported_at or at,
        received_at=at,
        search=Func(
            Value(tokens),
            function="array_to_tsvector",
            output_field=SearchVectorField(),
            template="%(function)s(%(expressions)s::text[])",
        ),
    )


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
