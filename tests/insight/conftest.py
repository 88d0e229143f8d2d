from datetime import timedelta
from uuid import uuid4

import pytest

from maplebridge.matters.actions import report, tick
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import reporter_of
from maplebridge.org.rules import ANYONE
from tests.kept import kept
from tests.matters.conftest import MONDAY, World
from tests.org.builders import build_town

VILLAGE = "331181101201"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(db):
    return World(**vars(build_town()))


class Busy(World):
    """A town that has lived: something of every kind that a digest counts."""

    def told(self, text, channel="web", at=MONDAY, **more):
        more.setdefault("lon", self.point[0])
        more.setdefault("lat", self.point[1])
        made = report(text=text, channel=channel, command_id=uuid4(), at=at, actor=ANYONE, **more)
        return made.matter

    def live(self):
        """Until Monday 18:00 in Shanghai, which is nine hours after MONDAY."""
        lower = {"lon": self.point[0], "lat": self.point[1] + 0.01}  # 下村
        for days in (40, 20, 9, 3):
            self.told("和邻居为围墙滴水吵架", "phone", MONDAY - days * DAY, category="A02")
        for days in range(30, 1, -2):
            self.told("路面坑洼", "counter", MONDAY - days * DAY, category="D01", **lower)
        self.told("和邻居为狗叫吵架", "phone", MONDAY - 11 * HOUR, category="A02", **lower)
        for n in range(12):
            self.told(f"消防通道被杂物堵住{n}", "field", MONDAY + n * timedelta(minutes=5), **lower)
        for days, address in ((50, "上村１２号"), (12, "八都镇上村12#，"), (2, "12 号")):
            self.told(
                "摆摊占道", "web", MONDAY - days * DAY, category="F02", address=address,
                area=VILLAGE, lon=None, lat=None,
            )  # fmt: skip
        self.told("想问问", "phone", MONDAY, lon=None, lat=None)
        self.told("山坡塌方", "phone", MONDAY, category="C03", urgency="geology")
        waiting = self.at_work(MONDAY + HOUR)
        self.step(
            waiting, "ask_extension", "wang", MONDAY + 2 * HOUR, reason="雨", until="2026-12-01"
        )
        paused = self.at_work(MONDAY - 3 * DAY)
        self.step(paused, "suspend", "zhao", MONDAY, reason="枯水期", review_on="2026-12-10")
        for days in range(8, 14):
            self.at_work(MONDAY - days * DAY)
        for days, answer in ((6, "yes"), (5, "partly"), (4, None)):
            self.closed(MONDAY - days * DAY, answer)
        self.closed(MONDAY + HOUR, None)
        self.returned_twice(MONDAY - DAY)
        tick(MONDAY + 9 * HOUR)
        return self

    def returned_twice(self, at):
        made = self.told("没人管的事", "web", at)
        for who, unit in (("wang", "sanitation"), ("zhou", "utility")):
            self.step(made, "dispatch", "li", at, category="E02", lead=unit)
            self.step(made, "return_back", who, at, reason_code="not_ours", reason="不属于",
                      basis="条例", belongs_to="enforcement")  # fmt: skip

    def at_work(self, at):
        made = self.told("垃圾成堆", "web", at)
        for name, who, fields in (
            ("dispatch", "li", {"category": "E02", "lead": "sanitation"}),
            ("accept", "wang", {}),
            ("start", "wang", {"contact_result": "reached"}),
        ):
            self.step(made, name, who, at, **fields)
        return made

    def closed(self, at, answer):
        made = self.at_work(at)
        self.step(made, "handle", "wang", at + HOUR, result="已清运")
        self.step(made, "close", "chen", at + 2 * HOUR)
        if answer:
            reporter = reporter_of(made.reports.get().code)[1]
            self.step(made, "evaluate", reporter, at + 3 * HOUR,
                      solved="yes", satisfied=answer, contacted="yes")  # fmt: skip
        return Matter.objects.get(pk=made.pk)


@pytest.fixture
def busy(db):
    return kept("busy", lambda: Busy(**vars(build_town())).live())


EVENING = MONDAY + 9 * HOUR
