"""Things as a phone holds them: what the task needs, never a contact."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from maplebridge.fieldwork.models import Need, Place
from maplebridge.matters.flow import FLOW, STATUSES
from maplebridge.matters.models import Assignment, Matter, MatterEvent
from maplebridge.matters.queries import idle_steps, light_of
from maplebridge.notify.models import Message
from maplebridge.org.queries import directory
from maplebridge.sync.models import Conflict, Submission
from maplebridge.sync.queries.scopes import Scopes
from maplebridge.sync.rules import RECORDS_DAYS

TEXT_LIMIT = 300
TITLE_LIMIT = 80
MESSAGES = 100
_FIRST_TEXT = """
SELECT DISTINCT ON (matter_id) matter_id, left(text, %s) FROM matters_report
WHERE matter_id = ANY(%s) ORDER BY matter_id, reported_at, id
"""
Row = dict[str, Any]


def matter_rows(scopes: Scopes, ids: Sequence[int]) -> list[Row]:
    """Matters of these ids that the phone holds, in their order: four queries."""
    matters = list(scopes.matters(ids).order_by("id"))
    found = [m.id for m in matters]
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_TEXT, [TEXT_LIMIT, found])
        texts = dict(cursor.fetchall())
    last = {
        e["matter_id"]: {"step": e["step"], "at": e["at"]}
        for e in MatterEvent.objects.filter(matter__in=found, version=F("matter__version")).values(
            "matter_id", "step", "at"
        )
    }
    helping: dict[int, set[int]] = {}
    for matter_id, unit_id in Assignment.objects.filter(
        matter__in=found, role="helper", state="active"
    ).values_list("matter_id", "unit_id"):
        helping.setdefault(matter_id, set()).add(unit_id)
    steps = _Steps(scopes)
    return [
        _matter(m, texts.get(m.id, ""), last.get(m.id), steps, helping.get(m.id, set()))
        for m in matters
    ]


class _Steps:
    """The names of the steps a worker may take, read from the table once for each case."""

    def __init__(self, scopes: Scopes) -> None:
        self.units = scopes.actor.unit_ids
        self.posts = [p for p in scopes.actor.posts if p.kind == "grid_worker"]
        self._known: dict[tuple[str, frozenset[str], frozenset[str]], list[str]] = {}

    def of(self, matter: Matter, helpers: set[int]) -> list[str]:
        """As `kinds_for`, `FLOW.available` and `idle_steps` would say, without a query."""
        kinds = set()
        if any(p.reaches(matter.area_code) for p in self.posts):
            kinds.add("grid_worker")
        if matter.lead_id in self.units:
            kinds.add("handler")
        if helpers & (self.units - {matter.lead_id or 0}):
            kinds.add("helper")
        idle = idle_steps(matter) | (frozenset() if matter.urgent else {"acknowledge"})
        case = (matter.status, frozenset(kinds), idle)
        if case not in self._known:
            found = FLOW.available(matter.status, kinds)
            self._known[case] = [s.name for s in found if s.name not in idle]
        return self._known[case]


def _matter(matter: Matter, text: str, last: Row | None, steps: _Steps, helpers: set[int]) -> Row:
    town = directory()
    category = town.category_by_id(matter.category_id or matter.proposed_category_id)
    lead = town.units.get(matter.lead_id or 0)
    return {
        "kind": "matter", "id": str(matter.id), "version": matter.version,
        "number": matter.number, "status": matter.status, "label": str(STATUSES[matter.status]),
        "category": category.code if category else "", "title": matter.title[:TITLE_LIMIT],
        "text": text if matter.is_open else "", "area": matter.area_code,
        "place_known": matter.place_known, "lon": matter.lon, "lat": matter.lat,
        "address": matter.address, "reported_at": matter.reported_at, "due_at": matter.due_at,
        "light": light_of(matter, timezone.now()), "urgent": matter.urgent,
        "returns": matter.returns, "lead": lead.name if lead else "",
        "mine": matter.lead_id in steps.units, "steps": steps.of(matter, helpers),
        "reports": matter.report_count, "last": last,
    }  # fmt: skip


def place_rows(scopes: Scopes, ids: Sequence[UUID]) -> list[Row]:
    """Places of these ids that the phone holds."""
    return [_place(p) for p in scopes.places().filter(pk__in=ids).order_by("id")]


def _place(place: Place) -> Row:
    return {
        "kind": "place", "id": str(place.id), "version": place.version, "place_kind": place.kind,
        "name": place.name, "area": place.area_code, "address": place.address, "lon": place.lon,
        "lat": place.lat, "facts": place.facts, "checked_on": place.checked_on,
    }  # fmt: skip


def need_rows(scopes: Scopes, ids: Sequence[UUID]) -> list[Row]:
    """Open needs of these ids that the phone holds."""
    found = scopes.needs().filter(pk__in=ids).select_related("matter").order_by("id")
    return [_need(n) for n in found]


def _need(need: Need) -> Row:
    return {
        "kind": "need", "id": str(need.id), "version": need.version, "need_kind": need.kind,
        "reason": need.reason, "label": need.get_reason_display(), "area": need.area_code,
        "place": str(need.place_id) if need.place_id else None, "matter": need.matter_id,
        # What it is about, where that is over and no longer held itself.
        "title": need.matter.title[:TITLE_LIMIT] if need.matter else "",
        "address": need.matter.address if need.matter else "",
        "note": need.note, "from_on": need.from_on, "due_on": need.due_on,
    }  # fmt: skip


def message_rows(scopes: Scopes, ids: Sequence[int]) -> list[Row]:
    """The worker's own messages of these ids."""
    town, rows = directory(), []
    found = Message.objects.filter(person_id=scopes.actor.person_id or 0, pk__in=ids).order_by("id")
    names = {step.name: step.label for step in FLOW.steps}
    for told in found:
        category = town.category(told.category)
        parts = [names.get(told.kind, told.kind), category.label if category else ""]
        rows.append(
            {
                "kind": "message", "id": str(told.id), "version": 1 + told.read,
                "text": " · ".join(str(p) for p in parts if p), "matter": told.number,
                "at": told.at, "read": told.read, "urgent": told.urgent,
            }
        )  # fmt: skip
    return rows


