"""The table of warnings, row by row, and the test behind "more than usual"."""

from dataclasses import fields
from datetime import date, timedelta
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maplebridge.insight.rules import (
    BY_NAME,
    CHANCE,
    FEWEST,
    RULES,
    Facts,
    Recurrence,
    unusual,
    warnings,
)
from maplebridge.matters.queries import STATES, MatterFilter
from maplebridge.org.models import Post, Unit

MONDAY = date(2026, 11, 23)
YEARS = frozenset({2026, 2027})


def facts(**given):
    return Facts(**{"today": MONDAY, "years": YEARS, **given})


def quarrels(lately):
    return (Recurrence({"cell": "1"}, "331181101201001", "A", lately, 9),)


def fires(lately):
    return (Recurrence({"cell": "2"}, "331181101201001", "B", lately, 9),)


CASES = [
    ("alarm", facts(counts={"unanswered": 1}), 1),
    ("alarm", facts(counts={"unanswered": 0}), None),
    ("quarrels", facts(places=quarrels(3)), 3),
    ("quarrels", facts(places=quarrels(2)), None),
    ("quarrels", facts(places=fires(3)), None),
    ("fire", facts(places=fires(4)), 4),
    ("fire", facts(places=fires(2)), None),
    ("ruling", facts(counts={"returned_twice": 2}), 2),
    ("ruling", facts(), None),
    ("undispatched", facts(counts={"undispatched": 5}), 5),
    ("undispatched", facts(counts={"unanswered": 5}), None),
    ("unit_late", facts(late_of={"police": 6}), 6),
    ("unit_late", facts(late_of={"police": 5}), None),
    ("duty_ends", facts(duties=(("D01", MONDAY + timedelta(7)),)), ...),
    ("duty_ends", facts(duties=(("D01", MONDAY),)), ...),
    ("duty_ends", facts(duties=(("D01", MONDAY + timedelta(8)),)), None),
    ("duty_ends", facts(duties=(("D01", MONDAY - timedelta(1)),)), None),
    ("roster_ends", facts(rosters=(("command", MONDAY + timedelta(3)),)), ...),
    ("roster_ends", facts(rosters=(("command", MONDAY + timedelta(9)),)), None),
    ("year_missing", facts(years=frozenset({2026})), ...),
    ("year_missing", facts(years=frozenset({2027})), ...),
    ("year_missing", facts(years=frozenset({2026}), today=date(2026, 6, 1)), None),
]


@pytest.mark.parametrize(("name", "given", "n"), CASES)
def test_the_table(name, given, n):
    found = {rule.name: hit for rule, hit in warnings(given)}
    if n is None:
        assert found == {} or name not in found
    else:
        assert set(found) == {name}
        assert found[name].n == (None if n is ... else n)
        assert set(found[name].narrow) <= {f.name for f in fields(MatterFilter)}
        assert found[name].narrow.get("state", "open") in STATES


def test_every_rule_is_tried():
    assert {name for name, _f, n in CASES if n is not None} == set(BY_NAME)


def test_warnings_speak_of_no_person():
    for rule in RULES:
        assert rule.post in Post.Kind.values
        assert rule.unit_kind in {"", *Unit.Kind.values}
        assert "%(person)s" not in str(rule.because)


def test_units_come_in_the_order_given_not_by_number():
    hits = [hit for rule, hit in warnings(facts(late_of={"a": 7, "b": 20, "c": 9}))]
    assert [hit.says["unit"] for hit in hits] == ["a", "b", "c"]


def exact(count, before, days):
    whole, share = count + before, Fraction(1, days + 1)
    terms = [comb(whole, i) * share**i * (1 - share) ** (whole - i) for i in range(whole + 1)]
    return sum(terms[count:]), sum(terms[: count + 1])


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 120), st.integers(7, 28))
def test_words_stand_only_where_chance_does_not(count, before, days):
    said = unusual(count, before, days)
    above, below = exact(count, before, days)
    if said == "more":
        assert above < CHANCE
        assert count >= FEWEST
    elif said == "fewer":
        assert below < CHANCE
    else:
        assert min(above, below) >= CHANCE or count < FEWEST or count + before == 0


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 400), st.integers(7, 28))
def test_more_of_it_never_turns_busy_into_usual(count, before, days):
    if unusual(count, before, days) == "more":
        assert unusual(count + 1, before, days) == "more"
    if unusual(count + 1, before, days) == "fewer":
        assert unusual(count, before, days) == "fewer"


@settings(deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 1_000_000))
def test_any_size_has_an_answer(count, before):
    assert unusual(count, before) in {"", "more", "fewer"}


@pytest.mark.parametrize(("count", "before", "days", "said"), [
    (0, 0, 28, ""), (2, 0, 28, ""), (3, 0, 28, "more"), (15, 15 * 28, 28, ""),
    (30, 15 * 28, 28, "more"), (4, 15 * 28, 28, "fewer"), (30, 15 * 6, 6, ""),
])  # fmt: skip
def test_examples(count, before, days, said):
    assert unusual(count, before, days) == said
