"""A filter of matters as it stands in an address: read, applied, said in words.

Lists, search, map, digest and exports share it, so a number and the list behind it agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.text import day_of, whole_number
from maplebridge.kernel.worktime import Limit, midnight
from maplebridge.matters.flow import OPEN, STATUSES
from maplebridge.matters.models import Matter, Report, SavedFilter
from maplebridge.matters.queries.addresses import at_address_of
from maplebridge.matters.queries.facts import FACTS
from maplebridge.matters.queries.lights import LEVELS, longest_due
from maplebridge.matters.queries.words import holding
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

SOON = Limit(4, "wh")
NEXT_DAY = Limit(1, "wd")
WORDS_LIMIT = 100


def _light(level: int) -> Callable[[datetime], Q]:
    """Matters with exactly this light, as `light_of` shows it: by the clock or by hand."""

    def reaches(level: int, now: datetime) -> Q:
        return Q(supervision__gte=level) | Q(due_at__lte=longest_due(level, now))

    def shown(now: datetime) -> Q:
        above = Q() if level == max(LEVELS) else ~reaches(level + 1, now)
        return reaches(level, now) & above & Q(status__in=OPEN, suspended_until__isnull=True)

    return shown


# What a matter may be besides its status: name to (words, condition at a moment).
STATES: dict[str, tuple[Any, Callable[[datetime], Q]]] = {
    "open": (gettext_lazy("Open"), lambda _now: Q(status__in=OPEN)),
    "late": (
        gettext_lazy("Late"),
        lambda now: Q(status__in=OPEN, due_at__lt=now, suspended_until__isnull=True),
    ),
    "soon": (
        gettext_lazy("Due soon"),
        lambda now: Q(
            status__in=OPEN, due_at__gte=now, due_at__lt=directory().calendar.add(now, SOON)
        ),
    ),
    "next_day": (
        gettext_lazy("Due by the end of the next working day"),
        lambda now: Q(
            status__in=OPEN,
            due_at__gte=now,
            due_at__lte=directory().calendar.add(now, NEXT_DAY),
            suspended_until__isnull=True,
        ),
    ),
    "yellow": (gettext_lazy("Yellow light"), _light(1)),
    "orange": (gettext_lazy("Orange light"), _light(2)),
    "red": (gettext_lazy("Red light"), _light(3)),
    "paused": (
        gettext_lazy("Suspended"),
        lambda _now: Q(status__in=OPEN, suspended_until__isnull=False),
    ),
    "urgent": (gettext_lazy("Urgent"), lambda _now: Q(status__in=OPEN, urgent=True)),
    "returned_twice": (
        gettext_lazy("Returned twice"),
        lambda _now: Q(status="returned", returns__gte=2),
    ),
    "reopened": (gettext_lazy("Reopened"), lambda _now: Q(reopenings__gt=0)),
    "no_place": (
        gettext_lazy("Place unknown"),
        lambda _now: Q(status__in=OPEN, place_known=False),
    ),
    "sampled": (gettext_lazy("Drawn for a second look"), lambda _now: Q(sampled=True)),
    **FACTS,
}


@dataclass(frozen=True)
class MatterFilter:
    """Every part narrows; an empty part lets everything through.

    `category` is a code or the beginning of one ("E" for its group), `area` one or more area
    codes with commas between that hold the place, `channel` a way by which it was told at least
    once, `unit` the code of the lead, `cell` an H3 cell of the place, `same_address` the number of
    a matter at whose address it is. Days are local and both included: `since`/`until` of the
    report, `closed_since`/`closed_until` of the end.
    """

    q: str = ""
    status: str = ""
    state: str = ""
    category: str = ""
    area: str = ""
    unit: str = ""
    cell: str = ""
    same_address: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    closed_since: date | None = None
    closed_until: date | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "MatterFilter":
        """From the parameters of an address; InvalidInput names a bad one."""
        said: dict[str, Any] = {}
        for field in fields(cls):
            raw = str(given.get(field.name) or "").strip()
            if raw:
                said[field.name] = _READERS.get(field.name, _line)(field.name, raw)
        return cls(**said)

    def query(self) -> str:
        """As an address has it: only what is set, always in the same order."""
        set_ = {f.name: getattr(self, f.name) for f in fields(self)}
        return urlencode({k: v for k, v in set_.items() if v})

    def without(self, name: str) -> "MatterFilter":
        """The same with one part not set."""
        return replace(self, **{name: getattr(MatterFilter(), name)})

    def apply(self, matters: QuerySet[Matter], now: datetime) -> QuerySet[Matter]:
        """The matters that fit; states are judged at `now`."""
        if self.q:
            matters = holding(matters, self.q)
        if self.status:
            matters = matters.filter(status=self.status)
        if self.state:
            matters = matters.filter(STATES[self.state][1](now))
        if self.category:
            known = directory().categories.values()
            kinds = [c.id for c in known if c.code.startswith(self.category)]
            matters = matters.filter(
                Q(category_id__in=kinds) | Q(category=None, proposed_category_id__in=kinds)
            )
        if self.area:
            held = (Q(area_code__startswith=code) for code in self.area.split(",") if code)
            matters = matters.filter(reduce(or_, held, Q(pk__in=())))
        if self.unit:
            leads = [u.id for u in directory().units.values() if u.code == self.unit]
            matters = matters.filter(lead_id__in=leads)
        if self.cell:
            matters = matters.filter(cell=int(self.cell))
        if self.same_address:
            matters = at_address_of(matters, self.same_address)
        if self.channel:
            told = Report.objects.filter(matter=OuterRef("pk"), channel=self.channel)
            matters = matters.filter(Exists(told))
        return self._between(matters)

    def _between(self, matters: QuerySet[Matter]) -> QuerySet[Matter]:
        for name, since, until in (
            ("reported_at", self.since, self.until),
            ("closed_at", self.closed_since, self.closed_until),
        ):
            if since:
                matters = matters.filter(**{f"{name}__gte": midnight(since)})
            if until:
                matters = matters.filter(**{f"{name}__lt": midnight(until + timedelta(days=1))})
        return matters

    def said(self) -> list[tuple[str, str, str]]:
        """(name, label, value in words) of every part that is set, for people."""
        town = directory()
        words: dict[str, Callable[[Any], str]] = {
            "status": lambda v: str(STATUSES[v]),
            "state": lambda v: str(STATES[v][0]),
            "category": _category_words,
            "area": lambda v: "、".join(town.area_names(code) for code in v.split(",")),
            "unit": lambda v: next((u.name for u in town.units.values() if u.code == v), v),
            "cell": lambda _v: _("One place on the map"),
            "channel": lambda v: str(Report.Channel(v).label),
        }
        return [
            (f.name, str(LABELS[f.name]), words.get(f.name, str)(value))
            for f in fields(self)
            if (value := getattr(self, f.name))
        ]


LABELS = {
    "q": gettext_lazy("Words"),
    "status": gettext_lazy("Status"),
    "state": gettext_lazy("Only"),
    "category": gettext_lazy("Category"),
    "area": gettext_lazy("Area"),
    "unit": gettext_lazy("Lead unit"),
    "cell": gettext_lazy("Place"),
    "same_address": gettext_lazy("At the address of"),
    "channel": gettext_lazy("Channel"),
    "since": gettext_lazy("Reported from"),
    "until": gettext_lazy("Reported until"),
    "closed_since": gettext_lazy("Closed from"),
    "closed_until": gettext_lazy("Closed until"),
}


def saved_filters(actor: Actor) -> list[SavedFilter]:
    """The filters kept by the units in which the actor holds a post, by name."""
    units = {post.unit_id for post in actor.posts}
    return list(SavedFilter.objects.filter(unit_id__in=units).select_related("unit"))


def newest(matters: QuerySet[Matter], after: str = "", size: int = 50) -> tuple[list[Matter], str]:
    """One page, the newest first, and the cursor of the next ("" at the end)."""
    if after:
        if (last := whole_number(after)) is None:
            raise InvalidInput("after", _("This cursor is not valid; begin at the first page."))
        matters = matters.filter(id__lt=last)
    rows = list(matters.order_by(F("id").desc())[: size + 1])
    return rows[:size], str(rows[size - 1].id) if len(rows) > size else ""


def _category_words(code: str) -> str:
    town = directory()
    if found := town.category(code):
        return found.label
    group = next((c for c in town.categories.values() if c.code.startswith(code)), None)
    return group.group_label if group else code


def _line(name: str, raw: str) -> str:
    if len(raw) > WORDS_LIMIT or "\x00" in raw:
        raise InvalidInput(name, _("This is too long to search for."))
    return raw


def _among(known: Mapping[str, object]) -> Callable[[str, str], str]:
    def read(name: str, raw: str) -> str:
        if raw not in known:
            raise InvalidInput(name, _("Choose one of the given answers."))
        return raw

    return read


def _day(name: str, raw: str) -> date:
    if (day := day_of(raw)) is None:
        raise InvalidInput(name, _("Write the date as 2026-01-31."))
    return day


def _cell(name: str, raw: str) -> str:
    if whole_number(raw) is None:
        raise InvalidInput(name, _("This is not a number."))
    return raw


def _known(is_known: Callable[[str], bool]) -> Callable[[str, str], str]:
    def read(name: str, raw: str) -> str:
        if not is_known(raw):
            raise InvalidInput(name, _("Choose one of the given answers."))
        return raw

    return read


_READERS: dict[str, Callable[[str, str], Any]] = {
    "status": _among(STATUSES),
    "state": _among(STATES),
    "category": _known(lambda v: any(c.startswith(v) for c in directory().categories)),
    "area": _known(lambda v: all(map(directory().area, v.split(",")))),
    "unit": _known(lambda v: any(u.code == v for u in directory().units.values())),
    "cell": _cell,
    "channel": _among(dict(Report.Channel.choices)),
    "since": _day,
    "until": _day,
    "closed_since": _day,
    "closed_until": _day,
}
