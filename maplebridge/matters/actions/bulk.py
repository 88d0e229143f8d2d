"""report_many: the same as report() and follow() for the rows of a workbook, in few statements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.ids import new_query_code
from maplebridge.kernel.masks import is_phone
from maplebridge.matters.actions.events import next_event
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
from maplebridge.matters.flow import FLOW, OPEN
from maplebridge.matters.models import Clock, Matter, MatterEvent, Report
from maplebridge.matters.queries.proposals import propose
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.sql import copy_rows

# Shorter texts (路灯不亮) are said about many places; the same words alone make no duplicate.
JOINED_LENGTH = 15
# A matter takes no more reports than this; the next equal text opens another matter.
MOST_REPORTS = 30_000
BULK_LOCK = 0x4D4243  # "MBC": batches of two imports never look for the same duplicates at once


@dataclass(frozen=True)
class Telling:
    """One row: `area` is a known area code or "" for place unknown; `hint` is the category's name
    in the source, which is weighed like words of the text and chooses nothing."""

    command_id: UUID
    text: str
    source: str
    area: str = ""
    address: str = ""
    hint: str = ""
    contact: Mapping[str, str] = field(default_factory=dict)
    reported_at: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a telling: "opened", "joined", "already" or "refused"; why and which field."""

    kind: str
    reason: str = ""
    field: str = ""


@dataclass
class _Row:
    telling: Telling
    text: str
    signature: bytes
    place: Place
    matter: Matter | None = None
    clock: Clock | None = None  # of a matter that the row opens


@transaction.atomic
def report_many(
    tellings: Sequence[Telling], *, channel: str, actor: Actor, at: datetime | None = None
) -> list[Outcome]:
    """Take in a batch (about 500) of tellings as one transaction; one outcome for each, in order.

    Laws are those of report() without a chosen category and of follow(): the same numbers, clocks,
    proposals and chained events. A telling whose id was seen is "already" there; a source seen with
    other words is refused. A text of at least 15 characters that an open matter of this channel
    tells word for word, at the same or an unknown place, joins that matter.
    """
    moment = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BULK_LOCK])
    outcomes: dict[int, Outcome] = {}
    rows = _fresh(tellings, outcomes)
    _find_matters(rows, channel, moment)
    _write(rows, channel, actor, moment)
    for index, row in rows.items():
        outcomes[index] = Outcome("opened" if row.clock else "joined")
    return [outcomes[i] for i in range(len(tellings))]


def _fresh(tellings: Sequence[Telling], outcomes: dict[int, Outcome]) -> dict[int, _Row]:
    """The rows to write by index; the others get their outcome."""
    ids = set(
        Report.objects.filter(id__in=[t.command_id for t in tellings]).values_list("id", flat=True)
    )
    sources = {
        s: bytes(signature)
        for s, signature in Report.objects.filter(
            source__in=[t.source for t in tellings if t.source]
        ).values_list("source", "signature")
    }
    rows = {}
    for index, telling in enumerate(tellings):
        try:
            row = _checked(telling)
        except InvalidInput as error:
            outcomes[index] = Outcome("refused", error.message, error.field)
            continue
        known = sources.get(telling.source) if telling.source else None
        if telling.command_id in ids or known == row.signature:
            outcomes[index] = Outcome("already")
        elif known is not None:
            outcomes[index] = Outcome(
                "refused", _("This number came before with another text."), "id"
            )
        else:
            rows[index] = row
            ids.add(telling.command_id)
            if telling.source:
                sources[telling.source] = row.signature
    return rows


def _checked(telling: Telling) -> _Row:
    text = clean_words(telling.text)
    if not text:
        raise InvalidInput("text", _("Say in a few words what is the matter."))
    phone = telling.contact.get("phone", "").strip()
    if phone and not is_phone(phone):
        raise InvalidInput("contact.phone", _("This is not a phone number."))
    place = find_place(None, None, area=telling.area, address=telling.address)
    return _Row(telling, text, signature_of(text), place)


