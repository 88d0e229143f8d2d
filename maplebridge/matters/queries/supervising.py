"""What a supervisor decides and watches: petitions, second returns, who was told when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from maplebridge.kernel.worktime import Limit
from maplebridge.matters.flow import OPEN, RETURN_REASONS
from maplebridge.matters.models import Clock, Matter, MatterEvent, Petition
from maplebridge.matters.queries.filters import STATES, MatterFilter
from maplebridge.matters.queries.lists import for_rows
from maplebridge.matters.queries.visible import matters_visible_to
from maplebridge.org.models import Category, Duty, Post, Unit
from maplebridge.org.queries import LEADS, directory
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages

WITNESSED = ("alert", "escalate")
# How far back the list of tellings reaches.
TELLING_DAYS = 7


def counts(actor: Actor, states: Iterable[str], now: datetime) -> dict[str, int]:
    """How many open matters the actor sees in each state of the filter; one query."""
    among = {state: Count("pk", filter=STATES[state][1](now)) for state in states}
    numbers: dict[str, int] = matters_visible_to(actor).filter(status__in=OPEN).aggregate(**among)
    return numbers


def count_asking(actor: Actor, now: datetime) -> int:
    """How many matters wait for a decision, closed ones included; one query."""
    return MatterFilter(state="asks").apply(matters_visible_to(actor), now).count()


@dataclass(frozen=True)
class Asked:
    """A petition with what its decision rests on; `most` is the last due time the rules allow."""

    petition: Petition
    text: str
    clock: Clock | None
    most: datetime | None

    @property
    def matter(self) -> Matter:
        return self.petition.matter


def latest_due(clock: Clock) -> datetime:
    """How far a limit may be extended: twice the first one, and the pauses on top."""
    calendar, limit = directory().calendar, Limit.parse(clock.limit)
    most = calendar.add(clock.started_at, Limit(limit.amount * 2, limit.unit))
    if clock.paused_seconds:
        most = calendar.add_working_seconds(most, clock.paused_seconds)
    return most


def petitions(actor: Actor, size: int, only: Matter | None = None) -> list[Asked]:
    """Open petitions of matters the actor sees, the longest waiting first; three queries."""
    asked = Petition.objects.filter(decided_at__isnull=True, matter__in=matters_visible_to(actor))
    if only is not None:
        asked = asked.filter(matter=only)
    asked = asked.select_related(
        "asked_by", "matter__category", "matter__lead", "matter__proposed_category",
        "matter__proposed_lead",
    )  # fmt: skip
    found = list(asked.order_by("asked_at", "id")[:size])
    texts = passages(p.passage_id for p in found if p.passage_id)
    running = Clock.objects.filter(
        matter_id__in={p.matter_id for p in found}, kind="handle", stopped_at__isnull=True
    )
    clocks = {clock.matter_id: clock for clock in running}
    return [
        Asked(
            petition,
            texts.get(petition.passage_id, "") if petition.passage_id else "",
            clock := clocks.get(petition.matter_id),
            latest_due(clock) if clock else None,
        )
        for petition in found
    ]


@dataclass(frozen=True)
class Return:
    """One return of a matter: which unit gave it back, why, and whom it named instead."""

    event: MatterEvent
    unit: Unit | None
    belongs_to: Unit | None
    text: str

    @property
    def reason(self) -> object:
        """The kind of reason in words."""
        return dict(RETURN_REASONS).get(self.event.data.get("code", ""), "")


def returns_of(matter: Matter) -> list[Return]:
    """The returns of a matter, oldest first; two queries."""
    town = directory()
    events = list(
        matter.events.filter(step="return_back")
        .select_related("person", "post__unit")
        .order_by("version")
    )
    texts = passages(e.passage_id for e in events if e.passage_id)
    return [
        Return(
            event,
            town.units.get(event.data.get("from_unit")),
            town.units.get(event.data.get("belongs_to")),
            texts.get(event.passage_id, "") if event.passage_id else "",
        )
        for event in events
    ]


@dataclass(frozen=True)
class Entry:
    """An entry of the duty list that fits here: who would lead by it, and its verdict."""

    duty: Duty
    lead: Unit | None
    helpers: tuple[Unit, ...]
    verdict: str

    @property
    def leads(self) -> bool:
        return self.verdict == LEADS


def entries_for(category: Category, area_code: str, on: date) -> list[Entry]:
    """The duty list of a category at a place, what leads now first; no query."""
    weighed = directory().weigh_duties(category, area_code, on)
    return [
        Entry(w.duty, w.lead, tuple(w.duty.helpers.all()), w.verdict)  # held with the directory
        for w in weighed
        if w.lead is not None
    ]


@dataclass(frozen=True)
class Telling:
    """One rise of a light or alarm: the event and the posts told then, a unit each."""

    event: MatterEvent
    posts: tuple[str, ...] = field(default=())


def post_names(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Unit and title of posts by id, in the order of the units; one query, none for no ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    posts = Post.objects.filter(id__in=wanted).select_related("unit")
    return {p.id: (p.unit.name, p.title) for p in posts.order_by("unit__code", "title", "id")}


def told_ids(events: Iterable[MatterEvent]) -> set[int]:
    """Ids of all posts that some events told."""
    return {post for event in events for post in event.data.get("told", ())}


def told_of(data: Mapping[str, Any], names: Mapping[int, tuple[str, str]]) -> tuple[str, ...]:
    """The posts an event told as "unit · title, title", a unit once and in the units' order."""
    told, units = set(data.get("told", ())), dict[str, list[str]]()
    for unit, title in dict.fromkeys(name for post, name in names.items() if post in told):
        units.setdefault(unit, []).append(title)
    return tuple(f"{unit} · {_(', ').join(titles)}" for unit, titles in units.items())


def tellings_of(matters: Iterable[Matter]) -> dict[int, list[Telling]]:
    """By matter: every rise of its light or alarm, oldest first; two queries."""
    events = MatterEvent.objects.filter(
        matter_id__in=[m.id for m in matters], step__in=WITNESSED
    ).order_by("matter_id", "version")
    found: dict[int, list[Telling]] = {}
    for telling in _tellings(list(events)):
        found.setdefault(telling.event.matter_id, []).append(telling)
    return found


def tellings(actor: Actor, now: datetime, size: int) -> list[Telling]:
    """The latest rises of lights and alarms of a week, newest first; two queries."""
    events = MatterEvent.objects.filter(
        step__in=WITNESSED,
        at__gt=now - timedelta(days=TELLING_DAYS),
        matter__in=matters_visible_to(actor),
    ).select_related("matter")
    return _tellings(list(events.order_by("-at", "-id")[:size]))


def _tellings(events: list[MatterEvent]) -> list[Telling]:
    names = post_names(told_ids(events))
    return [Telling(event, told_of(event.data, names)) for event in events]


def in_state(actor: Actor, state: str, now: datetime, size: int) -> list[Matter]:
    """Matters the actor sees in a state of the filter, the longest due first; one query."""
    fitting = MatterFilter(state=state).apply(matters_visible_to(actor), now)
    by_due = for_rows(fitting).order_by("due_at", "id")
    return list(by_due[:size])
