"""Random lives of disputes: numbers without gaps, figures as a recount of the steps has them, a flow
that never leaves its table, refusals that write nothing, a ledger that verifies.

LIVES=100 in the environment lives more of them.
"""

import os
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.actions import register, take, void_number
from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.models import Confirmation, Mediation, MediationEvent
from maplebridge.mediation.queries.court import court_of
from maplebridge.mediation.queries.statistics import table as figures
from maplebridge.mediation.rules import TO_2010, last_day_to_confirm
from maplebridge.org.queries import directory
from maplebridge.org.rules import TIMER
from tests.mediation.acts import fields, values_of
from tests.mediation.conftest import BAI, HUANG, MONDAY, TOWN

LIVES = int(os.environ.get("LIVES", "3"))
STEPS = [step.name for step in FLOW.steps]
SECTIONS = ("facts", "terms", "manner")
MOST = 6  # files in one example
WAYS = ["sign", "sign", "oral", "confirm", "fail", "withdraw", "pass_on"]
WHO = ["he", "gao", "tang", "li", "zhao", "timer"]
TYPES = ["PM01", "PM02", "PM10", "PM11", "PM14"]
TABLES = (
    "mediation_mediation", "mediation_mediationevent", "mediation_party", "mediation_companion",
    "mediation_session", "mediation_invitation", "mediation_inquiry", "mediation_evidence",
    "mediation_agreement", "mediation_approval", "mediation_obligation", "mediation_confirmation",
    "mediation_returnvisit", "mediation_numbercounter", "matters_matterevent", "trust_passage",
    "trust_vaultentry", "trust_erasure",
)  # fmt: skip


