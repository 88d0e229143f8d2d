from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from maplebridge.mediation.actions import register, take
from maplebridge.mediation.models import Committee, Mediation
from maplebridge.org.models import Person, Post, Unit
from maplebridge.org.queries import forget_directory
from maplebridge.trust.queries import passages
from tests.kept import kept
from tests.matters.conftest import MONDAY, World
from tests.mediation.whole import whole_file
from tests.org.builders import COUNTY, TOWN, build_town

HUANG = {"side": "applicant", "kind": "natural", "name": "黄三", "phone": "13800000001"}
BAI = {"side": "respondent", "kind": "natural", "name": "白四", "address": "上村7号"}


class Table(World):
    """The town, two committees with mediators, and short ways to mediate."""

    def register(self, who="he", committee="mediation-1", parties=(HUANG, BAI), at=MONDAY, **more):
        matter = more.pop("matter", None) or self.quarrel()
        told = {"source": "applied", "applied_by": "paper"} | more
        return register(
            mediation_id=uuid4(), matter=matter.id, committee=committee, parties=parties,
            actor=self.actor(who), at=at, **told,
        )  # fmt: skip

    def quarrel(self, status="dispatched", lead="mediation-1"):
        """A dispute between neighbours that 上村's committee leads, or another."""
        matter = self.report(text="两家为围墙争吵", category="A02").matter
        if status == "dispatched":
            self.step(matter, "dispatch", "li", category="A02", lead=lead)
        return self.fresh(matter)

    def take(self, mediation, step, who="he", at=MONDAY, command_id=None, version=None, **fields):
        return take(
            mediation.id, step, self.actor(who), fields, command_id=command_id or uuid4(),
            version=version, at=at,
        )  # fmt: skip

    def last_text(self, matter, step):
        """The words of a matter's last step of a name; "" when it was never taken."""
        event = matter.events.filter(step=step).order_by("version").last()
        return passages([event.passage_id]).get(event.passage_id, "") if event else ""

    def parties(self, mediation):
        return list(mediation.parties.order_by("order"))

    def again(self, mediation):
        return Mediation.objects.get(pk=mediation.pk)

    def accepted(self, **more):
        mediation = self.register(**more)
        self.take(mediation, "accept", type="PM02", mediators=["he"])
        return self.again(mediation)

    def mediating(self, **more):
        mediation = self.accepted(**more)
        for party in self.parties(mediation):
            self.take(mediation, "inform", party=party.id, consents="yes", signature="paper")
        self.take(mediation, "open")
        return self.again(mediation)

    def drafted(self, **more):
        mediation = self.mediating(**more)
        owes = self.parties(mediation)[1]
        rows = [
            {"party": owes.id, "text": "第一期", "amount": "600.50", "due_on": "2026-12-01"},
            {"party": owes.id, "text": "第二期", "amount": "400", "due_on": "2026-12-20"},
        ]
        self.take(
            mediation, "draft", facts="围墙倒塌", issues="谁来赔", terms="白四赔偿",
            manner="分两期转账", amount="1000.50", obligations=rows,
        )  # fmt: skip
        return self.again(mediation)

    def agreed(self, **more):
        mediation = self.drafted(**more)
        for party in self.parties(mediation):
            for section in ("facts", "issues", "terms", "manner"):
                self.take(mediation, "approve", party=party.id, section=section)
        signatures = {str(p.id): "paper" for p in self.parties(mediation)}
        self.take(mediation, "sign", signed_on=MONDAY.date(), signatures=signatures)
        return self.again(mediation)


@pytest.fixture
def table(db, request):
    """The town; for whoever asks for `whole` that file is drawn up there already."""
    return (
        kept("whole", build_whole)
        if "whole" in request.fixturenames
        else kept("table", build_table)
    )


@pytest.fixture
def whole(table):
    """A filed file with everything in it."""
    return table.file


def build_whole():
    table = build_table()
    table.file = whole_file(table)
    return table


def build_table():
    """The town with committees of every level and their mediators; two in 上村."""
    town = build_town()
    for code, name in (
        ("special", "八都物业纠纷人民调解委员会"),
        ("county", "龙泉市人民调解委员会"),
    ):
        area = town.areas[COUNTY if code == "county" else TOWN]
        unit = Unit.objects.create(code=code, name=name, kind=f"{code}_mediation", area=area)
        setattr(town.units, code, unit)
    for unit, name, host in (
        ("mediation1", "上村", "village"), ("mediation", "八都", "town"),
        ("special", "八都物业", "society"), ("county", "龙泉", "society"),
    ):  # fmt: skip
        Committee.objects.create(unit=getattr(town.units, unit), short_name=name, host=host)
    for username, name, unit in (
        ("he", "何平", "mediation1"), ("gao", "高安", "mediation1"), ("tang", "唐和", "mediation"),
        ("zhuan", "钱专", "special"), ("xian", "孙县", "county"),
    ):  # fmt: skip
        person = Person.objects.create(username=username, name=name)
        Post.objects.create(
            person=person, kind="handler", title="调解员", unit=getattr(town.units, unit)
        )
        setattr(town.people, username, person)
    forget_directory()
    return Table(**vars(town))


DAY = timedelta(days=1)
NOBODY = UUID(int=0)
__all__ = ["BAI", "DAY", "HUANG", "MONDAY", "NOBODY", "TOWN", "Table"]


@pytest.fixture
def sign_in(table, client):
    """A client signed in as one of the town's people by name."""

    def start(name):
        client.force_login(getattr(table.people, name))
        return client

    return start
