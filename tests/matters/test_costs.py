"""What an act or a list costs in statements, so that nobody makes it dearer unseen."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maplebridge.matters import queries
from maplebridge.matters.actions import report, take_step
from maplebridge.matters.flow import STATUSES
from maplebridge.matters.models import Matter
from maplebridge.matters.queries.visible import sees
from maplebridge.org.rules import ANYONE, TIMER
from tests.matters.conftest import MONDAY

# Beside the savepoint that stands for the transaction here, and the directory's look at its stamp
# once a second.
FREE = ("SAVEPOINT", "org_directorystamp")
MOST_OF_A_REPORT, MOST_OF_A_STEP = 3, 12
WHO = {"inbox": "li", "unit_list": "wang", "open_matters": "li"}
WHO |= {"to_verify": "chen", "to_supervise": "zhao"}


def _counted(act):
    with CaptureQueriesContext(connection) as caught:
        answer = act()
    said = [q["sql"] for q in caught.captured_queries if not any(f in q["sql"] for f in FREE)]
    return len(said), answer


def test_a_report_is_three_statements(world):
    world.report()
    lon, lat = world.point
    count, _made = _counted(
        lambda: report(
            text="路灯不亮", channel="api", command_id=uuid4(), lon=lon, lat=lat, at=MONDAY
        )
    )
    assert count <= MOST_OF_A_REPORT


def test_steps_are_few_statements(world):
    matter, li, wang = world.report().matter, world.actor("li"), world.actor("wang")
    path = [
        ("dispatch", li, {"category": "E02", "lead": "sanitation", "helpers": ["utility"]}),
        ("accept", wang, {}),
        ("start", wang, {"contact_result": "reached"}),
    ]
    for name, actor, fields in path:
        count, _event = _counted(
            lambda n=name, a=actor, f=fields: take_step(
                matter.id, n, a, f, command_id=uuid4(), at=MONDAY
            )
        )
        assert count <= MOST_OF_A_STEP, name


@pytest.mark.parametrize("name", list(WHO))
def test_a_list_is_one_statement_whatever_its_length(world, name):
    actor, read = world.actor(WHO[name]), getattr(queries, name)

    def page():
        found, _more = queries.keyset(read(actor))
        for m in found:
            assert str(m.category or m.proposed_category)
            assert m.lead is None or m.lead.name
        return len(found)

    def another():
        status = {"unit_list": "accepted", "to_verify": "handled", "to_supervise": "in_progress"}
        matter = world.in_status(status.get(name, "reported"))
        if name == "to_supervise":
            world.step(matter, "supervise", "zhao", level="2", reason="看")

    another()
    assert _counted(page) == (1, 1)
    for _ in range(29):
        another()
    assert _counted(page) == (1, 30)


def test_one_matter_is_seen_by_those_whose_lists_hold_it(world):
    for status in STATUSES:
        matter = world.report().matter
        world.step(matter, "dispatch", "li", category="E02", lead="sanitation", helpers=["utility"])
        if status != "dispatched":
            world.step(matter, "correct", "zhao", target_status=status, reason="测试")
    returned = world.in_status("returned")
    assert returned.lead is None
    actors = [world.actor(name) for name in vars(world.people)]
    for actor in [*actors, TIMER, ANYONE]:
        listed = set(queries.matters_visible_to(actor).values_list("pk", flat=True))
        assert listed == {m.pk for m in Matter.objects.all() if sees(actor, m)}, actor.name
