"""What deserves words in a digest: the test behind "more than usual", and the table of warnings.

Warnings are about matters, places and the town's own lists, never about persons, and they order
nothing by merit: units come as the directory has them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, lgamma, log
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

DAYS_BEFORE = 28  # four of each weekday
FEWEST_DAYS = 7  # of history, before anything is compared
CHANCE = 1 / 200
FEWEST = 3  # matters, before a day is called busy
FEWEST_FOR_RATE = 20  # of whatever a percentage is of
RECURS = 3  # matters of one category group at one place …
RECUR_DAYS = 90  # … in so many days
AHEAD = timedelta(days=7)
YEAR_AHEAD = timedelta(days=45)


def unusual(count: int, before: int, days: int = DAYS_BEFORE) -> str:
    """ "more" or "fewer" when a day's count differs from the days before by more than chance.

    The exact conditional test of two Poisson rates (Przyborowski and Wilenski, Biometrika 1940):
    if nothing changed, the day's share of all `count + before` matters is binomial with
    1 / (days + 1). Words appear when so large or so small a share has a chance of less than one
    in 200 on its side. Fewer than seven days of history say nothing, one or two matters are
    never "more".
    """
    if days < FEWEST_DAYS or count + before == 0:
        return ""
    whole, share = count + before, 1 / (days + 1)
    if count > whole * share:
        busy = count >= FEWEST and _tail(count, whole, share, 1) < CHANCE
        return "more" if busy else ""
    return "fewer" if _tail(count, whole, share, -1) < CHANCE else ""


def _tail(count: int, whole: int, share: float, step: int) -> float:
    """The binomial chance of `count` or what lies beyond it, up (1) or down (-1)."""
    ways = lgamma(whole + 1) - lgamma(count + 1) - lgamma(whole - count + 1)
    term = exp(ways + count * log(share) + (whole - count) * log(1 - share))
    odds, total = share / (1 - share), 0.0
    while 0 <= count <= whole and term > total * 1e-12:
        total += term
        term *= (
            (whole - count) / (count + 1) * odds
            if step > 0
            else count / ((whole - count + 1) * odds)
        )
        count += step
    return total


@dataclass(frozen=True)
class Recurrence:
    """One place (an address or a cell) where one category group came up several times."""

    narrow: Mapping[str, str]  # what of MatterFilter says the place
    area: str  # the area that holds most of it
    group: str
    lately: int  # in 30 days
    count: int  # in 90 days


@dataclass(frozen=True)
class Facts:
    """What the rules look at, for one scope on one day. Units and duties go by their codes."""

    today: date
    places: tuple[Recurrence, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)  # of the states of MatterFilter
    late_of: Mapping[str, int] = field(default_factory=dict)  # unit to matters it leads late
    duties: tuple[tuple[str, date], ...] = ()  # temporary: category and last day
    rosters: tuple[tuple[str, date], ...] = ()  # unit and the last day on its roster
    years: frozenset[int] = frozenset()  # with holiday data


@dataclass(frozen=True)
class Found:
    """One warning: how many, what narrows the list behind it, and what its words name."""

    n: int | None = None
    narrow: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)  # unit, category, area, day, year


@dataclass(frozen=True)
class Rule:
    """A row of the table: from how many on, why, what is needed, of which post and unit kind.

    `page` is for what no matter shows: where the list of the town is kept that wants mending, as
    words of a link, the name of a page of a room above and its query, filled from `Found.says`.
    """

    name: str
    least: int
    because: Any
    needed: Any
    post: str
    unit_kind: str
    find: Callable[[Facts, int], Iterator[Found]]
    page: tuple[Any, str, str] | None = None


def _at_one_place(group: str) -> Callable[[Facts, int], Iterator[Found]]:
    def find(facts: Facts, least: int) -> Iterator[Found]:
        for place in facts.places:
            if place.group == group and place.lately >= least:
                since = (facts.today - timedelta(days=29)).isoformat()
                narrow = {**place.narrow, "category": group, "state": "taken_up"}
                until = facts.today.isoformat()
                yield Found(
                    place.lately,
                    {**narrow, "since": since, "until": until},
                    {"area": place.area},
                )

    return find


def _counted(state: str, /, **narrow: str) -> Callable[[Facts, int], Iterator[Found]]:
    def find(facts: Facts, least: int) -> Iterator[Found]:
        if (n := facts.counts.get(state, 0)) >= least:
            yield Found(n, narrow)

    return find


def _late_units(facts: Facts, least: int) -> Iterator[Found]:
    for unit, n in facts.late_of.items():
        if n >= least:
            yield Found(n, {"unit": unit, "state": "late"}, {"unit": unit})


def _ending_duties(facts: Facts, _least: int) -> Iterator[Found]:
    for category, last in facts.duties:
        if facts.today <= last <= facts.today + AHEAD:
            says = {"category": category, "day": last.isoformat()}
            yield Found(None, {"category": category, "state": "open"}, says)


def _ending_rosters(facts: Facts, _least: int) -> Iterator[Found]:
    for unit, last in facts.rosters:
        if facts.today <= last <= facts.today + AHEAD:
            yield Found(None, {"state": "urgent"}, {"unit": unit, "day": last.isoformat()})


def _missing_years(facts: Facts, _least: int) -> Iterator[Found]:
    for year in sorted({facts.today.year, (facts.today + YEAR_AHEAD).year} - facts.years):
        yield Found(None, {"state": "open"}, {"year": str(year)})


# fmt: off
RULES = (
    Rule("alarm", 1, ngettext_lazy(
            "because %(n)s urgent matter was not answered within its limit",
            "because %(n)s urgent matters were not answered within their limit", "n"),
         _("Take charge now"),
         "dispatcher", "command_room", _counted("unanswered", state="unanswered")),
    Rule("quarrels", 3, ngettext_lazy(
            "because %(n)s dispute came up at one place in %(area)s in 30 days",
            "because %(n)s disputes came up at one place in %(area)s in 30 days", "n"),
         _("Village mediation should go there before the next one"),
         "handler", "village_mediation", _at_one_place("A")),
    Rule("fire", 3, ngettext_lazy(
            "because %(n)s fire hazard came up at one place in %(area)s in 30 days",
            "because %(n)s fire hazards came up at one place in %(area)s in 30 days", "n"),
         _("Inspect the place as a whole"),
         "handler", "emergency", _at_one_place("B")),
    Rule("ruling", 1, ngettext_lazy(
            "because %(n)s matter was returned twice and has no lead",
            "because %(n)s matters were returned twice and have no lead", "n"),
         _("Rule who leads"),
         "supervisor", "", _counted("returned_twice", state="returned_twice")),
    Rule("undispatched", 1, ngettext_lazy(
            "because %(n)s new matter is late and nobody leads it yet",
            "because %(n)s new matters are late and nobody leads them yet", "n"),
         _("Dispatch them"),
         "dispatcher", "command_room", _counted("undispatched", state="late", status="reported")),
    Rule("unit_late", 6, ngettext_lazy(
            "because %(n)s matter led by %(unit)s is late",
            "because %(n)s matters led by %(unit)s are late", "n"),
         _("Ask what is missing: people, means, or another lead"),
         "supervisor", "", _late_units),
    Rule("duty_ends", 1, _("because the temporary duty for %(category)s ends on %(day)s"),
         _("Renew or replace it in the duty list"),
         "supervisor", "", _ending_duties,
         (_("Open the duty list"), "setup:duties", "category=%(category)s")),
    Rule("roster_ends", 1, _("because the roster of %(unit)s ends on %(day)s"),
         _("Enter who is on duty after that"),
         "dispatcher", "command_room", _ending_rosters,
         (_("Open the roster"), "setup:roster", "week=%(day)s")),
    Rule("year_missing", 1, _("because the holidays of %(year)s are not in the calendar"),
         _("Enter the holiday notice; limits in that year are guessed until then"),
         "supervisor", "command_room", _missing_years,
         (_("Open the calendar"), "setup:calendar", "year=%(year)s")),
)
# fmt: on
BY_NAME = {rule.name: rule for rule in RULES}


def warnings(facts: Facts) -> Iterator[tuple[Rule, Found]]:
    """Every warning the facts give, in the order of the table."""
    for rule in RULES:
        for found in rule.find(facts, rule.least):
            yield rule, found
