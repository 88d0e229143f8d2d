"""A tiny invented town for tests: one town, one township, three villages, named people."""

from datetime import date
from types import SimpleNamespace

from maplebridge.org.actions import load_calendar, load_catalogue, load_duties
from maplebridge.org.models import Area, Boundary, Jurisdiction, Person, Post, Unit
from maplebridge.org.queries import forget_directory
from tests.kept import kept

COUNTY, TOWN, TOWNSHIP = "331181", "331181101", "331181201"
VILLAGES = {"331181101201": "上村", "331181101202": "下村", "331181201201": "岭根村"}
WEST, SOUTH, SIZE = 119.05, 27.95, 0.01


def square(column: int, row: int) -> dict:
    """A GeoJSON square of 0.01 degrees, counted from the south-west corner."""
    w, s = WEST + column * SIZE, SOUTH + row * SIZE
    e, n = w + SIZE, s + SIZE
    return {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}


def build_town() -> SimpleNamespace:
    """Areas, boundaries, units, people with posts, catalogue, duty list and calendar.

    Every grid is a square; villages are two grids side by side, one village a row.
    Points: `town.point` lies in grid 001 of 上村, `town.outside` in no grid.
    """
    return kept("town", _build)


def _build() -> SimpleNamespace:
    Area.objects.create(code=COUNTY, name="龙泉市", level="county")
    Area.objects.create(code=TOWN, name="八都镇", level="town")
    Area.objects.create(code=TOWNSHIP, name="岭上乡", level="town")
    for row, (code, name) in enumerate(VILLAGES.items()):
        Area.objects.create(code=code, name=name, level="village")
        for column in (0, 1):
            grid = Area.objects.create(
                code=f"{code}{column + 1:03}",
                name=f"{name}第{column + 1}网格",
                level="grid",
                grid_kind="basic",
            )
            Boundary.objects.create(area=grid, geometry=square(column, row), source="invented")
    areas = {a.code: a for a in Area.objects.all()}

    def unit(code: str, name: str, kind: str, area: str = TOWN) -> Unit:
        return Unit.objects.create(code=code, name=name, kind=kind, area=areas[area])

    units = SimpleNamespace(
        command=unit("command", "镇综合信息指挥室", "command_room"),
        service=unit("service", "便民服务中心", "service_centre"),
        government=unit("government", "镇政府", "government"),
        enforcement=unit("enforcement", "综合行政执法队", "enforcement"),
        emergency=unit("emergency", "应急消防站", "emergency"),
        police=unit("police", "派出所", "police"),
        sanitation=unit("sanitation", "环卫所", "sanitation"),
        utility=unit("utility", "供电所", "utility"),
        mediation=unit("mediation", "镇人民调解委员会", "town_mediation"),
        **{
            f"mediation{n}": unit(f"mediation-{n}", f"{name}调委会", "village_mediation", code)
            for n, (code, name) in enumerate(VILLAGES.items(), 1)
        },
        grid1=unit("grid-1", "上村第1网格组", "grid", "331181101201001"),
    )
    beat = Jurisdiction.objects.create(name="派出所辖区", kind="police", unit=units.police)
    beat.areas.set([areas[TOWN], areas[TOWNSHIP]])

    def person(username: str, name: str, kind: str, unit: Unit, *codes: str) -> Person:
        someone = Person.objects.create(username=username, name=name)
        post = Post.objects.create(
            person=someone, kind=kind, title=dict(Post.Kind.choices)[kind], unit=unit
        )
        post.areas.set([areas[c] for c in codes])
        return someone

    people = SimpleNamespace(
        li=person("li", "李敏", "dispatcher", units.command, TOWN, TOWNSHIP),
        wang=person("wang", "王强", "handler", units.sanitation),
        sun=person("sun", "孙丽", "handler", units.sanitation),
        zhou=person("zhou", "周平", "handler", units.utility),
        chen=person("chen", "陈芳", "verifier", units.command, TOWN, TOWNSHIP),
        zhao=person("zhao", "赵刚", "supervisor", units.government, TOWN, TOWNSHIP),
        lin=person("lin", "林青", "grid_worker", units.grid1, "331181101201001"),
        wu=Person.objects.create(username="wu", name="吴远"),
    )
    load_catalogue()
    load_duties("龙泉市平安办", date(2024, 1, 1))
    load_calendar(range(2025, 2027))
    forget_directory()
    return SimpleNamespace(
        areas=areas, units=units, people=people, point=(119.055, 27.955), outside=(120.5, 28.9)
    )
