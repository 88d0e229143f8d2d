"""Random acts by everybody, in any order: nothing is lost, the ledger verifies, clocks keep their laws."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.actions import follow, tick
from maplebridge.matters.flow import ENDINGS, FIELDS, FLOW
from maplebridge.matters.models import Assignment, Clock, Matter, MatterEvent, Petition, Report
from maplebridge.matters.queries import reporter_of, verify_ledger
from maplebridge.trust.queries import passages
from tests.matters.conftest import MONDAY

WHO = ["li", "wang", "sun", "zhou", "chen", "zhao", "lin", "wu", "reporter", "nobody"]
STEPS = [step.name for step in FLOW.steps] + ["fly"]
UNITS = ["sanitation", "utility", "enforcement", "grid-1", "nobody"]
VALUES = {
    "text": st.sampled_from(["清运完毕", "", "x" * 6000, "需要更多时间"]),
    "line": st.sampled_from(["条例第三条", "", "3wd", "24h", "bad"]),
    "unit": st.sampled_from(UNITS),
    "units": st.lists(st.sampled_from(UNITS), max_size=2),
    "category": st.sampled_from(["E02", "E01", "A01", "ZZ"]),
    "area": st.sampled_from(["331181101201001", "331181101202", "9"]),
    "number": st.sampled_from([119.055, 27.955, 500.0]),
    "date": st.integers(-3, 20).map(lambda n: (date(2026, 11, 24) + timedelta(days=n)).isoformat()),
    "status": st.sampled_from([*FLOW.statuses, "gone"]),
    "photos": st.just([]),
    "voices": st.just([]),
}


@st.composite
def fields(draw, name):
    """Mostly what the step asks for; sometimes something missing, wrong or too much."""
    if name == "fly":
        return {}
    step, given_ = FLOW.step(name), {}
    for need in (*step.needs, *step.optional):
        if need in step.needs and draw(st.integers(0, 9)) == 0:
            continue
        if need in step.optional and draw(st.booleans()):
            continue
        asked = FIELDS[need]
        if asked.kind == "choice":
            given_[need] = draw(st.sampled_from([key for key, _l in asked.choices]))
        elif asked.kind == "matter":
            given_[need] = draw(st.integers(0, 5))
        else:
            given_[need] = draw(VALUES[asked.kind])
    if draw(st.integers(0, 19)) == 0:
        given_["colour"] = "red"
    return given_


class Town(RuleBasedStateMachine):
    world = None

    @initialize()
    def begin(self):
        self.now = MONDAY
        self.matters: list[int] = []
        self.accepted: dict = {}
        self.reports = 0
        self.tell(text="村口垃圾成堆，味道很大", category="E02")

    def tell(self, **more):
        made = self.world.report(at=self.now, **more)
        self.reports += 1
        if made.matter_id not in self.matters:
            self.matters.append(made.matter_id)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(days=st.integers(0, 1))
    def the_timer_ticks(self, days):
        self.now += timedelta(days=days, minutes=1)
        tick(self.now)

    @rule(
        text=st.sampled_from(["路灯不亮三天了", "邻居半夜装修", "河边有垃圾"]),
        category=st.sampled_from(["", "E02", "A01"]),
    )
    def somebody_reports(self, text, category):
        self.tell(text=text, category=category)

    @rule(which=st.integers(0, 9))
    def somebody_joins(self, which):
        try:
            follow(
                self.pick(which).pk, command_id=uuid4(), channel="web", text="我也一样", at=self.now
            )
            self.reports += 1
        except MaplebridgeError:
            pass

    @rule(data=st.data(), which=st.integers(0, 9), who=st.sampled_from(WHO), twice=st.booleans())
    def somebody_acts(self, data, which, who, twice):
        matter = self.pick(which)
        open_now = [s.name for s in FLOW.steps if matter.status in s.sources]
        name = data.draw(
            st.sampled_from(open_now or STEPS)
            if data.draw(st.integers(0, 5))
            else st.sampled_from(STEPS)
        )
        given_ = data.draw(fields(name))
        if "target_matter" in given_:
            given_["target_matter"] = self.pick(given_["target_matter"]).number
        before = MatterEvent.objects.filter(matter=matter).count()
        command = uuid4()
        try:
            event = self.world.step(
                matter, name, self.actor(who, matter), at=self.now, command_id=command, **given_
            )
        except MaplebridgeError:
            assert MatterEvent.objects.filter(matter=matter).count() == before
            return
        assert FLOW.step(name).sources >= {event.from_status}
        self.accepted[command] = (matter.pk, name)
        if twice:
            again = self.world.step(
                matter, name, self.actor(who, matter), at=self.now, command_id=command, **given_
            )
            assert again.pk == event.pk

    def pick(self, which):
        return Matter.objects.get(pk=self.matters[which % len(self.matters)])

    def actor(self, who, matter):
        if who == "nobody":
            from maplebridge.org.rules import ANYONE

            return ANYONE
        if who == "reporter":
            report = Report.objects.filter(matter=matter).first()
            return reporter_of(report.code)[1] if report else "wu"
        return who

    @invariant()
    def no_act_is_lost(self):
        if not hasattr(self, "accepted"):
            return
        kept = dict(
            MatterEvent.objects.filter(command_id__in=self.accepted).values_list(
                "command_id", "step"
            )
        )
        assert kept == {command: name for command, (_m, name) in self.accepted.items()}
        assert Report.objects.count() == self.reports
        counted = dict(Matter.objects.values_list("pk", "report_count"))
        for pk, count in counted.items():
            assert Report.objects.filter(matter_id=pk).count() == count
        ids = [i for i in MatterEvent.objects.values_list("passage_id", flat=True) if i]
        assert len(passages(ids)) == len(ids)

    @invariant()
    def the_ledger_verifies(self):
        assert list(verify_ledger()) == []

    @invariant()
    def clocks_keep_their_laws(self):
        for clock in Clock.objects.select_related("matter"):
            assert clock.due_at >= clock.first_due_at or clock.due_at == clock.first_due_at
            assert clock.started_at <= clock.first_due_at
            if clock.stopped_at is None:
                assert clock.matter.status not in ENDINGS, (clock.kind, clock.matter.status)
            if clock.paused_at is not None and clock.stopped_at is None:
                assert clock.matter.suspended_until is not None
        for matter in Matter.objects.all():
            running = [c.due_at for c in matter.clocks.filter(stopped_at=None, paused_at=None)]
            assert matter.due_at == min(running, default=None)

    @invariant()
    def one_unit_leads(self):
        for matter in Matter.objects.exclude(status__in=["reported", "returned", *ENDINGS]):
            leads = Assignment.objects.filter(
                matter=matter, role="lead", state__in=["active", "done"]
            )
            assert [a.unit_id for a in leads] == [matter.lead_id], matter.status
        for matter in Matter.objects.all():
            asked = Petition.objects.filter(matter=matter, decided_at=None).exists()
            assert matter.petition_open == asked


@pytest.mark.long
@pytest.mark.django_db
def test_random_acts_keep_the_laws(world):
    from django.db import transaction

    class Rolled(Town):
        def __init__(self):
            super().__init__()
            self.point = transaction.savepoint()

        def teardown(self):
            transaction.savepoint_rollback(self.point)

    Rolled.world = world
    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
