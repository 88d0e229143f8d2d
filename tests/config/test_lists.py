"""Every list asks the database as often for thirty rows as for one."""

import re
from collections import Counter
from datetime import timedelta
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maplebridge.fieldwork import actions as fieldwork
from maplebridge.matters.actions import tick
from maplebridge.matters.actions.filters import save_filter
from maplebridge.mediation.models import Committee
from maplebridge.notify.models import Channel
from maplebridge.org.models import (
    Absence,
    Area,
    CalendarDay,
    Category,
    CategoryLimits,
    Change,
    Duty,
    Person,
    Post,
    ReplyTemplate,
    Shift,
    Unit,
    WorkSeason,
)
from maplebridge.sync.models import Device, Submission, Upload
from maplebridge.trust.actions import note_export
from tests.config.test_addresses import STAFF
from tests.many import multiply
from tests.mediation.conftest import build_table
from tests.mediation.test_closing import filed
from tests.web.test_supervising import asking, longer, returned_twice
from tests.web.test_verifying import spot

DAY = timedelta(days=1)
# Whose list it is, its address, and how many more rows thirty of everything show at least.
LISTS = [
    ("li", "/desk/dispatch", 10),
    ("li", "/desk/dispatch/rows", 10),
    ("li", "/desk/lists/open", 10),
    ("li", "/desk/matters", 10),
    ("wang", "/desk/unit", 10),
    ("chen", "/desk/verify", 10),
    ("chen", "/desk/verify/sampled", 10),
    ("zhao", "/desk/supervise", 10),
    ("zhao", "/desk/supervise/asks", 10),
    ("zhao", "/desk/supervise/returned", 10),
    ("zhao", "/desk/supervise/late", 10),
    ("zhao", "/desk/supervise/soon", 10),
    ("zhao", "/desk/supervise/paused", 10),
    ("zhao", "/desk/supervise/told", 10),
    ("zhao", "/desk/exports", 10),
    ("wang", "/desk/messages", 10),
    ("zhao", "/desk/messages/deliveries", 10),
    ("zhao", "/desk/digest", 10),
    ("zhao", "/desk/map", 0),
    ("zhao", "/desk/map/points?bbox=119,27,120,29&zoom=16", 0),
    ("zhao", "/desk/map/layers", 0),
    ("li", "/desk/visits", 10),
    ("li", "/desk/places", 10),
    ("he", "/desk/mediations", 10),
    ("he", "/desk/mediations?list=keep", 10),
    ("he", "/desk/mediations?list=filed", 10),
    ("zhao", "/desk/mediations/figures", 0),
    ("he", "/desk/mediations/claims", 10),
    ("zhao", "/desk/mediations/claims/sheet", 10),
    ("he", "/desk/mediations/reviews", 0),
    ("he", "/desk/mediations/numbers", 10),
    ("he", "/desk/mediations/skills", 10),
    ("guan", "/desk/mediations/committees", 10),
    ("guan", "/desk/mediations/layouts", 0),
    ("zhang", "/desk/mediations/entrusted", 10),
    ("li", "/desk/devices", 10),
    ("li", "/desk/devices/returned", 10),
    ("li", "/desk/devices/files", 10),
    *(
        ("zhao", f"/desk/{name}.xlsx", 0)
        for name in (
            "supervise/told",
            "exports",
            "messages",
            "messages/deliveries",
            "visits",
            "places",
            "mediations/figures",
            "mediations/records",
            "mediations/claims/sheet",
            "devices",
            "devices/returned",
            "map",
            "digest",
            "devices/files",
        )
    ),
    ("he", "/desk/mediations.xlsx", 0),
    ("guan", "/desk/setup/", 0),
    ("guan", "/desk/setup/duties", 10),
    ("guan", "/desk/setup/categories", 10),
    ("guan", "/desk/setup/calendar", 10),
    ("guan", "/desk/setup/replies", 10),
    ("guan", "/desk/setup/posts", 10),
    ("guan", "/desk/setup/absences", 10),
    ("guan", "/desk/setup/roster", 10),
    ("guan", "/desk/setup/history", 10),
    ("guan", "/desk/setup/accounts", 10),
    ("guan", "/desk/setup/who-gets?category=E01&area=331181101201001", 10),
]
# Addresses without a list: forms, what is sent, the bell, the way to another page.
NO_LISTS = {
    "field/enrol", "desk/setup/calendar/notice", "desk/setup/roster/copy", "desk/setup/accounts/new",
    "desk/setup/password", "desk/", "desk/unit/accept", "desk/filters/keep",
    "desk/filters/forget", "desk/messages/read", "desk/messages/settings", "desk/intake",
    "desk/digest/sent", "desk/visits/ask", "desk/visits/go", "desk/mediations/new",
    "desk/mediations/reviews/draw",
}  # fmt: skip
MOST = 30  # statements a list may cost, whatever it shows
ROW = re.compile(rb"<(?:li|tr|h2|h3|option|p class=.watch.)[ >]")