def everything():
    """Rows of every table that a mediation writes, and how far each file has come."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {name}" for name in TABLES))
        return cursor.fetchall(), list(Mediation.objects.order_by("id").values())


class Office(RuleBasedStateMachine):
    table = None

    @initialize()
    def begin(self):
        self.now, self.taken, self.refusal = MONDAY, {}, None
        self.somebody_registers("he", "mediation-1", "applied", minor=False)

    @rule(seed=st.integers(0, 2**32))
    def a_day(self, seed):
        """Somebody comes, every file goes on by a phase, people try what they may not."""
        self.rng = Random(seed)  # one number draws a whole day: lives get far in few examples
        self.now += timedelta(days=self.rng.choice([0, 1, 3, 9]))
        one_of = self.rng.choice
        if Mediation.objects.count() < MOST:
            self.somebody_registers(
                one_of(["he", "tang", "gao"]), one_of(["mediation-1", "mediation"]),
                one_of(["applied", "initiative", "entrusted"]), minor=one_of([True, False]),
            )  # fmt: skip
            self.it_is_mediated_again(one_of(self.files()))
        for m in self.files():
            self.goes_on(m, one_of(WAYS))
            self.anybody_tries_anything(Mediation.objects.get(pk=m.pk), one_of(WHO))
        if one_of([True, False]):
            self.somebody_voids(one_of(self.files()), one_of(["he", "gao", "tang", "li"]))

    def somebody_registers(self, who, committee, source, *, minor):
        told = {"applied_by": "door"} if source == "applied" else {}
        if source == "entrusted":
            told = {"body": "police", "letter": "1号"}
        matter = self.table.quarrel()
        self.attempt(
            lambda: register(
                mediation_id=uuid4(), matter=matter.id, committee=committee, source=source,
                parties=[HUANG, {**BAI, "minor": "yes" if minor else ""}],
                actor=self.table.actor(who), at=self.now, **told,
            )
        )  # fmt: skip

    def it_is_mediated_again(self, before):
        self.attempt(
            lambda: register(
                mediation_id=uuid4(), matter=before.matter_id, source="initiative",
                committee=before.committee.unit.code, parties=[HUANG, BAI], previous=before.id,
                actor=self.own(before), at=self.now,
            )
        )  # fmt: skip

    def somebody_voids(self, m, who):
        actor = self.table.actor(who)
        self.attempt(
            lambda: void_number(m.id, "误登", actor=actor, command_id=uuid4(), at=self.now)
        )

    def goes_on(self, m, way):
        if m.status == "registered":
            if way == "fail":
                self.go(m, "refuse", refusal="reserved")
                return
            mediator = "he" if m.committee.unit.code == "mediation-1" else "tang"
            self.go(m, "accept", type=self.rng.choice(TYPES), mediators=[mediator],
                    difficulty=self.rng.choice(["simple", "major"]))  # fmt: skip
        elif m.status == "accepted":
            self.opens(m)
        elif m.status == "mediating":
            self.ends(m, way, self.rng.choice(["", "0", "12.34", "99999.99"]))
        elif m.status in {"agreed", "broken"}:
            self.keeps(m, way)
        elif m.filed_at is None:
            if m.source == "entrusted" and m.status != "passed_on":
                self.go(m, "report_back", sent_on=self.today)
            self.go(m, "file", note="说明")

    def opens(self, m):
        for party in m.parties.filter(minor=True, represented_by=None):
            self.go(m, "add_party", side=party.side, kind="natural", name="监护人",
                    represents=party.id)  # fmt: skip
        for party in m.parties.all():
            self.go(m, "inform", party=party.id, consents="yes")
        self.go(m, "open")

    def ends(self, m, way, amount):
        draft = {"terms": "协议", **({"amount": amount} if amount else {})}
        if way == "fail":
            self.go(m, "fail", reason="不成")
        elif way == "pass_on":
            there = "mediation" if m.committee.unit.code == "mediation-1" else "mediation-1"
            self.go(m, "pass_on", committee=there, reason="移交")
        elif way == "withdraw":
            self.go(m, "withdraw", party=m.parties.first().id)
        elif way == "oral":
            self.go(m, "agree_orally", **draft)
        else:
            self.writes(m, draft)

    def writes(self, m, draft):
        owes = {"party": m.parties.first().id, "text": "一期", "due_on": "2026-12-01"}
        self.go(m, "draft", facts="事实", manner="方式", obligations=[owes], **draft)
        for party in m.parties.all():
            for section in SECTIONS:
                self.go(m, "approve", party=party.id, section=section)
        signatures = {str(p.id): "paper" for p in m.parties.all()}
        self.go(m, "sign", signed_on=self.today, signatures=signatures)

    def keeps(self, m, way):
        row = m.obligations.filter(done_on=None).first()
        if way == "withdraw" and row and m.status == "agreed":
            self.go(m, "break_off", obligation=row.id, next_step="court")
            return
        if way == "confirm" and not Confirmation.objects.filter(mediation=m).exists():
            self.attempt_step(
                m, "ask_confirmation", self.own(m), {"asked_on": self.today, "court": "法院"}
            )
        if way == "confirm" and Confirmation.objects.filter(mediation=m).exists():
            self.go(m, "confirm", outcome="confirmed", answered_on=self.today)
        for row in m.obligations.filter(done_on=None):
            self.go(m, "perform", obligation=row.id, done_on=self.today)
        self.go(m, "complete")

    def anybody_tries_anything(self, m, who):
        one_of, own = self.rng.choice, self.rng.random() < 0.5
        name = one_of([s.name for s in FLOW.steps if not own or m.status in s.sources] or STEPS)
        actor = self.own(m) if own else TIMER if who == "timer" else self.table.actor(who)
        values = values_of(m)
        values |= {"party": one_of(list(m.parties.all())).id, "consents": one_of(["yes", "no"]),
                   "until": self.today + timedelta(days=one_of(range(-2, 40))),
                   "mediators": ["gao" if m.committee.unit.code == "mediation-1" else "tang"],
                   "signed_on": self.today}  # fmt: skip
        told = fields(values, FLOW.step(name))
        if told and self.rng.random() < 0.3:
            told.pop(one_of(sorted(told)))
        if name not in {"fail", "withdraw", "pass_on", "refuse"} or not own:
            self.attempt_step(m, name, actor, told)

    def go(self, m, step, **told):
        """A step that the file's own mediator may take now."""
        assert self.attempt_step(m, step, self.own(m), told), (m.status, step, self.refusal)

    def attempt_step(self, m, name, actor, told):
        command = uuid4()
        step, was = FLOW.step(name), Mediation.objects.get(pk=m.pk).status
        event = self.attempt(lambda: take(m.id, name, actor, told, command_id=command, at=self.now))
        if event is not None:
            self.taken[command] = event.pk
            assert (event.from_status, was in step.sources) == (was, True)
            refused = {"refused"} if name == "inform" else set()  # a clear no ends it anywhere
            assert event.to_status in {step.target or was} | refused
        return event

    @property
    def today(self):
        return timezone.localdate(self.now)

    def own(self, m):
        person = m.mediators.first()
        here = "he" if m.committee.unit.code == "mediation-1" else "tang"
        return self.table.actor(person.username if person else here)

    def attempt(self, act):
        """What the act made; a refusal has written nothing at all."""
        before = everything()
        try:
            with transaction.atomic():
                return act()
        except MaplebridgeError as error:
            assert everything() == before
            self.refusal = error
            return None

    def files(self):
        return list(Mediation.objects.select_related("committee__unit").order_by("id"))

    @invariant()
    def the_ledger_verifies(self):
        assert list(verify_ledger()) == []

    @invariant()
    def no_act_is_lost(self):
        if self.table and hasattr(self, "taken"):
            kept = MediationEvent.objects.filter(command_id__in=self.taken)
            assert dict(kept.values_list("command_id", "pk")) == self.taken

    @invariant()
    def one_is_open_and_numbers_have_no_gaps(self):
        given_ = defaultdict(list)
        for m in Mediation.objects.filter(serial__isnull=False):
            given_[m.committee_id, m.year].append(m.serial)
            assert m.year == timezone.localdate(m.accepted_at).year
        for serials in given_.values():
            assert sorted(serials) == list(range(1, len(serials) + 1))
        voided = MediationEvent.objects.filter(step="void").values_list("data__number", flat=True)
        shown = {m.number for m in Mediation.objects.exclude(voided_at=None)}
        assert set(voided) == shown  # and stay visible

    @invariant()
    def figures_equal_a_recount_of_the_steps(self):
        begin, end = MONDAY.date(), MONDAY.date() + timedelta(days=20)
        lives = [steps_of(m) for m in Mediation.objects.select_related("committee")]
        for types in ("2021", "2010"):
            found = {f.row.code: f.value for f in figures(TOWN, begin, end, types)}
            counted = recount(lives, begin, end, types)
            assert {c: v for c, v in found.items() if v} == {c: v for c, v in counted.items() if v}