def record_rows(scopes: Scopes, ids: Sequence[int]) -> list[Row]:
    """The worker's own submissions of these receipts, with their conflicts."""
    since = timezone.now() - timedelta(days=RECORDS_DAYS)
    rows = Submission.objects.filter(
        person_id=scopes.actor.person_id or 0,
        receipt__in=ids,
        arrived_at__gte=since,
        contested=False,
    ).select_related("matter")
    met = dict(
        Conflict.objects.filter(submission__in=ids, decided_at__isnull=True).values_list(
            "submission_id", "fields"
        )
    )
    return [_record(r, met.get(r.receipt, {})) for r in rows.order_by("receipt")]


def _record(row: Submission, fields: Row) -> Row:
    return {
        "kind": "record", "id": str(row.record), "version": row.version, "receipt": row.receipt,
        "record": row.kind, "state": row.state, "reason": row.reason, "made_at": row.made_at,
        "arrived_at": row.arrived_at, "matter": row.matter.number if row.matter else None,
        "matter_id": row.matter_id, "fields": fields if row.state == "conflict" else {},
    }  # fmt: skip


ROWS: dict[str, Callable[[Scopes, Sequence[Any]], list[Row]]] = {
    "matter": matter_rows,
    "place": place_rows,
    "need": need_rows,
    "message": message_rows,
    "record": record_rows,
}
# A thing's id in the database by the text that names it in a change.
READ_ID: dict[str, Callable[[str], Any]] = {
    "matter": int, "place": UUID, "need": UUID, "message": int, "record": int,
}  # fmt: skip


def first_ids(scopes: Scopes, kind: str, after: Any, size: int) -> list[Any]:
    """Ids of one kind that the phone holds, after an id, in their order."""
    since = timezone.now() - timedelta(days=RECORDS_DAYS)
    person = scopes.actor.person_id or 0
    ways: dict[str, Callable[[], Any]] = {
        "matter": scopes.matters, "place": scopes.places, "need": scopes.needs,
        "message": lambda: Message.objects.filter(
            pk__in=Message.objects.filter(person_id=person).order_by("-id").values("pk")[:MESSAGES]
        ),
        "record": lambda: Submission.objects.filter(
            person_id=person, arrived_at__gte=since, contested=False
        ),
    }  # fmt: skip
    held = ways[kind]()
    if after is not None:
        held = held.filter(pk__gt=after)
    return list(held.order_by("pk").values_list("pk", flat=True)[:size])
