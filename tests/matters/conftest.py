from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from maplebridge.matters.actions import report, take_step
from maplebridge.matters.models import Matter
from maplebridge.org.queries import actor_for
from tests.org.builders import build_town

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai


class World(SimpleNamespace):
    """The town and short ways to act in it."""

    def actor(self, name: str):
        return actor_for(getattr(self.people, name), MONDAY)

    def report(self, text="村口垃圾成堆，味道很大", **more):
        more.setdefault("lon", self.point[0])
        more.setdefault("lat", self.point[1])
        more.setdefault("at", MONDAY)
        more.setdefault("command_id", uuid4())
        return report(text=text, channel="web", **more)

    def step(self, matter, name, who, at=MONDAY, **fields):
        actor = self.actor(who) if isinstance(who, str) else who
        command = fields.pop("command_id", None) or uuid4()
        version = fields.pop("version", None)
        return take_step(matter.id, name, actor, fields, command_id=command, version=version, at=at)

    def fresh(self, matter):
        return Matter.objects.get(pk=matter.pk)

    def in_status(self, status, **more):
        """A matter brought to a status by real steps; 王强 of sanitation handles."""
        matter = self.report(**more).matter
        path = {
            "dispatched": ["dispatch"],
            "accepted": ["dispatch", "accept"],
            "in_progress": ["dispatch", "accept", "start"],
            "handled": ["dispatch", "accept", "start", "handle"],
            "closed": ["dispatch", "accept", "start", "handle", "close"],
            "returned": ["dispatch", "return_back"],
            "declined": ["decline"],
            "referred": ["refer"],
        }.get(status, [])
        for name in path:
            self.step(matter, name, STEPS[name][0], **STEPS[name][1](self))
        return self.fresh(matter)


STEPS = {
    "dispatch": ("li", lambda w: {"category": "E02", "lead": "sanitation"}),
    "accept": ("wang", lambda w: {}),
    "start": ("wang", lambda w: {"contact_result": "reached"}),
    "handle": ("wang", lambda w: {"result": "已清运"}),
    "close": ("chen", lambda w: {}),
    "decline": (
        "li",
        lambda w: {"decline_code": "in_court", "reason": "已起诉", "instead": "法院"},
    ),
    "refer": ("li", lambda w: {"receiver": "12345", "receipt_number": "X1"}),
    "return_back": (
        "wang",
        lambda w: {
            "reason_code": "not_ours",
            "reason": "不属于",
            "basis": "条例",
            "belongs_to": "enforcement",
        },
    ),
}


@pytest.fixture
def world(db):
    return World(**vars(build_town()))
