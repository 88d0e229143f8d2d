"""Every cell of the flow table: status × step × whoever presses; and pressing twice, or sixteen times."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction

from maplebridge.kernel.errors import (
    Conflict,
    InvalidInput,
    MaplebridgeError,
    NotAllowed,
    NotFound,
)
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.actions import register, take
from maplebridge.mediation.flow import BEFORE, FLOW, ON_THE_HEAD, STATUSES
from maplebridge.mediation.models import Mediation, MediationEvent, Party
from maplebridge.org.rules import TIMER
from tests.kept import kept
from tests.mediation.acts import fields, first, values_of
from tests.mediation.conftest import BAI, HUANG, MONDAY, build_table

TODAY = MONDAY.date()
SECTIONS = ("facts", "issues", "terms", "manner")
# Who presses, and what power over the file the table may give him.
PRESSES = {"he": {"committee", "mediator"}, "gao": {"committee"}, "timer": {"timer"}}
STRANGERS = ("tang", "li", "zhao", "lin")  # another committee, dispatcher, leader, grid worker
# What a rule of the step itself refuses in the files drawn up here.
LAWS = {
    ("agreed", "complete"), ("broken", "complete"),  # an obligation is open
    ("agreed", "confirm"), ("performed", "confirm"), ("broken", "confirm"),  # nobody asked
}  # fmt: skip


# What a file has gone through before: its world is built on that of the status named here.
AFTER = {
    "mediating": "accepted", "agreed": "mediating", "failed": "mediating",
    "withdrawn": "mediating", "passed_on": "mediating", "refused": "registered",
    "performed": "agreed", "broken": "agreed",
}  # fmt: skip


def world(status):
    """A file in the status, entrusted and reported back, ready for whatever the table allows."""
    return kept(f"file {status}", lambda: build(status))


def build(status):
    before = AFTER.get(status)
    table, mediation = world(before) if before else (build_table(), None)
    if mediation is None:
        way = table.register if status == "registered" else table.accepted
        mediation = way(source="entrusted", body="court", letter="委派1号")
        Mediation.objects.update(reported_back_on=TODAY)
    if status == "accepted":
        table.take(mediation, "invite", starts_at=MONDAY, room="joint")
        for party in table.parties(mediation):
            table.take(mediation, "inform", party=party.id, consents="yes")
    for name, told in leads_to(status, table, mediation):
        table.take(mediation, name, **told)
    mediation = table.again(mediation)
    assert mediation.status == status
    return table, mediation


def leads_to(status, table, mediation):
    """The steps from the status before."""
    parties = table.parties(mediation)
    if status == "mediating":
        yield "open", {}
        owes = {"party": parties[1].id, "text": "赔偿", "amount": "600.50", "due_on": "2026-12-01"}
        yield "draft", dict.fromkeys(SECTIONS, "文字") | {"obligations": [owes]}
        for party, section in product(parties, SECTIONS):
            yield "approve", {"party": party.id, "section": section}
    elif status == "agreed":
        yield "sign", {"signed_on": TODAY, "signatures": {str(p.id): "paper" for p in parties}}
    elif status == "performed":
        yield "perform", {"obligation": first(mediation), "done_on": TODAY}
        yield "complete", {}
    elif status == "broken":
        yield "break_off", {"obligation": first(mediation), "next_step": "urge"}
    elif status == "refused":
        yield "refuse", {"refusal": "reserved"}
    elif status == "failed":
        yield "fail", {"reason": "x"}
    elif status == "withdrawn":
        yield "withdraw", {"party": parties[0].id}
    elif status == "passed_on":
        yield "pass_on", {"committee": "mediation", "reason": "x"}


def attempt(mediation, step, actor, told, command=None):
    """(the event or None, why it was refused or None)."""
    try:
        command = command or uuid4()
        return take(mediation.id, step, actor, told, command_id=command, at=MONDAY), None
    except MaplebridgeError as error:
        return None, error


@pytest.mark.parametrize("status", list(STATUSES))
@pytest.mark.django_db
def test_every_cell_of_a_status(status):
    table, mediation = world(status)
    actors = {name: table.actor(name) for name in ("he", "gao", *STRANGERS)} | {"timer": TIMER}
    free, values = not mediation.mediators.exists(), values_of(mediation)
    before = MediationEvent.objects.count()
    for number, step in enumerate(FLOW.steps):
        told = fields(values, step)
        for name in (*PRESSES, STRANGERS[number % len(STRANGERS)]):
            kinds = PRESSES.get(name, set()) - ({"mediator"} if free else set())
            reads = kinds & {"timer", "mediator"} or (kinds and free)
            expected = expect(status, step, kinds, reads or (kinds and step.name in ON_THE_HEAD))
            point = transaction.savepoint() if expected is MediationEvent else ""
            event, error = attempt(mediation, step.name, actors[name], told)
            assert isinstance(event or error, expected), (status, step.name, name, error)
            if event:
                assert event.to_status == (step.target or status)
                transaction.savepoint_rollback(point)
            elif expected is Conflict and status not in step.sources:
                assert error.status == status
    assert MediationEvent.objects.count() == before  # what was refused has written nothing
    assert list(verify_ledger()) == []
    each_needed_field_is_asked_for_by_name(mediation, status, actors["he"], values)
    assert MediationEvent.objects.count() == before
    if status in BEFORE.split():
        the_same_command_twice_is_one_event(mediation, status, actors["he"], values)


def expect(status, step, kinds, reads):
    """What the table says of a press: the step's event, or the kind of its refusal."""
    if not reads:
        return NotFound
    if status not in step.sources:
        return Conflict
    if step.who.isdisjoint(kinds):
        return NotAllowed
    return Conflict if (status, step.name) in LAWS else MediationEvent


