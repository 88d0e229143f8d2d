"""Units, posts and invented people of the Badu scenario."""

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from shapely import Polygon

from maplebridge.demo import landscape
from maplebridge.mediation.actions import found_committees, mend_committee
from maplebridge.org.actions import load_calendar, load_catalogue, load_duties
from maplebridge.org.models import Area, Boundary, Category, Duty, Jurisdiction, Person, Post, Unit
from maplebridge.org.queries import actor_for, forget_directory

COUNTY, TOWN, TOWNSHIP = "331181", "331181102", "331181201"
TOWN_VILLAGES = 19  # of 30; the others belong to the township
START = date(2024, 1, 1)
PASSWORD = "maple-bridge"  # noqa: S105 — of the demo only, printed on its sign-in page
VILLAGE_NAMES = [
    "上垟",
    "下垟",
    "枫桥",
    "岩后",
    "溪口",
    "双溪",
    "黄坛",
    "石门",
    "后坑",
    "大湾",
    "梅地",
    "竹源",
    "山头",
    "茶坪",
    "深坑",
    "白云",
    "青坑",
    "杉树",
    "桐坑",
    "岭根",
    "高际",
    "金竹",
    "外塘",
    "里塘",
    "横坑",
    "坪田",
    "龙头",
    "东畲",
    "盖竹",
    "安和",
]
SURNAMES = "叶吴周李王陈张刘林季项毛徐方何金蔡潘夏胡雷蓝钟郑"
GIVEN = [
    "建国", "伟平", "秀英", "丽华", "志强", "海燕", "小红", "国庆", "永康", "春梅", "文斌",
    "晓东", "玉兰", "振华", "佳琪", "子涵", "明亮", "金花", "家兴", "雪琴", "立新", "根土",
    "素珍", "宏伟", "彩凤", "俊杰",
]  # fmt: skip
OFFICES = (
    ("command", "镇综合信息指挥室", "command_room"),
    ("service", "镇便民服务中心", "service_centre"),
    ("police", "八都派出所", "police"),
    ("government", "镇人民政府", "government"),
    ("enforcement", "综合行政执法队", "enforcement"),
    ("emergency", "应急消防管理站", "emergency"),
    ("forestry", "农林水利中心", "forestry"),
    ("construction", "村镇建设中心", "construction"),
    ("market", "市场监督管理所", "market"),
    ("labour", "劳动保障监察中队", "labour"),
    ("welfare", "民政办公室", "welfare"),
    ("sanitation", "环境卫生所", "sanitation"),
    ("utility", "供电供水服务所", "utility"),
    ("mediation", "八都镇人民调解委员会", "town_mediation"),
)


ABOVE = (
    ("roads", "龙泉市道路交通事故纠纷人民调解委员会", "special_mediation", "交通事故调解员",
     "special-mediator"),
    ("county-mediation", "龙泉市人民调解委员会", "county_mediation", "县级调解员",
     "county-mediator"),
)  # fmt: skip


@dataclass
class Township:
    """What the story needs: outlines by grid code, and one actor's name for each role and unit."""

    grids: dict[str, Polygon] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    handlers: dict[int, Person] = field(default_factory=dict)
    grid_workers: dict[str, Person] = field(default_factory=dict)
    command: dict[str, list[Person]] = field(default_factory=dict)
    accounts: list[dict[str, str]] = field(default_factory=list)


def build(seed: int) -> Township:
    """Create areas, outlines, units, people, posts, duties and the calendar of the scenario."""
    rng = random.Random(seed)  # noqa: S311 — invented names, no secret
    town = Township()
    load_catalogue()
    load_duties("龙泉市平安建设领导小组办公室（示例）", START)
    load_calendar(range(START.year, date.today().year + 2))  # noqa: DTZ011 — a year, not a moment
    areas = _areas(town, seed)
    staff = _Staff(rng, town, areas)
    staff.offices()
    staff.villages()
    staff.above()
    forget_directory()
    found_committees()
    mend_committee(
        "roads", short_name="龙泉道交", host="society", days=None, types=["PM16"],
        actor=actor_for(town.command["supervisor"][0]),
    )  # fmt: skip
    return town


def _areas(town: Township, seed: int) -> dict[str, Area]:
    rows = [
        Area(code=COUNTY, name="龙泉市", level="county", valid_from=START),
        Area(code=TOWN, name="八都镇", level="town", valid_from=START),
        Area(code=TOWNSHIP, name="竹垟乡", level="town", valid_from=START),
    ]
    outlines: dict[str, Polygon] = {}
    for index, (village, grids) in enumerate(landscape.draw(seed)):
        parent, serial = (
            (TOWN, index) if index < TOWN_VILLAGES else (TOWNSHIP, index - TOWN_VILLAGES)
        )
        code, name = f"{parent}{201 + serial}", f"{VILLAGE_NAMES[index]}村"
        rows.append(Area(code=code, name=name, level="village", valid_from=START))
        outlines[code], town.names[code] = village, name
        for number, shape in enumerate(grids, 1):
            grid = f"{code}{number:03}"
            title = f"第{'一二'[number - 1]}网格" if len(grids) > 1 else "全村网格"
            rows.append(
                Area(code=grid, name=title, level="grid", grid_kind="basic", valid_from=START)
            )
            outlines[grid] = town.grids[grid] = shape
    Area.objects.bulk_create(rows)
    areas = {a.code: a for a in Area.objects.all()}
    Boundary.objects.bulk_create(
        Boundary(
            area=areas[code], geometry=landscape.geojson(shape), valid_from=START, source="invented"
        )
        for code, shape in outlines.items()
    )
    return areas