def town_of(table, first, last):
    """Rows of an administrator's lists, each as many as the numbers."""
    now, today, town = timezone.now(), timezone.localdate(), table
    for n in range(first, last):
        area = Area.objects.create(code=f"3311811019{n:02}", name=f"新村{n}", level="village")
        unit = Unit.objects.create(code=f"u{n}", name=f"某所{n}", kind="market", area=area)
        person = Person.objects.create(username=f"x{n:03}", name=f"某{n}")
        post = Post.objects.create(person=person, kind="handler", title="承办人", unit=unit)
        post.areas.set([area])
        category = Category.objects.create(
            code=f"L{n:02}", name=f"类{n}", name_en=f"Kind {n}", group="其他", group_en="Other",
            respond="1wd", handle="5wd",
        )  # fmt: skip
        CategoryLimits.objects.create(category=category, respond="1wd", sign="4wh", handle="9wd")
        Duty.objects.create(
            category=Category.objects.get(code="E01"), area_code=area.code, lead=unit,
            legal_basis="条例", approved_by="平安办",
        ).helpers.set([town.units.police])  # fmt: skip
        ReplyTemplate.objects.create(name=f"模板{n}", use="note", text="{number}", unit=unit)
        Absence.objects.create(
            post=post, stand_in=town.people.wu, from_day=today, to_day=today + DAY
        )
        monday = timezone.localtime() - timedelta(days=today.weekday())
        watch = Post.objects.create(
            person=person, kind="handler", title="值班员", unit=town.units.emergency
        )
        Shift.objects.create(
            post=watch, starts_at=monday.replace(hour=8), ends_at=monday.replace(hour=20)
        )
        CalendarDay.objects.create(day=f"{today.year}-08-{n + 1:02}", working=True, note=f"{n}")
        WorkSeason.objects.create(from_month_day=f"03-{n + 1:02}", spans="08:00-12:00")
        for name, row in (("duty", Duty.objects.last()), ("person", person), ("post", post)):
            Change.objects.create(
                at=now, person=town.people.guan, list_name=name, row_id=row.pk, title=str(row),
                reason="x", after={"person": person.username, "post": post.pk},
            )  # fmt: skip
        Change.objects.create(
            at=now, person=town.people.guan, list_name="category", row_id=category.pk, act="planned",
            day=today + DAY, title=str(category), reason="x", after={"name": "y"},
        )  # fmt: skip
        Channel.objects.create(
            person=person, kind="mail", address=b"", failing_since=now, failure="rejected"
        )
        committee = Unit.objects.create(
            code=f"m{n}", name=f"调委会{n}", kind="village_mediation", area=area
        )
        Committee.objects.create(unit=committee, short_name=f"调{n}", host="village")
        mediator = Person.objects.create(username=f"y{n:03}", name=f"调{n}")
        Post.objects.create(
            person=mediator, kind="handler", title="调解员", unit=town.units.mediation1
        )


