"""What a telling becomes: its place, its matter with number and clock, its report; none saved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel import chain
from maplebridge.kernel.chance import draw
from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.geography import check_point, to_wgs84
from maplebridge.kernel.ids import new_query_code, uuid7
from maplebridge.kernel.masks import is_phone
from maplebridge.kernel.text import clean_text, signature
from maplebridge.kernel.worktime import Limit
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Clock, Matter, Report
from maplebridge.matters.queries.duplicates import cell_of
from maplebridge.matters.queries.proposals import Proposal
from maplebridge.matters.queries.words import lexemes
from maplebridge.org.models import Category
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.trust.actions import seal

TEXT_LIMIT = 10_000
ADDRESS_LIMIT = 200
TITLE_LENGTH = 40


@dataclass(frozen=True)
class Place:
    """Where: WGS-84 degrees or none, the smallest known area, and whether it was findable."""

    lon: float | None
    lat: float | None
    crs: str
    area_code: str
    known: bool
    address: str

    @classmethod
    def of(cls, matter: Matter) -> "Place":
        """The place of a matter, for a report that joins it."""
        area, known = matter.area_code, matter.place_known
        return cls(matter.lon, matter.lat, "wgs84", area, known, "")


@dataclass(frozen=True)
class Told:
    """A telling that was checked: clean text, place, stored photos, the vault's subject."""

    command_id: UUID
    text: str
    channel: str
    place: Place
    photos: Sequence[str]
    subject: UUID | None
    actor: Actor
    source: str
    reported_at: datetime
    at: datetime
    voices: Sequence[str] = ()


def find_place(
    lon: float | None, lat: float | None, crs: str = "wgs84", area: str = "", address: str = ""
) -> Place:
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


def clean_words(text: str) -> str:
    """The text of a report without control characters; InvalidInput("text") when too long."""
    return clean_text(text, field="text", limit=TEXT_LIMIT)


def signature_of(text: str) -> bytes:
    """16 bytes that are the same for texts that differ in case, width and punctuation alone."""
    return sha256(signature(text).encode()).digest()[:16]


def seal_contact(contact: Mapping[str, str] | None, at: datetime) -> UUID | None:
    """Put "name" and "phone" into the vault; the new subject, None when nothing was left."""
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


def take_numbers(area_code: str, count: int, at: datetime) -> Iterator[tuple[int, str]]:
    """So many ids with numbers of area (village, else the area known) and day.

    A number reads 331181101201-20261124-0001. The counter's row stays locked until the
    transaction ends, so numbers have no gaps.
    """
    key = f"{area_code[:12]}-{timezone.localdate(at):%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH counter AS (INSERT INTO matters_numbercounter (key, last) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET last = matters_numbercounter.last + excluded.last "
            "RETURNING last) SELECT nextval(pg_get_serial_sequence('matters_matter', 'id')), last "
            "FROM counter, generate_series(1, %s)",
            [key, count, count],
        )
        rows = cursor.fetchall()
    first = rows[0][1] - count + 1
    return ((pk, f"{key}-{serial:04d}") for serial, (pk, _last) in enumerate(rows, first))


def open_matter(
    text: str, chosen: Category | None, place: Place, urgency: str, proposal: Proposal, at: datetime
) -> tuple[Matter, Clock]:
    """A matter as a report opens it, without id and number, and its clock to the first contact."""
    match, here = proposal.match, place.lon is not None and place.lat is not None
    due = directory().calendar.add(at, Limit.parse(proposal.respond))
    matter = Matter(
        title=_title(text, chosen),
        category=chosen,
        status=FLOW.initial,
        last_hash=chain.GENESIS,
        area_code=place.area_code,
        place_known=place.known,
        lon=place.lon,
        lat=place.lat,
        cell=cell_of(place.lon, place.lat) if here else None,  # type: ignore[arg-type]
        address=place.address,
        proposed_category=proposal.category,
        proposed_lead=match.lead if match else None,
        proposal=proposal.record(),
        urgent=bool(urgency),
        urgency=urgency,
        due_at=due,
        due_kind="respond",
        reported_at=at,
    )
    clock = Clock(
        matter=matter, kind="respond", limit=proposal.respond, started_at=at, first_due_at=due,
        due_at=due,
    )  # fmt: skip
    return matter, clock


def number_matter(matter: Matter, clock: Clock, numbers: Iterator[tuple[int, str]]) -> None:
    """Give both the next id and number."""
    matter.id, matter.number = next(numbers)
    clock.matter_id = matter.id


def _title(text: str, chosen: Category | None) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    for mark in "。！？!?；;":
        first = first.split(mark)[0]
    return (first or (chosen.name if chosen else ""))[:TITLE_LENGTH]


def new_report(matter: Matter, told: Told) -> Report:
    """A report of a matter, which has its id and number."""
    return Report(
        id=told.command_id,
        matter=matter,
        code=new_query_code(),
        channel=told.channel,
        text=told.text,
        salt=draw(16),
        signature=signature_of(told.text),
        photos=list(told.photos),
        voices=list(told.voices),
        source_crs=told.place.crs,
        subject=told.subject,
        taken_by_id=told.actor.person_id,
        source=told.source,
        reported_at=told.reported_at,
        received_at=told.at,
        search=lexemes(matter, told.text),
    )


def digest_of(report: Report) -> str:
    """What the event says of the report's text: a salted digest in hexadecimal."""
    return chain.text_digest(report.text, bytes(report.salt)).hex()
