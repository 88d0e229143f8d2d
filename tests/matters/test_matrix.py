"""Every cell of the flow table: status × step × kind of post, on a real matter."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from maplebridge.kernel.errors import Conflict, MaplebridgeError, NotAllowed
from maplebridge.matters.actions import take_step
from maplebridge.matters.flow import FIELDS, FLOW, STATUSES
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries import reporter_of
from maplebridge.org.models import Person, Post, Shift
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import ANYONE, TIMER
from tests.matters.conftest import MONDAY

VALUES = {
    "reason": "理由",
    "reason_code": "not_ours",
    "decline_code": "in_court",
    "instead": "法院",
    "receiver": "12345",
    "receipt_number": "X1",
    "result": "做完",
    "lead": "utility",
    "category": "E02",
    "basis": "条例",
    "belongs_to": "enforcement",
    "from_unit": "sanitation",
    "contact_result": "reached",
    "note": "备注",
    "until": "2026-12-02",
    "review_on": "2026-12-02",
    "public_answer": "已办",
    "solved": "yes",
    "satisfied": "yes",
    "contacted": "yes",
    "level": "1",
    "urgency": "fire",
    "reached": "no_answer",
    "mediation": "0" * 32,
    "act": "hold",
    "seal": "0" * 64,
}
KINDS = sorted({k for s in FLOW.steps for k in s.who} | {"outsider", "adviser"})


@pytest.fixture
def cast(world):
    """One actor for each kind of power over a matter led by sanitation and helped by utility."""
    adviser = Post.objects.create(
        person=world.people.wu, kind="adviser", title="乡贤", unit=world.units.mediation
    )
    assert adviser.kind == "adviser"
    return {
        "dispatcher": world.actor("li"),
        "handler": world.actor("wang"),
        "helper": world.actor("zhou"),
        "verifier": world.actor("chen"),
        "supervisor": world.actor("zhao"),
        "grid_worker": world.actor("lin"),
        "on_duty": _on_duty(world),
        "timer": TIMER,
        "anyone": ANYONE,
        "adviser": actor_for(world.people.wu, MONDAY),
        "outsider": replace(actor_for(world.people.wu, MONDAY), posts=()),
    }


def _on_duty(world):
    """A mediator who is on duty, which gives this power alone over an urgent matter."""
    someone = Person.objects.create(username="guo", name="郭伟")
    post = Post.objects.create(
        person=someone, kind="adviser", title="值班", unit=world.units.command
    )
    post.areas.set([world.areas["331181101"]])
    Shift.objects.create(
        post=post, starts_at=MONDAY - timedelta(hours=1), ends_at=MONDAY + timedelta(hours=8)
    )
    return actor_for(someone, MONDAY)


def _at(world, status):
    """A matter in the status, led by sanitation with utility helping, by a supervisor's correction."""
    made = world.report("路边堆了建筑垃圾")
    other = world.report("另一堆垃圾").matter
    matter = made.matter
    world.step(matter, "dispatch", "li", category="E02", lead="sanitation", helpers=["utility"])
    if status != "dispatched":
        world.step(matter, "correct", "zhao", target_status=status, reason="测试")
    if status == "closed":
        matter.reports.update(evaluate_until=MONDAY.replace(year=2027))
    return made, other


@pytest.mark.parametrize("status", list(STATUSES))
def test_every_cell_of_a_status(world, cast, status):
    made, other = _at(world, status)
    cast["reporter"] = reporter_of(made.code)[1]
    values = {**VALUES, "target_matter": other.number}
    values["target_status"] = "reported" if status != "reported" else "returned"
    before = count(made.matter)
    for step in FLOW.steps:
        for kind in KINDS:
            fields = {n: values[n] for n in step.needs}
            if step.name == "classify":
                fields = {"category": "E01"}
            allowed = status in step.sources and kind in _powers(kind) & step.who
            allowed = allowed or (status in step.sources and "anyone" in step.who)
            point = transaction.savepoint() if allowed else ""
            outcome = _try(made.matter.id, step.name, cast[kind], fields)
            wrote = outcome is None
            if wrote:
                assert count(made.matter) > before
                transaction.savepoint_rollback(point)
            name = f"{status} {step.name} {kind}: {outcome!r}"
            if status not in step.sources:
                assert isinstance(outcome, Conflict), name
                assert outcome.status == status, name
            elif not allowed:
                assert isinstance(outcome, NotAllowed), name
            else:
                # the table lets it through; only a rule of the step itself may still refuse
                assert wrote or isinstance(outcome, MaplebridgeError), name
        assert count(made.matter) == before, step.name  # what was refused has written nothing


def count(matter):
    return MatterEvent.objects.filter(matter_id=matter.id).count()


def _powers(kind):
    return {kind}


def _try(matter, step, actor, fields):
    """The error of a step that was refused; None when it was taken."""
    try:
        take_step(matter, step, actor, fields, command_id=uuid4(), at=MONDAY)
    except MaplebridgeError as error:
        return error
    return None


@pytest.mark.parametrize("step", [s for s in FLOW.steps if s.needs], ids=lambda s: s.name)
def test_each_needed_field_is_asked_for_by_name(world, cast, step):
    status = next(s for s in STATUSES if s in step.sources)
    made, other = _at(world, status)
    cast["reporter"] = reporter_of(made.code)[1]
    actor = cast[next(k for k in sorted(step.who))]
    values = {**VALUES, "target_matter": other.number, "target_status": "returned"}
    for need in step.needs:
        fields = {n: values[n] for n in step.needs if n != need}
        outcome = _try(made.matter.id, step.name, actor, fields)
        assert getattr(outcome, "field", None) == need
    outcome = _try(
        made.matter.id, step.name, actor, {**{n: values[n] for n in step.needs}, "extra": "x"}
    )
    assert getattr(outcome, "field", None) == "extra"


def test_every_field_of_the_table_is_described():
    asked = {n for s in FLOW.steps for n in (*s.needs, *s.optional)}
    assert asked <= FIELDS.keys()
    assert Matter._meta.get_field("status").max_length >= max(map(len, STATUSES))