class _Staff:
    """Fills units and posts; the first holder of each kind of post gets a demo account."""

    def __init__(self, rng: random.Random, town: Township, areas: dict[str, Area]) -> None:
        self.rng, self.town, self.areas = rng, town, areas
        self.both = [areas[TOWN], areas[TOWNSHIP]]
        self.serial = 0
        self.password = make_password(PASSWORD)  # once: making one takes as long as a day's story
        self.units: dict[str, Unit] = {}

    def unit(self, code: str, name: str, kind: str, area: str) -> Unit:
        self.units[code] = Unit.objects.create(
            code=code, name=name, kind=kind, area=self.areas[area], valid_from=START
        )
        return self.units[code]

    def hire(
        self, kind: str, title: str, unit: Unit, areas: list[Area] | None = None, account: str = ""
    ) -> Person:
        """One more invented person in a post; with `account` someone who can sign in."""
        self.serial += 1
        name = self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)
        person = Person(username=account or f"p{self.serial:03}", name=name)
        if account:
            person.password = self.password
            self.town.accounts.append(
                {"username": account, "post": title, "unit": unit.name, "password": PASSWORD}
            )
        else:
            person.set_unusable_password()
        person.is_staff = person.is_superuser = account == "admin"
        person.save(force_insert=True)
        post = Post.objects.create(
            person=person, kind=kind, title=title, unit=unit, valid_from=START
        )
        if areas:
            post.areas.set(areas)
        if kind == "handler":
            self.town.handlers.setdefault(unit.id, person)
        return person

    def offices(self) -> None:
        """The command room, the police station and the departments."""
        for code, name, kind in OFFICES:
            self.unit(code, name, kind, TOWN)
        command, police = self.units["command"], self.units["police"]
        government = self.units["government"]
        self.town.command = {
            "dispatcher": [self.hire("dispatcher", "派单员", command, self.both, "dispatcher")]
            + [self.hire("dispatcher", "派单员", command, self.both) for _ in range(2)],
            "verifier": [
                self.hire("verifier", "核查员", command, self.both, "verifier"),
                self.hire("verifier", "核查员", command, self.both),
            ],
            "supervisor": [
                self.hire("supervisor", "督办领导", government, self.both, "supervisor")
            ],
        }
        self.hire("administrator", "系统管理员", command, self.both, "admin")
        self.hire("handler", "民警（教导员）", police, account="police")
        for _ in range(7):
            self.hire("handler", "民警", police)
        for _ in range(6):
            self.hire("handler", "辅警", police)
        beat = Jurisdiction.objects.create(
            name="八都派出所辖区", kind="police", unit=police, valid_from=START
        )
        beat.areas.set(self.both)
        self.hire("handler", "承办人", self.units["sanitation"], account="handler")
        self.hire("handler", "便民中心窗口", self.units["service"], account="service")
        self.hire("handler", "镇调解员", self.units["mediation"], account="mediator")
        for code, _name, kind in OFFICES:
            if kind not in {"command_room", "police"}:
                account = code if code == "emergency" else ""
                self.hire("handler", "承办人", self.units[code], account=account)
        self.hire("handler", "指挥室承办人", command)
        for title in ("乡贤", "乡贤", "乡贤", "乡贤"):
            self.hire("adviser", title, self.units["mediation"], self.both)
        charging = Category.objects.get(code="B02")
        for area in (TOWN, TOWNSHIP):
            Duty.objects.create(
                category=charging, area_code=area, lead=police, valid_from=START,
                legal_basis="消防监督检查规定（公安派出所日常消防监督）", approved_by="示例",
            )  # fmt: skip

    def villages(self) -> None:
        """Village committees, mediation committees and grid teams."""
        codes = sorted(self.town.names)
        for number, code in enumerate(codes, 1):
            name = self.town.names[code]
            village = self.unit(f"village-{number:02}", f"{name}村民委员会", "village", code)
            committee = self.unit(
                f"mediation-{number:02}", f"{name}人民调解委员会", "village_mediation", code
            )
            self.hire("handler", "村干部", village, account="village" if number == 1 else "")
            self.hire(
                "handler", "村调解员", committee, account="village-mediator" if number == 1 else ""
            )
            if number % 3 == 0:
                self.hire("adviser", "乡贤", committee)
        self._grid_workers(sorted(self.town.grids))

    def above(self) -> None:
        """The committees above the town: one for road accidents, and the county's."""
        for code, name, kind, title, account in ABOVE:
            self.hire("handler", title, self.unit(code, name, kind, COUNTY), account=account)

    def _grid_workers(self, grids: list[str]) -> None:
        """89 in all: two in each of 39 grids and eleven more; four fire grid workers besides."""
        teams: dict[str, Unit] = {}
        for number, grid in enumerate(grids, 1):
            area = self.areas[grid]
            teams[grid] = self.unit(
                f"grid-{number:02}", f"{self.town.names[grid[:12]]}{area.name}组", "grid", grid
            )
            first = self.hire(
                "grid_worker", "专职网格员", teams[grid], account="grid" if number == 1 else ""
            )
            self.hire("grid_worker", "网格员", teams[grid])
            self.town.grid_workers[grid] = first
            Post.objects.create(
                person=first, kind="handler", title="专职网格员", unit=teams[grid], valid_from=START
            )
            self.town.handlers[teams[grid].id] = first
        for grid in grids[:: len(grids) // 11][:11]:
            self.hire("grid_worker", "网格员", teams[grid])
        for index in range(4):
            self.hire(
                "grid_worker", "消防网格员", self.units["emergency"], self.both,
                account="fire" if index == 0 else "",
            )  # fmt: skip


def accounts_file(town: Township) -> list[dict[str, Any]]:
    """One account per kind of post, as the sign-in page and `demo --accounts` show them."""
    return [dict(account) for account in town.accounts]
