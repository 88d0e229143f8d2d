from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from maplebridge.fieldwork import actions
from maplebridge.org.queries import actor_for
from tests.matters.conftest import MONDAY, World
from tests.org.builders import build_town

GRID = "331181101201001"


class Door(World):
    """The town, and a rental dwelling in 林青's grid."""

    def keep(self, kind="rental", name="陈家出租房", who="lin", at=MONDAY, **fields):
        fields = {"lon": self.point[0], "lat": self.point[1]} | fields
        fields |= {"kind": kind, "name": name}
        return actions.keep_place(
            place_id=uuid4(), fields=fields, actor=self.actor(who), command_id=uuid4(), at=at
        )

    def visit(self, who="lin", at=MONDAY, **more):
        more = {"visit_id": uuid4(), "kind": "visit", "met": "yes", "result": "一切正常"} | more
        return actions.record_visit(actor=self.actor(who), at=at, **more)

    def inspect(self, place, items=None, **more):
        items = items or {"alarm": "ok", "wires": "ok"}
        more = {"checklist": "rental", "checklist_version": 1} | more
        return self.visit(kind="inspection", met="", place=place.id, items=items, **more)


@pytest.fixture
def door(db):
    return Door(**vars(build_town()))


@pytest.fixture
def actor_of(door):
    return lambda name: actor_for(getattr(door.people, name), MONDAY)


LATER = SimpleNamespace(day=lambda n: MONDAY + timedelta(days=n))