def one_of_everything():
    """The town with a matter at each stop, a place, a need, a mediation, a phone, a record."""
    table = build_table()
    table.people.guan = Person.objects.create(username="guan", name="管理")
    table.people.zhang = Person.objects.create(username="zhang", name="张警")
    for name, kind, unit in (
        ("guan", "administrator", table.units.command), ("zhang", "handler", table.units.police),
    ):  # fmt: skip
        Post.objects.create(person=getattr(table.people, name), kind=kind, title="岗", unit=unit)
    for status in ("dispatched", "in_progress", "handled", "closed", "returned"):
        table.in_status(status)
    now = timezone.now()
    table.report(at=now)
    table.step(table.report(at=now).matter, "mark_urgent", "lin", urgency="fire", at=now)
    spot(table)
    place = fieldwork.keep_place(
        place_id=uuid4(), actor=table.actor("lin"), command_id=uuid4(), at=now,
        fields={"kind": "rental", "name": "陈家出租房", "lon": table.point[0], "lat": table.point[1]},
    )  # fmt: skip
    fieldwork.ask_visit(
        need_id=uuid4(), place=place.id, actor=table.actor("li"), at=now, kind="visit",
        reason="asked", due_on=timezone.localdate() + DAY,
    )  # fmt: skip
    table.accepted()
    table.agreed()
    table.accepted(source="entrusted", body="police", letter="公〔2026〕1号")
    filed(table)
    device = Device.objects.create(
        person=table.people.lin, browser="Test", enrolled_at=now - 9 * DAY
    )
    record = Submission.objects.create(
        record=uuid4(), sha256=b"y" * 32, sealed=b"", device=device, person=table.people.lin,
        arrived_at=now, kind="report", state="quarantined", reason="x",
    )  # fmt: skip
    Upload.objects.create(sha256="0" * 64, submission=record, device=device, begun_at=now)
    save_filter(table.actor("li"), table.units.command.id, "筛选", "q=垃圾")
    note_export(
        table.actor("zhao"), source="web:told", query="", columns=[], fields=[], purpose="",
        rows=1, at=now,
    )  # fmt: skip
    town_of(table, 0, 1)
    tick(now)
    asking(table)
    asking(table, "suspension")
    paused = asking(table, "suspension")
    table.step(paused, "suspend", "zhao", reason="等水退", review_on=longer(paused), at=now)
    returned_twice(table)
    return table


def plain(sql):
    """A statement without its values."""
    return re.sub(r"'[^']*'|\d+", "?", sql)[:300]


def asked(client, address):
    """(statements, rows) of a page, without the look at the directory's stamp once a second and
    without what the map keeps for a minute."""
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.get("Location"))
    sql = [q["sql"] for q in caught if "org_directorystamp" not in q["sql"]]
    return sql, len(ROW.findall(answer.content))


def test_no_list_is_left_out():
    walked = {address.partition("?")[0][1:] for _who, address, _rows in LISTS}
    known = {
        path for path, entry in STAFF if "<" not in path and entry.callback.duty != ("anyone",)
    }
    assert known - NO_LISTS == walked & known


def test_lists_ask_the_same_however_long_they_are(db):
    table = one_of_everything()
    clients = {}
    for name, address in {who: address for who, address, _rows in LISTS}.items():
        clients[name] = Client(headers={"accept-language": "en"})
        clients[name].force_login(getattr(table.people, name))
        asked(clients[name], address)  # what is read once and remembered
    few = {address: asked(clients[who], address) for who, address, _rows in LISTS}
    multiply(29)
    town_of(table, 1, 30)
    asked(clients["li"], "/desk/dispatch")
    grown = {}
    for who, address, rows in LISTS:
        sql, shown = asked(clients[who], address)
        if len(sql) != len(few[address][0]):
            more = Counter(map(plain, sql)) - Counter(map(plain, few[address][0]))
            grown[address] = (len(few[address][0]), len(sql), more.most_common(3))
        elif len(sql) > MOST:
            grown[address] = f"{len(sql)} statements"
        elif shown < few[address][1] + rows:
            grown[address] = f"shows {few[address][1]} rows of one, {shown} of thirty"
    assert not grown, "\n".join(f"{k}: {v}" for k, v in grown.items())
