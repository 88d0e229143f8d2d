"""The places of the township, and the rounds made there: by need, each through the real acts."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from maplebridge.demo.landscape import point_in
from maplebridge.demo.people import Township
from maplebridge.fieldwork.actions import ask_visit, find_needs, keep_place, record_visit
from maplebridge.fieldwork.checklists import CHECKLISTS
from maplebridge.fieldwork.models import Need, Place
from maplebridge.fieldwork.rules import KINDS
from maplebridge.org.models import Person
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import Actor

# How many of each kind; 635 rental dwellings are the police station's own figure.
COUNTS = {
    "rental": 635, "premises": 120, "workshop": 28, "lodging": 16, "forest": 24, "danger": 36,
    "water": 22, "public": 34, "dwelling": 12,
}  # fmt: skip
NAMES = {
    "rental": "{}号出租房", "premises": "{}号店铺", "workshop": "{}号竹木作坊",
    "lodging": "{}号民宿", "forest": "{}号林区作业点", "danger": "{}号地质灾害点",
    "water": "{}号山塘", "public": "{}号公共场所", "dwelling": "{}号民居",
}  # fmt: skip
# Words of an inspection by its checklist: all in order, and with a fault.
WORDS = {
    "rental": (
        "灭火器在有效期内，通道畅通。",
        "线路整齐，烟感测试正常。",
        "房东不在，看了公共部位。",
    ),
    "premises": ("店内不住人，出口畅通。", "提醒了电动车不进店。", "应急灯试过，能亮。"),
    "forest": ("隔离带清好，工具在位。", "讲了禁火令，没有野外用火。"),
    "danger": ("没有新裂缝，警示牌在位。", "排水沟清过，转移路线畅通。", "值守人知道铜锣信号。"),
}
FOUND = {
    "rental": ("楼道堆放纸箱，当场劝其搬走。", "烟感没电，已提醒换电池。"),
    "premises": ("灭火器过期，已告知更换。", "后门上锁，当场打开。"),
    "forest": ("隔离带有枯草，约好一周内清理。",),
    "danger": ("排水沟有淤泥，约好清理。", "警示牌倒了，已扶正固定。"),
}
ASKED = (
    "老人腿脚不便，想请人帮忙交医保。",
    "家里电线老旧，想请人来看看。",
    "想问危房补助怎么申请。",
)
HEARD = ("已帮忙登记，下次带材料来。", "讲清了办理途径，对方满意。", "一切都好，没有别的需要。")


class Rounds:
    """Enters the places once, then goes where something is due, day by day."""

    def __init__(self, town: Township, seed: int) -> None:
        self.town = town
        self.rng = random.Random(seed)  # noqa: S311 — a story, no secret
        self.actors: dict[int, Actor] = {}

    def settle(self, at: datetime) -> None:
        """Enter every place, as a township does when it begins."""
        grids = sorted(self.town.grids)
        for kind, count in COUNTS.items():
            for number in range(1, count + 1):
                self._enter(kind, number, self.rng.choice(grids), at)
        self._begin_somewhere(at)

    def day(self, morning: datetime) -> None:
        """What is due is done on its day or a few days later; some ask for a visit."""
        find_needs(morning)
        at = morning + timedelta(hours=8)
        for need in self._due(morning):
            at += timedelta(minutes=self.rng.uniform(2, 9))
            if self.rng.random() < 0.75:
                self._go(need, at)
        if self.rng.random() < 0.3:
            self._ask(at)

    def _enter(self, kind: str, number: int, grid: str, at: datetime) -> None:
        lon, lat = point_in(self.town.grids[grid], self.rng)
        fields = {
            "kind": kind, "lon": lon, "lat": lat, **self._facts(kind),
            "name": self.town.names[grid[:12]] + NAMES[kind].format(number),
            "address": f"{self.town.names[grid[:12]]}{self.rng.randrange(1, 90)}号",
        }  # fmt: skip
        keep_place(
            place_id=self._id(), fields=fields, actor=self._worker(grid), command_id=self._id(),
            at=at,
        )  # fmt: skip

    def _facts(self, kind: str) -> dict[str, object]:
        drawn: dict[str, object] = {
            "head_count": self.rng.randrange(1, 9), "rooms": self.rng.randrange(1, 7),
            "floors": self.rng.randrange(1, 5), "extinguishers": self.rng.randrange(0, 5),
            "smoke_alarms": self.rng.randrange(0, 7), "second_exit": self.rng.random() < 0.6,
            "water": "山塘取水", "shelter": "文化礼堂",
        }  # fmt: skip
        return {name: drawn[name] for name in KINDS[kind].facts}

    def _begin_somewhere(self, at: datetime) -> None:
        """The last checks before the story lie spread over the interval, as in life."""
        places = list(Place.objects.exclude(kind="dwelling").order_by("id"))
        for place in places:
            days = self.rng.randrange(1, max(2, KINDS[place.kind].every_days))
            place.checked_on = timezone.localdate(at) - timedelta(days=days)
        Place.objects.bulk_update(places, ["checked_on"])

    def _due(self, morning: datetime) -> Iterable[Need]:
        day = timezone.localdate(morning)
        found = Need.objects.filter(done_at__isnull=True, due_on__lte=day)
        return list(found.select_related("place", "matter").order_by("due_on", "id"))

    def _go(self, need: Need, at: datetime) -> None:
        sheet = CHECKLISTS.get(KINDS[need.place.kind].checklist) if need.place else None
        told: dict[str, object] = {"kind": "visit", "met": "yes", "result": self.rng.choice(HEARD)}
        if need.kind == "inspection" and sheet is not None:
            items = {item.code: "ok" for item in sheet.items}
            words = WORDS
            if self.rng.random() < 0.1:
                items[self.rng.choice(sheet.items).code], words = "fault", FOUND
            told = {"kind": "inspection", "checklist": sheet.code, "items": items,
                    "checklist_version": sheet.version,
                    "result": self.rng.choice(words[sheet.code])}  # fmt: skip
        record_visit(
            visit_id=self._id(), need=need.id, actor=self._worker(need.area_code), at=at, **told
        )  # type: ignore[arg-type]

    def _ask(self, at: datetime) -> None:
        dwellings = list(Place.objects.filter(kind="dwelling").order_by("id"))
        asker = self.town.command["dispatcher"][0]
        ask_visit(
            need_id=self._id(), kind="visit", reason="asked", actor=self._actor(asker),
            place=self.rng.choice(dwellings).id, note=self.rng.choice(ASKED), at=at,
            due_on=timezone.localdate(at) + timedelta(days=self.rng.randrange(2, 8)),
        )  # fmt: skip

    def _worker(self, area_code: str) -> Actor:
        grid = area_code if area_code in self.town.grid_workers else self._grid_of(area_code)
        return self._actor(self.town.grid_workers[grid])

    def _grid_of(self, area_code: str) -> str:
        return min(g for g in self.town.grid_workers if g.startswith(area_code))

    def _actor(self, person: Person) -> Actor:
        if person.id not in self.actors:
            self.actors[person.id] = actor_for(person)
        return self.actors[person.id]

    def _id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)