def _find_matters(rows: dict[int, _Row], channel: str, at: datetime) -> None:
    """Give each row the open matter it joins, or a new one with id and number, none saved."""
    told = _told_before([r.signature for r in rows.values()], channel)
    town, today = directory(), timezone.localdate(at)
    opened = []
    for row in rows.values():
        long_enough = len(row.text) >= JOINED_LENGTH
        same = (m for m in told.get(row.signature, ()) if long_enough and _fits(row, m))
        row.matter = next(same, None)
        if row.matter is not None:
            row.matter.report_count += 1
            continue
        words = f"{row.telling.hint} {row.text}".lstrip()
        proposal = propose(town, words, None, row.place.area_code, today)
        row.matter, row.clock = open_matter(row.text, None, row.place, "", proposal, at)
        told.setdefault(row.signature, []).append(row.matter)
        opened.append((row.matter, row.clock))
    _number(opened, at)


def _told_before(signatures: list[bytes], channel: str) -> dict[bytes, list[Matter]]:
    """Open matters of this channel by the signature of a text, locked, the oldest first."""
    pairs = list(
        Report.objects.filter(
            signature__in=signatures, channel=channel, matter__status__in=OPEN
        ).values_list("signature", "matter_id")
    )
    held = Matter.objects.select_for_update().filter(id__in={m for _s, m in pairs}).order_by("id")
    matters = {m.id: m for m in held if m.is_open}
    found: dict[bytes, list[Matter]] = {}
    for signature, matter_id in sorted(pairs, key=lambda p: p[1]):
        if matter_id in matters:
            found.setdefault(bytes(signature), []).append(matters[matter_id])
    return found


def _fits(row: _Row, matter: Matter) -> bool:
    if matter.report_count >= MOST_REPORTS:
        return False
    near = not row.place.known or row.place.area_code == matter.area_code
    return near and row.place.address == matter.address


def _number(opened: list[tuple[Matter, Clock]], at: datetime) -> None:
    """Ids and numbers without gaps, in the order of the rows."""
    numbers = {
        area: take_numbers(area, count, at)
        for area, count in sorted(Counter(m.area_code[:12] for m, _clock in opened).items())
    }
    for matter, clock in opened:
        number_matter(matter, clock, numbers[matter.area_code[:12]])


def _write(rows: dict[int, _Row], channel: str, actor: Actor, at: datetime) -> None:
    reports, events = [], []
    for row in rows.values():
        telling = row.telling
        told = Told(
            telling.command_id, row.text, channel, row.place, (), seal_contact(telling.contact, at),
            actor, telling.source, telling.reported_at or at, at,
        )  # fmt: skip
        assert row.matter is not None
        report = new_report(row.matter, told)
        data: dict[str, Any] = {"channel": channel, "text": digest_of(report)}
        if row.clock:
            data["area"] = row.place.area_code
        events.append(_event(row, row.matter, actor, data, at))
        reports.append(report)
    _fresh_codes(reports)
    opened = {r.matter.id: r.matter for r in rows.values() if r.matter and r.clock}
    joined = {
        r.matter.id: r.matter for r in rows.values() if r.matter and r.matter.id not in opened
    }
    copy_rows(opened.values())
    Matter.objects.bulk_update(joined.values(), ["version", "last_hash", "report_count"])
    copy_rows(r.clock for r in rows.values() if r.clock)
    copy_rows(events)
    copy_rows(reports)


def _event(
    row: _Row, matter: Matter, actor: Actor, data: dict[str, Any], at: datetime
) -> MatterEvent:
    post = next((p for p in actor.posts if p.reaches(row.place.area_code)), None)
    return next_event(
        matter,
        "report" if row.clock else "follow",
        to_status=FLOW.initial if row.clock else matter.status,
        actor=actor,
        post=post if row.clock else None,
        at=at,
        command_id=row.telling.command_id,
        data=data,
    )


def _fresh_codes(reports: list[Report]) -> None:
    """Draw again what is taken: a hundred thousand draws do meet a code that is in use."""
    while True:
        counts = Counter(r.code for r in reports)
        taken = set(Report.objects.filter(code__in=list(counts)).values_list("code", flat=True)) | {
            code for code, count in counts.items() if count > 1
        }
        if not taken:
            return
        for report in reports:
            if report.code in taken:
                report.code = new_query_code()
