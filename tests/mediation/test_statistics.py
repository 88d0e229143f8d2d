"""The ministry's table equals a count by hand over the files, whatever lives they had."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries.statistics import behind, rows
from maplebridge.mediation.queries.statistics import table as table_of
from maplebridge.mediation.rules import TIERS, TO_2010, TYPE_LISTS
from tests.mediation.conftest import MONDAY, TOWN

TODAY = MONDAY.date()
LIVES = ("registered", "refused", "accepted", "mediating", "failed", "withdrawn", "oral", "agreed",
         "performed", "passed_on", "void")  # fmt: skip


MEDIATES = {"mediation-1": "he", "mediation": "tang", "special": "zhuan", "county": "xian"}


def live(t, life, source, kind, where="mediation-1"):
    """A dispute led and mediated by the committee of one level."""
    who = MEDIATES[where]
    told = {"source": source, "committee": where, "who": who, "matter": t.quarrel(lead=where)}
    if source == "entrusted":
        told |= {"body": "court", "letter": "诉前委派1号"}
    if life in {"registered", "refused"}:
        mediation = t.register(**told)
        if life == "refused":
            t.take(mediation, "refuse", who, refusal="in_court")
        return
    mediation = t.register(**told)
    hard = "difficult" if where in {"special", "county"} else "simple"
    t.take(mediation, "accept", who, type=kind, mediators=[who], difficulty=hard)
    if life == "passed_on":
        t.take(
            mediation,
            "pass_on",
            who,
            reason="x",
            committee="county" if who != "xian" else "special",
        )
    elif life == "void":
        from uuid import uuid4

        from maplebridge.mediation.actions import void_number

        void_number(mediation.id, "误登", actor=t.actor(who), command_id=uuid4(), at=MONDAY)
    if life in {"accepted", "passed_on", "void"}:
        return
    if life == "withdrawn":
        t.take(mediation, "withdraw", who, party=t.parties(mediation)[0].id)
        return
    for party in t.parties(mediation):
        t.take(mediation, "inform", who, party=party.id, consents="yes")
    t.take(mediation, "open", who)
    if life == "failed":
        t.take(mediation, "fail", who, reason="x")
    if life in {"oral", "agreed", "performed"}:
        amount = {"amount": "12.34"} if life != "oral" else {}
        if life == "oral":
            t.take(mediation, "agree_orally", who, terms="道歉")
        else:
            t.take(mediation, "draft", who, facts="a", terms="b", manner="c", **amount)
            for party in t.parties(mediation):
                for section in ("facts", "terms", "manner"):
                    t.take(mediation, "approve", who, party=party.id, section=section)
            t.take(mediation, "sign", who, signed_on=TODAY,
                   signatures={str(p.id): "paper" for p in t.parties(mediation)})  # fmt: skip
    if life == "performed":
        t.take(mediation, "complete", who)
        t.take(mediation, "ask_confirmation", who, asked_on=TODAY, court="龙泉市人民法院")
        outcome = "confirmed" if source == "applied" else "refused"
        t.take(mediation, "confirm", who, outcome=outcome, answered_on=TODAY)


def by_hand(type_list, tier=""):
    """The same figures by walking the files one by one, those of one level or all."""
    made = Counter({row.code: 0 for row in rows(type_list)})
    yuan = Decimal(0)
    for m in Mediation.objects.all():
        if not m.serial or m.voided_at or m.status == "passed_on":
            continue
        if tier and m.committee.tier != tier:
            continue
        made["total"] += 1
        made["parties"] += m.parties.count()
        made["hard"] += m.difficulty in {"difficult", "major"}
        answers = m.events.filter(step="confirm")
        made["asked"] += m.events.filter(step="ask_confirmation").exists()
        made["confirmed"] += answers.filter(data__outcome="confirmed").exists()
        made["not-confirmed"] += answers.filter(data__outcome="refused").exists()
        made["failed"] += m.status in {"failed", "withdrawn", "refused"}
        made[f"host-{m.committee.host}"] += 1
        made[f"source-{m.source}"] += 1
        if m.body:
            made[f"body-{m.body}"] += 1
        made[f"type-{m.type if type_list == '2021' else TO_2010[m.type]}"] += 1
        agreement = getattr(m, "agreement", None)
        if agreement and agreement.signed_on:
            made["success"] += 1
            made["oral" if agreement.oral else "written"] += 1
            yuan += agreement.amount or 0
            made["performed"] += m.status == "performed"
    return dict(made) | {"amount": yuan}


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    lives=st.lists(
        st.tuples(
            st.sampled_from(LIVES), st.sampled_from(["applied", "initiative", "entrusted"]),
            st.sampled_from(sorted(TYPE_LISTS["2021"])), st.sampled_from(sorted(MEDIATES)),
        ),
        max_size=4,
    ),
    type_list=st.sampled_from(["2021", "2010"]),
)  # fmt: skip
def test_the_table_equals_a_count_by_hand(table, lives, type_list):
    for life in lives:
        live(table, *life)
    found = {f.row.code: f.value for f in statistics(type_list)}
    assert found == by_hand(type_list)
    for tier in TIERS if type_list == "2021" else ():
        assert {f.row.code: f.value for f in statistics(type_list, tier=tier)} == by_hand(
            type_list, tier
        )
    for row in rows(type_list):
        if row.measure == "files":
            assert behind(row, TOWN, TODAY, TODAY).count() == found[row.code]
    given = sorted(
        Mediation.objects.filter(serial__isnull=False).values_list("committee", "serial")
    )
    seen = Counter(committee for committee, _serial in given)
    assert given == [(c, n) for c in sorted(seen) for n in range(1, seen[c] + 1)]


def statistics(type_list="2021", scope=TOWN, begin=TODAY, end=TODAY, tier=""):
    return table_of(scope, begin, end, type_list, tier)


def test_the_period_and_the_area_count(table):
    table.accepted()
    day = timedelta(days=1)
    for scope, begin, end, total in (
        (TOWN, TODAY, TODAY, 1), (TOWN, TODAY - day, TODAY - day, 0), (TOWN, TODAY + day, TODAY + day, 0),
        ("331181201", TODAY, TODAY, 0), ("", TODAY - 9 * day, TODAY + 9 * day, 1),
    ):  # fmt: skip
        assert statistics(scope=scope, begin=begin, end=end)[0].value == total


def test_types_cross_over_without_loss():
    assert set(TO_2010) == set(TYPE_LISTS["2021"])
    assert set(TO_2010.values()) == set(TYPE_LISTS["2010"])


@pytest.mark.parametrize("count", [1, 4])
def test_as_many_statements_however_many_files(table, count, django_assert_num_queries):
    for _ in range(count):
        table.accepted(matter=table.quarrel())
    with django_assert_num_queries(3):
        statistics()