def steps_of(mediation):
    """A file and what its ledger says: the last step of each name."""
    steps = {event.step: event for event in mediation.events.order_by("version")}
    source = steps["register"].data
    while "before" in source:  # handed on by another committee: as it came there
        source = MediationEvent.objects.get(mediation=source["before"], step="register").data
    return mediation, steps, source


def recount(lives, begin, end, types):
    """The ministry's table from the steps in the ledger, file by file."""
    made, yuan = Counter(), Decimal(0)
    for mediation, steps, source in lives:
        accepted = steps.get("accept")
        if accepted is None or steps.keys() & {"void", "pass_on"}:
            continue
        if not begin <= timezone.localdate(accepted.at) <= end:
            continue
        kind, agreed = accepted.data["type"], steps.get("sign") or steps.get("agree_orally")
        made["total"] += 1
        made["parties"] += sum(p.represents_id is None for p in mediation.parties.all())
        made["hard"] += mediation.difficulty in {"difficult", "major"}
        made[f"host-{mediation.committee.host}"] += 1
        made[f"source-{source['source']}"] += 1
        made[f"body-{source['body']}"] += bool(source["body"])
        made[f"type-{kind if types == '2021' else TO_2010[kind]}"] += 1
        if agreed:
            made["success"] += 1
            made["written" if agreed.step == "sign" else "oral"] += 1
            made["performed"] += "complete" in steps
            yuan += mediation.agreement.amount or 0
        lost = {"failed", "withdrawn", "refused"}
        made["failed"] += any(event.to_status in lost for event in steps.values())
        court = steps.get("confirm")
        made["asked"] += "ask_confirmation" in steps
        made["confirmed"] += bool(court and court.data["outcome"] in {"confirmed", "partly"})
        made["not-confirmed"] += bool(court and court.data["outcome"] == "refused")
    return dict(made) | {"amount": yuan}


@pytest.mark.long
@pytest.mark.django_db
def test_random_lives_keep_the_laws(table):
    class Rolled(Office):
        def __init__(self):
            super().__init__()
            self.point = transaction.savepoint()

        def teardown(self):
            transaction.savepoint_rollback(self.point)

    Rolled.table = table
    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=LIVES, stateful_step_count=9, deadline=None, derandomize=LIVES < 20,
            database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(max_examples=60, deadline=None)
@given(day=DAYS, rest=st.sets(DAYS, max_size=40), run=st.integers(0, 12))
def test_the_thirty_days_end_on_a_working_day(day, rest, run):
    """Day 1 is the day after; only the end moves, over weekends and whole runs of holidays."""
    end = day + timedelta(days=30)
    closed = rest | {end + timedelta(days=n) for n in range(run)}
    works = lambda d: d not in closed and d.weekday() < 5  # noqa: E731
    last = last_day_to_confirm(day, works)
    passed, at = [], day
    while len(passed) < 30 or not works(passed[-1]):
        at += timedelta(days=1)
        passed.append(at)
    assert last == passed[-1]


def test_the_countdown_is_shown_over_the_national_day(table):
    mediation = table.agreed()
    agreement = mediation.agreement
    works = directory().calendar.is_working_day
    # 2026: 1 to 7 October are days off, so the thirtieth day, 4 October, moves to the 8th.
    agreement.signed_on = date(2026, 9, 4)
    court = court_of(mediation, date(2026, 10, 6))
    assert not works(date(2026, 10, 4))
    assert (court.last, court.left, court.open) == (date(2026, 10, 8), 2, True)
