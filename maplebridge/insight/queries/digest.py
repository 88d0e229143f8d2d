"""The digest of a scope: read in a handful of grouped queries, whatever its size.

Every number goes with the `MatterFilter` that counts the same matters, so the list behind it
agrees for whoever may read the scope.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from maplebridge.insight.models import Digest
from maplebridge.insight.queries.places import GROUP, Place, nameable, places
from maplebridge.insight.queries.scopes import Scope
from maplebridge.insight.queries.signs import facts_for
from maplebridge.insight.rules import DAYS_BEFORE, Found, Rule, warnings
from maplebridge.kernel.worktime import midnight
from maplebridge.matters.models import Clock, Matter
from maplebridge.matters.queries import STATES, MatterFilter
from maplebridge.org.queries import directory

FEW = 5  # matters named beside a number
OPEN_FIGURES = ("open", "late", "yellow", "orange", "red", "today", "paused", "urgent",
                "returned_twice")  # fmt: skip
QUALITY = ("timed", "kept_first", "kept", "rated", "satisfied")


class Figure(TypedDict):
    """A number and the address of the list behind it; `n` is None where nothing is counted."""

    n: int | None
    query: str


class Part(Figure):
    """A number by group or channel ("" is without one), and the sum of the days before."""

    code: str
    before: int


class UnitLine(TypedDict):
    """What a unit leads and has not ended."""

    unit: str
    open: Figure
    late: Figure


class Named(TypedDict):
    """A matter beside a number: how urgent ones were answered, in ISO moments."""

    matter: int
    rung: str
    answered: str


class Warned(Figure):
    """A rule of `rules.RULES` that found something, and what its words name."""

    rule: str
    says: dict[str, str]


class Content(TypedDict):
    """Everything a digest shows. Codes and ids only: words come with the reader's language."""

    days: int  # of history behind `before`, at most 28
    figures: dict[str, Figure]
    groups: list[Part]
    channels: list[Part]
    units: list[UnitLine]
    named: dict[str, list[Named]]  # late, paused, urgent
    places: list[Place]
    places_in_all: int
    warnings: list[Warned]


def read_digest(scope: Scope, day: date, now: datetime) -> Content:
    """The day's matters of a scope and how its open ones stand at `now`; nothing is written."""
    base = MatterFilter(area=scope.area)
    figures, days = {}, _history(day)
    groups, channels, figures["came_in"], before = _came_in(base, day, days, now)
    figures["before"] = {"n": before, "query": ""}
    figures |= _ended(base, day, now)
    rows = _standing(base, now)
    figures |= {
        name: _figure(base, sum(row[name] for row in rows), state=name) for name in OPEN_FIGURES
    }
    asks = replace(base, state="asks")
    figures["asks"] = {"n": _matters(asks, now).count(), "query": asks.query()}
    found, in_all = places(base, now)
    counts = {
        "undispatched": sum(row["undispatched"] for row in rows),
        "unanswered": sum(row["unanswered"] for row in rows),
        "returned_twice": figures["returned_twice"]["n"] or 0,
    }
    units = _units(base, rows)
    facts = facts_for(scope, now, found, counts, {u["unit"]: u["late"]["n"] or 0 for u in units})
    return {
        "days": days,
        "figures": figures,
        "groups": groups,
        "channels": channels,
        "units": units,
        "named": _named(base, now),
        "places": found[:FEW],
        "places_in_all": in_all,
        "warnings": [_warned(base, rule, hit) for rule, hit in warnings(facts)],
    }


def kept_digest(scope: Scope, day: date) -> Digest | None:
    """The digest kept for a scope and day."""
    return Digest.objects.filter(scope=scope.key, day=day).first()


def kept_keys(day: date) -> set[str]:
    """Keys of the scopes whose digest of that day is kept."""
    return set(Digest.objects.filter(day=day).values_list("scope", flat=True))


def _matters(wanted: MatterFilter, now: datetime) -> QuerySet[Matter]:
    return wanted.apply(Matter.objects.all(), now)


def _figure(base: MatterFilter, n: int | None, **narrow: Any) -> Figure:
    return {"n": n, "query": replace(base, **narrow).query()}


def _history(day: date) -> int:
    """Days before `day` on which this installation had matters, at most 28."""
    first = Matter.objects.aggregate(first=Min("reported_at"))["first"]
    lived = (day - timezone.localdate(first)).days if first else 0
    return max(0, min(DAYS_BEFORE, lived))