def each_needed_field_is_asked_for_by_name(mediation, status, he, values):
    for step in FLOW.steps:
        if NEEDS_IN.get(step.name) != status:
            continue
        whole = fields(values, step)
        for need in step.needs:
            for empty in ({}, {need: ""}):
                told = {n: v for n, v in whole.items() if n != need} | empty
                _event, error = attempt(mediation, step.name, he, told)
                assert isinstance(error, InvalidInput), (step.name, need)
                assert error.field == need
        _event, error = attempt(mediation, step.name, he, whole | {"colour": "red"})
        assert error.field == "colour"


def needs_in():
    """The status in which each step is asked for its fields; a party's own: tests of its page."""
    return {
        step.name: next(s for s in ("mediating", "agreed", "registered", "accepted", "failed")
                        if s in step.sources)
        for step in FLOW.steps if step.needs and step.who != {"party"}
    }  # fmt: skip


NEEDS_IN = needs_in()


def the_same_command_twice_is_one_event(mediation, status, he, values):
    for step in FLOW.steps:
        if status not in step.sources or (status == "registered" and "committee" not in step.who):
            continue
        told, command = fields(values, step), uuid4()
        with transaction.atomic():
            one, error = attempt(mediation, step.name, he, told, command)
            assert one, (step.name, error)
            if step.name not in {"accept", "appoint"}:  # it is another's file now
                count = MediationEvent.objects.count()
                again, error = attempt(mediation, step.name, he, told, command)
                assert again == one, (step.name, error)
                assert MediationEvent.objects.count() == count
            transaction.set_rollback(True)


def test_an_old_page_is_told_so(table):
    mediation = table.mediating()
    with pytest.raises(Conflict) as refused:
        table.take(mediation, "remark", note="x", version=mediation.version - 1)
    assert refused.value.version == mediation.version


TIMES = 16


def together(act):
    """The same moment in sixteen threads, each with its own connection."""
    start = Barrier(TIMES)

    def press(index):
        start.wait()
        try:
            return act(index)
        except MaplebridgeError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(press, range(TIMES)))


@pytest.fixture
def races(transactional_db, request):
    return request.getfixturevalue("table")


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once(races):
    table, he = races, races.actor("he")
    # Sixteen presses of one step: one event.
    mediation = table.register()
    told = {"type": "PM02", "mediators": ["he"]}
    done = together(
        lambda _i: take(mediation.id, "accept", he, told, command_id=uuid4(), at=MONDAY)
    )
    assert sum(isinstance(d, MediationEvent) for d in done) == 1
    assert {d.status for d in done if isinstance(d, Conflict)} == {"accepted"}
    # The same command sixteen times: one event and one answer.
    command = uuid4()
    done = together(
        lambda _i: take(mediation.id, "remark", he, {"note": "x"}, command_id=command, at=MONDAY)
    )
    assert {d.pk for d in done} == {MediationEvent.objects.get(step="remark").pk}
    # The same registration sixteen times: one file with its two parties.
    matter, parties, one = table.quarrel(), Party.objects.count(), uuid4()
    enter = {"committee": "mediation-1", "source": "initiative", "parties": [HUANG, BAI],
             "actor": he, "at": MONDAY}  # fmt: skip
    done = together(lambda _i: register(mediation_id=one, matter=matter.id, **enter))
    assert {d.pk for d in done} == {one}
    assert Party.objects.count() == parties + 2
    # Sixteen disputes taken up at once: numbers in a row.
    matters = [table.quarrel() for _ in range(TIMES)]
    files = together(lambda i: register(mediation_id=uuid4(), matter=matters[i].id, **enter))
    together(lambda i: take(files[i].id, "accept", he, told, command_id=uuid4(), at=MONDAY))
    given = Mediation.objects.filter(serial__isnull=False).values_list("serial", flat=True)
    assert sorted(given) == list(range(1, TIMES + 2))
    assert list(verify_ledger()) == []
