"""The supervisor's screen through real requests: decisions, rulings, and who was told when."""

import re
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from maplebridge.kernel.worktime import Limit
from maplebridge.matters.actions import tick
from maplebridge.matters.actions.telling import people_of
from maplebridge.matters.models import Matter, Petition
from maplebridge.matters.queries import MatterFilter, inbox, matters_visible_to, reporter_of
from maplebridge.matters.queries.lights import light_of, longest_due, overdue_level
from maplebridge.org.models import Absence, Change, Duty, Person, Post
from maplebridge.org.queries import actor_for, directory, posts_held
from tests.matters.conftest import MONDAY
from tests.web.test_desk import hidden

SECTIONS = ("asks", "returned", "late", "soon", "paused", "told")


def section(client, name="asks"):
    page = client.get(reverse("web:supervise_section", args=[name]))
    assert page.status_code == 200, page.content.decode()[:1500]
    return page.content.decode()


TWO_DAYS = Limit(2, "wd")


def soon():
    """A working day a little ahead of now."""
    return timezone.localdate(directory().calendar.add(timezone.now(), TWO_DAYS))


def working(world, **more):
    """A matter in progress since now, so that its limit is still ahead."""
    now = timezone.now()
    matter = world.report(at=now, **more).matter
    world.step(
        matter, "dispatch", "li", category="E02", lead="sanitation", handle_limit="3wd", at=now
    )
    world.step(matter, "accept", "wang", at=now)
    world.step(matter, "start", "wang", contact_result="reached", at=now)
    return world.fresh(matter)


def longer(matter):
    """A day after the present limit that an extension may reach."""
    clock = matter.clocks.get(kind="handle", stopped_at=None)
    return timezone.localdate(directory().calendar.add(clock.due_at, TWO_DAYS)).isoformat()


def asking(world, kind="extension"):
    matter = working(world)
    now = timezone.now()
    if kind == "extension":
        world.step(matter, "ask_extension", "wang", reason="等吊车", until=longer(matter), at=now)
    else:
        world.step(
            matter, "ask_suspension", "wang", reason="等水退", review_on=longer(matter), at=now
        )
    return world.fresh(matter)


def asking_reopening(world):
    """Reopened once by itself, closed again, and still not solved."""
    matter = world.in_status("closed")
    report = matter.reports.get()
    _report, reporter = reporter_of(report.code)
    again = ("handle", "wang", {"result": "又清了"}), ("close", "chen", {})
    world.step(matter, "ask_reopening", reporter, reason="没有清")
    for name, who, fields in again:
        world.step(matter, name, who, **fields)
    world.step(matter, "ask_reopening", reporter, reason="还是老样子")
    return world.fresh(matter)


def decide(client, matter, kind, decision, **fields):
    url = reverse("web:decide", args=[matter.number, kind])
    return client.post(url, hidden(section(client), url) | {"decision": decision} | fields)


def returned_twice(world, **more):
    now = timezone.now()
    matter = world.report(at=now, **more).matter
    for unit, who, other in (("sanitation", "wang", "utility"), ("utility", "zhou", "sanitation")):
        world.step(matter, "dispatch", "li", category="E02", lead=unit, at=now)
        world.step(
            matter, "return_back", who, reason_code="not_ours", reason=f"{unit}说不归我们",
            basis=f"{unit}条例", belongs_to=other, at=now,
        )  # fmt: skip
    return world.fresh(matter)


@pytest.mark.parametrize(
    ("who", "status"), [("zhao", 200), ("li", 403), ("wang", 403), ("chen", 403)]
)
@pytest.mark.parametrize("name", SECTIONS)
def test_the_screen_is_the_supervisors(world, desk, who, status, name):
    url = reverse("web:supervise_section", args=[name])
    assert desk.open_for(who).get(url).status_code == status


def test_it_is_the_supervisors_home(world, desk):
    zhao = desk.open_for("zhao")
    assert zhao.get(reverse("web:home"))["Location"] == reverse("web:supervise")
    assert "Nobody waits for your decision" in section(zhao)
    assert zhao.get(reverse("web:supervise_section", args=["nothing"])).status_code == 404