def _came_in(
    base: MatterFilter, day: date, days: int, now: datetime
) -> tuple[list[Part], list[Part], Figure, int]:
    window = replace(base, since=day - timedelta(days=days), until=day)
    that_day = replace(base, since=day, until=day)
    own = Q(reported_at__gte=midnight(day))
    told = _matters(window, now)
    groups = [
        _part(that_day, row["group"], row,
              {"category": row["group"]} if row["group"] else {"state": "no_category"})
        for row in told.annotate(group=GROUP)
        .values("group")
        .annotate(n=Count("pk", filter=own), before=Count("pk", filter=~own))
        .order_by("group")
    ]  # fmt: skip
    channels = [
        _part(that_day, row["reports__channel"], row, {"channel": row["reports__channel"]})
        # A merged matter gave its reports to the one it joined.
        for row in told.filter(reports__isnull=False)
        .values("reports__channel")
        .annotate(
            n=Count("pk", filter=own, distinct=True), before=Count("pk", filter=~own, distinct=True)
        )
        .order_by("reports__channel")
    ]
    total = sum(part["n"] or 0 for part in groups)
    return groups, channels, _figure(that_day, total), sum(part["before"] for part in groups)


def _part(base: MatterFilter, code: str, row: Mapping[str, Any], narrow: dict[str, str]) -> Part:
    figure = _figure(base, row["n"], **narrow)
    return {"n": figure["n"], "query": figure["query"], "code": code, "before": row["before"]}


def _ended(base: MatterFilter, day: date, now: datetime) -> dict[str, Figure]:
    """What was closed on the day and, of four weeks, how: in time, rated, satisfied."""
    weeks = replace(base, closed_since=day - timedelta(days=DAYS_BEFORE - 1), closed_until=day)
    # Whatever was closed so lately is not archived yet; saying so opens the index by time.
    counted = _matters(weeks, now).filter(status="closed").aggregate(
        closed=Count("pk", filter=Q(closed_at__gte=midnight(day))),
        closed_weeks=Count("pk"),
        **{name: Count("pk", filter=STATES[name][1](now)) for name in QUALITY},
    )  # fmt: skip
    return {
        "closed": _figure(base, counted["closed"], closed_since=day, closed_until=day),
        "closed_weeks": _figure(weeks, counted["closed_weeks"]),
        **{name: _figure(weeks, counted[name], state=name) for name in QUALITY},
    }


def _standing(base: MatterFilter, now: datetime) -> list[Mapping[str, Any]]:
    """One row for each lead (None too) with its open matters by state."""
    late = STATES["late"][1](now)
    return list(
        _matters(replace(base, state="open"), now)
        .values("lead_id")
        .annotate(
            **{name: Count("pk", filter=STATES[name][1](now)) for name in OPEN_FIGURES},
            unanswered=Count("pk", filter=STATES["unanswered"][1](now)),
            undispatched=Count("pk", filter=late & Q(status="reported")),
        )
        .order_by()
    )


def _units(base: MatterFilter, rows: Iterable[Mapping[str, Any]]) -> list[UnitLine]:
    """Units that lead something late, in the order of the directory."""
    by_lead, lines = {row["lead_id"]: row for row in rows}, list[UnitLine]()
    for unit in sorted(directory().units.values(), key=lambda u: u.code):
        row = by_lead.get(unit.id)
        if row and row["late"]:
            lines.append({
                "unit": unit.code,
                "open": _figure(base, row["open"], unit=unit.code, state="open"),
                "late": _figure(base, row["late"], unit=unit.code, state="late"),
            })  # fmt: skip
    return lines


def _named(base: MatterFilter, now: datetime) -> dict[str, list[Named]]:
    """The few matters beside late, paused and urgent; none of a confidential category."""
    orders = {"late": "due_at", "paused": "suspended_until", "urgent": "-reported_at"}
    named = {
        state: [
            Named(matter=pk, rung="", answered="")
            for pk in _matters(replace(base, state=state), now)
            .filter(nameable())
            .order_by(order, "pk")
            .values_list("pk", flat=True)[:FEW]
        ]
        for state, order in orders.items()
    }
    for clock in Clock.objects.filter(  # one for each level the alarm has climbed
        kind="alarm", matter__in=[row["matter"] for row in named["urgent"]]
    ).order_by("id"):
        row = next(row for row in named["urgent"] if row["matter"] == clock.matter_id)
        row["rung"] = row["rung"] or clock.started_at.isoformat()
        row["answered"] = clock.stopped_at.isoformat() if clock.stopped_at else ""
    return named


def _warned(base: MatterFilter, rule: Rule, found: Found) -> Warned:
    query = MatterFilter.read({"area": base.area, **found.narrow}).query()
    return {"n": found.n, "query": query, "rule": rule.name, "says": dict(found.says)}