def test_an_extension_is_granted_on_its_row(world, desk):
    matter = asking(world)
    zhao = desk.open_for("zhao")
    page = section(zhao)
    for words in ("等吊车", "环卫所", "王强", "First limit", "Present limit", "At most until"):
        assert words in page, words
    done = decide(zhao, matter, "extension", "grant", until=longer(matter))
    assert done["Location"] == reverse("web:supervise")
    clock = matter.clocks.get(kind="handle")
    assert clock.due_at > clock.first_due_at
    assert not world.fresh(matter).petition_open


@pytest.mark.parametrize(
    ("kind", "decision", "fields", "words"),
    [
        ("extension", "refuse", {}, "Say why it is refused"),
        ("extension", "grant", {"until": "2027-12-31"}, "at most twice the limit"),
        ("extension", "grant", {"until": "2020-01-01"}, "later than the present one"),
        ("extension", "grant", {"until": "soon"}, "valid date"),
        ("extension", "grant", {"version": "1"}, "Somebody was faster"),
        ("suspension", "refuse", {"reason": " "}, "Say why it is refused"),
        ("suspension", "grant", {"review_on": "2020-01-01"}, "must lie ahead"),
    ],
)
def test_a_wrong_decision_is_named_and_nothing_written(world, desk, kind, decision, fields, words):
    matter = asking(world, kind)
    answer = decide(desk.open_for("zhao"), matter, kind, decision, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Petition.objects.get().decided_at is None


@pytest.mark.parametrize("kind", ["extension", "suspension"])
def test_a_refusal_says_why(world, desk, kind):
    matter = asking(world, kind)
    done = decide(
        desk.open_for("zhao"), matter, kind, "refuse", reason="时间够用", until="nonsense"
    )
    assert done.status_code == 302
    assert Petition.objects.get().granted is False
    history = desk.open_for("zhao").get(reverse("web:matter", args=[matter.number]))
    assert "时间够用" in history.content.decode()


def test_a_suspension_takes_over_the_units_reason_and_date(world, desk):
    matter = asking(world, "suspension")
    day = Petition.objects.get().until
    done = decide(desk.open_for("zhao"), matter, "suspension", "grant", review_on=day.isoformat())
    assert done.status_code == 302
    assert world.fresh(matter).suspended_until == day
    page = section(desk.open_for("zhao"), "paused")
    assert matter.number in page
    assert "Look again on" in page


def test_reopening_shows_what_the_reporter_says(world, desk):
    matter = asking_reopening(world)
    zhao = desk.open_for("zhao")
    page = section(zhao)
    assert "还是老样子" in page
    assert "The reporter says" in page
    bare = decide(zhao, matter, "reopening", "refuse")
    assert bare.status_code == 422
    assert decide(zhao, matter, "reopening", "grant").status_code == 302
    assert world.fresh(matter).status == "in_progress"


def test_what_was_decided_meanwhile_is_said(world, desk):
    matter = asking(world)
    zhao = desk.open_for("zhao")
    url = reverse("web:decide", args=[matter.number, "extension"])
    sent = hidden(section(zhao), url) | {"decision": "grant", "until": longer(matter)}
    world.step(matter, "refuse_extension", "zhao", reason="不同意", at=timezone.now())
    answer = zhao.post(url, sent)
    assert answer["Location"] == reverse("web:matter", args=[matter.number])
    assert "decided already" in zhao.get(answer["Location"]).content.decode()
    assert zhao.post(reverse("web:decide", args=[matter.number, "holiday"])).status_code == 404


def rule(client, matter, **fields):
    url = reverse("web:ruling", args=[matter.number])
    page = client.get(url)
    assert page.status_code == 200
    return client.post(url, hidden(page.content.decode(), url) | fields)


def test_a_ruling_shows_both_returns_and_the_duty_list(world, desk):
    matter = returned_twice(world)
    page = section(desk.open_for("zhao"), "returned")
    for words in (
        matter.number, "sanitation说不归我们", "utility说不归我们", "sanitation条例", "utility条例",
        "供电所", "环卫所", "The duty list here", "It leads now", "from today on",
    ):  # fmt: skip
        assert words in page, words


def test_what_was_asked_ends_when_the_result_is_handed_in(world, desk):
    matter = asking(world)
    world.step(matter, "handle", "wang", result="已清", at=timezone.now())
    assert not world.fresh(matter).petition_open
    assert matter.number not in section(desk.open_for("zhao"), "asks")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "x", "basis": "y"}, "required"),
        ({"lead": "utility", "basis": "y"}, "required"),
        ({"lead": "utility", "reason": "x"}, "required"),
        ({"lead": "nobody", "reason": "x", "basis": "y"}, "valid choice"),
        ({"lead": "utility", "reason": "x", "basis": "y", "version": "1"}, "Somebody was faster"),
    ],
)
def test_a_wrong_ruling_is_named_and_nothing_written(world, desk, fields, words):
    matter = returned_twice(world)
    answer = rule(desk.open_for("zhao"), matter, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Duty.objects.exclude(precedent_of="").exists()


def test_a_ruling_becomes_the_precedent_of_the_next_dispatch(world, desk):
    matter = returned_twice(world)
    assert not inbox(world.actor("li")).exists(), "it waits for the ruling, not for a dispatcher"
    zhao = desk.open_for("zhao")
    said = {"lead": "enforcement", "reason": "属占道垃圾", "basis": "城市管理条例第五条"}
    done = rule(zhao, matter, **said)
    assert done["Location"] == reverse("web:supervise_section", args=["returned"])
    assert world.fresh(matter).lead == world.units.enforcement
    duty = Duty.objects.exclude(precedent_of="").get()
    assert duty.precedent_of == matter.number
    written = Change.objects.get(list_name="duty", row_id=duty.pk)
    assert written.person == world.people.zhao
    assert matter.number in written.reason
    assert said["basis"] in written.reason
    new = world.report(at=timezone.now(), category="E02").matter
    assert new.proposed_lead == world.units.enforcement
    form = (
        desk.open_for("li").get(reverse("web:step", args=[new.number, "dispatch"])).content.decode()
    )
    assert re.search(r'<option value="enforcement" selected', form)
    other = returned_twice(world)
    page = section(zhao, "returned")
    assert f"Precedent of {matter.number}" in " ".join(page.split())
    assert "a ruling for this area binds" in page
    rule(zhao, other, **(said | {"lead": "utility"}))
    third = world.report(at=timezone.now(), category="E02").matter
    assert third.proposed_lead == world.units.utility, "the later ruling of a day leads"


def test_a_ruling_made_meanwhile_is_said(world, desk):
    matter = returned_twice(world)
    zhao = desk.open_for("zhao")
    rule(zhao, matter, lead="utility", reason="定了", basis="条例")
    answer = zhao.get(reverse("web:ruling", args=[matter.number]))
    assert answer["Location"] == reverse("web:matter", args=[matter.number])
    once = world.report(at=timezone.now()).matter
    assert zhao.get(reverse("web:ruling", args=[once.number])).status_code == 302


def test_the_date_asked_for_stands_in_the_form_in_every_language(world, desk):
    matter = asking(world)
    page = desk.open_for("zhao").get(
        reverse("web:supervise"), headers={"accept-language": "zh-hans"}
    )
    assert f'value="{longer(matter)}"' in page.content.decode()


def test_a_supervisor_of_another_area_cannot_decide(world, desk):
    matter = asking(world)
    far = Person.objects.create(username="far", name="远山")
    kinds = (("supervisor", "331181201"), ("dispatcher", "331181101"))
    for kind, area in kinds:
        Post.objects.create(
            person=far, kind=kind, title=kind, unit=world.units.government
        ).areas.set([world.areas[area]])
    world.people.far = far
    client = desk.open_for("far")
    page = section(client)
    assert matter.number in page
    assert "Another supervisor decides" in page
    url = reverse("web:decide", args=[matter.number, "extension"])
    sent = {
        "decision": "grant",
        "until": longer(matter),
        "command_id": str(uuid4()),
        "version": matter.version,
    }
    assert client.post(url, sent).status_code == 403
    assert Petition.objects.get().decided_at is None


@pytest.fixture
def line(world):
    """Supervisors told from yellow, orange and red; the first is away, 吴远 stands in."""
    posts = {}
    for level, title in ((1, "值班领导"), (2, "分管领导"), (3, "主要领导")):
        person = Person.objects.create(username=f"chief{level}", name=title)
        posts[level] = Post.objects.create(
            person=person, kind="supervisor", title=title, unit=world.units.government,
            told_from=level,
        )  # fmt: skip
    Absence.objects.create(
        post=posts[1],
        stand_in=world.people.wu,
        from_day=date(2026, 11, 23),
        to_day=date(2026, 11, 30),
    )
    return posts


def test_the_timer_climbs_the_line_and_the_history_says_who_was_told(world, desk, line):
    matter = world.in_status("dispatched")
    handlers = set(Post.objects.filter(unit=world.units.sanitation).values_list("id", flat=True))
    zhao = set(Post.objects.filter(person=world.people.zhao).values_list("id", flat=True))
    due = matter.due_at
    expected = {1: {line[1].id}, 2: {line[1].id, line[2].id} | zhao}
    expected[3] = expected[2] | {line[3].id}
    for level, days in ((1, 0), (2, 3), (3, 8)):
        moment = due + timedelta(days=days, minutes=1)
        for _ in range(2):  # a second run tells nobody again
            tick(moment)
        events = list(matter.events.filter(step="escalate").order_by("version"))
        assert [e.data["level"] for e in events] == list(range(1, level + 1))
        assert set(events[-1].data["told"]) == handlers | expected[level]
    ids = events[0].data["told"]
    told = posts_held("p.id = ANY(%(ids)s)", due + timedelta(minutes=1), ids=ids)
    assert world.people.wu.id in people_of(told)
    assert actor_for(world.people.wu, MONDAY).holds("supervisor")

    page = desk.open_for("zhao").get(reverse("web:matter", args=[matter.number])).content.decode()
    assert "镇政府 · 主要领导" in page
    assert page.count("镇政府 · 值班领导") == 2
    assert "、镇政府" not in page  # a unit stands once
    late = section(desk.open_for("zhao"), "late")
    assert "分管领导" in late
    row = late[late.index("told") :]
    # Units stand in the order of their codes, not of how late they are.
    assert row.index("镇政府 · ") < row.index("环卫所 · ")


def test_rises_of_a_week_are_listed_with_whom_they_told(world, desk, line):
    now = timezone.now()
    matter = world.report(at=now - timedelta(days=5)).matter
    world.step(matter, "mark_urgent", "li", urgency="fire", at=now)
    tick(now)
    page = section(desk.open_for("zhao"), "told")
    assert matter.number in page
    assert "Alarm" in page
    assert "镇综合信息指挥室 · " in page
    assert "镇政府 · 值班领导" in page
    book = desk.open_for("zhao").get(reverse("web:told_book")).getvalue()
    rows = list(load_workbook(BytesIO(book)).active.values)[2:]
    assert {row[1] for row in rows} == {matter.number}
    assert "Alarm level: 1" in {row[3] for row in rows}
    assert any("镇政府 · 值班领导" in row[5] for row in rows)


def test_the_light_of_a_filter_is_the_light_of_the_row(world):
    """Every due time lies in exactly the light that its row shows."""
    now = timezone.now()
    for hours in range(0, 24 * 14, 7):
        matter = world.report(at=now).matter
        Matter.objects.filter(pk=matter.pk).update(due_at=now + timedelta(hours=30 - hours))
    Matter.objects.filter(pk=matter.pk).update(due_at=now + timedelta(days=3), supervision=2)
    rows = list(Matter.objects.all())
    for light in ("yellow", "orange", "red"):
        found = set(MatterFilter(state=light).apply(Matter.objects.all(), now))
        assert found == {m for m in rows if light_of(m, now) == light}, light
    for level in (2, 3):
        edge = longest_due(level, now)
        assert overdue_level(edge, now) >= level
        assert overdue_level(edge + timedelta(microseconds=1), now) < level


def test_every_number_leads_to_its_list(world, desk):
    actor, now = world.actor("zhao"), timezone.now()
    world.in_status("dispatched")
    returned_twice(world)
    asking(world)
    paused = asking(world, "suspension")
    zhao = desk.open_for("zhao")
    decide(zhao, paused, "suspension", "grant", review_on=longer(paused))
    found = 0
    for name in SECTIONS[:-1]:
        page = section(zhao, name)
        for url, number in re.findall(
            r'href="([^"]*/desk/matters\?[^"]*)"[^>]*>.*?\((\d+)\)', page
        ):
            query = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
            behind = MatterFilter.read(query).apply(matters_visible_to(actor), now)
            assert behind.count() == int(number), url
            found += 1
    assert found >= 4


def test_texts_are_shut_to_scripts(world, desk):
    strange = "<b hx-get='/x'>粗</b><script>alert(1)</script>"
    matter = working(world, text=strange)
    now = timezone.now()
    world.step(matter, "ask_extension", "wang", reason=strange, until=longer(matter), at=now)
    page = section(desk.open_for("zhao"))
    assert "<script>alert" not in page
    assert "<b hx-get" not in page
