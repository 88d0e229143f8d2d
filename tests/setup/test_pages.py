"""The pages of setup through real requests: who may what, what is shown, what is kept."""

import re
from datetime import datetime, time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maplebridge.matters.models import Matter
from maplebridge.org.lists import LISTS
from maplebridge.org.models import (
    Absence,
    CalendarDay,
    CalendarYear,
    Category,
    Change,
    Duty,
    Person,
    Post,
    Shift,
)
from tests.org.builders import TOWN

DAY = timedelta(days=1)
PAGES = [
    "overview", "duties", "categories", "calendar", "replies", "posts", "absences", "roster",
    "history", "who_gets", "accounts",
]  # fmt: skip


def today():
    return timezone.localdate()


def shown(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def given(page: str) -> dict[str, str]:
    """Every field of the page's last POST form with the value it shows."""
    form = re.findall(r'<form method="post" class="[^"]*form.*?</form>', page, re.DOTALL)[-1]
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        box = re.search(r'type="(checkbox|radio)"', tag)
        if name and ("checked" in tag or not box):
            default = "on" if box else ""
            found.setdefault(name[1], []).append(unescape(value[1]) if value else default)
    for name, inside in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = [chosen[1] if chosen else ""]
    for name, inside in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = [unescape(inside).strip("\n")]
    return found


def press(client, url, **fields):
    """Open a form as a person would, change some fields, send it."""
    sent = given(shown(client.get(url)))
    return client.post(url, sent | fields)


def rubbish():
    return Duty.objects.get(category__code="E01", valid_from__year=2024)


@pytest.mark.parametrize("name", PAGES)
def test_who_may_read(desk, name):
    for who, status in (
        ("gao", 200),
        ("zhao", 200),
        ("li", 403),
        ("wang", 403),
        ("lin", 403),
        ("wu", 403),
    ):
        assert desk.open_for(who).get(reverse(f"setup:{name}")).status_code == status, who


@pytest.mark.parametrize("name", sorted(set(LISTS) - {"person"}))
def test_every_list_has_a_form_for_the_administrator_alone(desk, name):
    url = reverse("setup:new", args=[name])
    assert desk.open_for("gao").get(url).status_code == 200
    assert desk.open_for("zhao").get(url).status_code == 403
    assert desk.open_for("zhao").post(url, {}).status_code == 403
    row = LISTS[name].model.objects.first()
    if row is not None:
        for page in ("row", "change", "withdraw"):
            at = reverse(f"setup:{page}", args=[name, row.pk])
            assert desk.open_for("gao").get(at).status_code == 200
            assert desk.open_for("zhao").get(at).status_code == (200 if page == "row" else 403)
    assert desk.open_for("gao").get(reverse("setup:row", args=[name, 0])).status_code == 404


def test_an_administrator_begins_here_and_sees_no_matters(world, desk):
    gao = desk.open_for("gao")
    assert gao.get(reverse("web:home"))["Location"] == reverse("setup:overview")
    page = shown(gao.get(reverse("setup:overview")))
    assert 'name="q"' not in page
    assert gao.get(reverse("web:list", args=["open"])).status_code == 403
    assert world.actor("gao").unit_ids == frozenset()


def test_a_supervisor_reads_and_finds_no_button(desk):
    page = shown(desk.open_for("zhao").get(reverse("setup:duties")))
    assert "E01" in page
    assert "Add a duty" not in page
    row = shown(desk.open_for("zhao").get(reverse("setup:row", args=["duty", rubbish().pk])))
    assert f"duty/{rubbish().pk}/change" not in row


def test_a_limit_changed_from_monday_on_shows_in_list_line_and_dry_run(desk):
    gao, old = desk.open_for("gao"), rubbish()
    monday = today() + timedelta(days=7 - today().weekday())
    done = press(
        gao, reverse("setup:change", args=["duty", old.pk]),
        handle_0="3", handle_1="wd", valid_from=monday.isoformat(), reason="区里第 12 号文",
    )  # fmt: skip
    new = Duty.objects.exclude(pk=old.pk).get(category__code="E01")
    assert done["Location"] == reverse("setup:row", args=["duty", new.pk])
    page = shown(gao.get(done["Location"]))
    for words in ("区里第 12 号文", "3 working days", str(monday), str(monday - DAY), "this entry"):
        assert words in page
    listed = shown(gao.get(reverse("setup:duties"), {"category": "E01"}))
    assert "planned" in listed
    assert "2 entries" in listed
    ask = {"text": "村口垃圾成堆", "area": "331181101201001"}
    before = shown(gao.get(reverse("setup:who_gets"), ask | {"day": str(monday - DAY)}))
    after = shown(gao.get(reverse("setup:who_gets"), ask | {"day": str(monday)}))
    assert "1 working day ·" in before
    assert "Not yet: it holds from" in before
    assert "3 working days ·" in after
    assert "No more: it held until" in after
    for page in (before, after):
        assert "环卫所" in page
        assert "垃圾成堆" in page


def test_the_dry_run_says_why_and_writes_nothing(world, desk):
    category = Category.objects.get(code="E01")
    common = {"category": category, "legal_basis": "条例", "approved_by": "平安办"}
    Duty.objects.create(lead=world.units.police, area_code=TOWN, precedent_of="X-1", **common)
    Duty.objects.create(lead=world.units.enforcement, area_code=TOWN, **common)
    Duty.objects.create(lead=world.units.service, area_code="331181201", **common)
    Duty.objects.create(lead_kind="forestry", area_code="331181101201", **common)
    Absence.objects.create(
        post=Post.objects.get(person=world.people.li), stand_in=world.people.wu,
        from_day=today(), to_day=today(),
    )  # fmt: skip
    before, zhao = (Matter.objects.count(), Change.objects.count()), desk.open_for("zhao")
    with CaptureQueriesContext(connection) as queries:
        page = shown(
            zhao.get(
                reverse("setup:who_gets"),
                {"text": "", "category": "E01", "lon": world.point[0], "lat": world.point[1]},
            )
        )
    order = [page.index(words) for words in (
        "Leads: it fits", "a ruling goes before it", "an entry for a smaller area goes first",
        "Another place: it is for 岭上乡", "No unit of this kind",
    )]  # fmt: skip
    assert order[0] < order[1] < order[2]
    assert "上村第1网格" in page
    assert "吴远 stands in" in page
    assert (Matter.objects.count(), Change.objects.count()) == before
    writes = [q["sql"] for q in queries if re.match(r"(INSERT|UPDATE|DELETE)", q["sql"])]
    assert not [sql for sql in writes if "session" not in sql]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ({"text": "", "area": "331181101201"}, "Write some words or choose a category"),
        ({"text": "垃圾"}, "Choose a village or grid"),
        ({"text": "垃圾", "area": "999"}, "Choose one from the list"),
        ({"text": "天气不错", "area": "331181101201"}, "do not say clearly enough"),
        ({"text": "垃圾成堆", "lon": "120.5", "lat": "28.9"}, "outside every outline"),
        (
            {"text": "垃圾成堆", "area": "331181101201", "day": "2031-03-03"},
            "holidays of that year",
        ),
    ],
)
def test_the_dry_run_is_honest(desk, ask, words):
    assert words in shown(desk.open_for("gao").get(reverse("setup:who_gets"), ask))


def test_a_form_shows_the_refusal_at_its_field_and_keeps_what_was_typed(desk):
    gao, url = desk.open_for("gao"), reverse("setup:change", args=["duty", rubbish().pk])
    refused = press(gao, url, handle_0="3", valid_from=str(today() - DAY), reason="补录")
    page = unescape(refused.content.decode())
    assert refused.status_code == 422
    assert "Not before today" in page
    assert "补录" in page
    assert press(gao, url, handle_0="3", reason="").status_code == 422
    assert press(gao, url, handle_0="soon", reason="x").status_code == 422
    assert press(gao, url, reason="x").status_code == 422  # nothing is different
    assert not Change.objects.exists()


def test_two_administrators_with_one_page_open(desk):
    gao, url = desk.open_for("gao"), reverse("setup:change", args=["duty", rubbish().pk])
    first, second = given(shown(gao.get(url))), given(shown(gao.get(url)))
    kept = {"note": "先", "reason": "一"}
    assert gao.post(url, first | kept).status_code == 302
    late = gao.post(url, second | {"note": "后", "reason": "二"})
    assert "Somebody has changed this meanwhile" in unescape(late.content.decode())
    assert gao.post(url, first | kept).status_code == 302  # the same command again
    assert rubbish().note == "先"
    assert Change.objects.count() == 1


def test_absence_with_a_stand_in_from_the_page(world, desk):
    gao = desk.open_for("gao")
    post = Post.objects.get(person=world.people.wang)
    url = reverse("setup:new", args=["absence"]) + f"?post={post.pk}"
    done = press(
        gao, url, stand_in=world.people.sun.pk, from_day=str(today()), to_day=str(today() + DAY),
        reason="年休假",
    )  # fmt: skip
    assert done.status_code == 302
    assert "孙丽 stands in until" in shown(gao.get(reverse("setup:posts")))
    assert "王强" in shown(gao.get(reverse("setup:absences")))
    own = press(
        gao,
        url,
        stand_in=world.people.wang.pk,
        from_day="2030-01-01",
        to_day="2030-01-02",
        reason="x",
    )
    assert "Nobody stands in for himself" in own.content.decode()


def monday():
    return today() + timedelta(days=7 - today().weekday())


def test_the_roster_says_its_gaps_and_copies_a_week(world, desk):
    gao, post = desk.open_for("gao"), Post.objects.get(person=world.people.li)
    url = reverse("setup:new", args=["shift"]) + f"?day_of={monday()}"
    done = press(gao, url, post=post.pk, starts="20:00", ends="08:00", reason="排班")
    assert done["Location"] == reverse("setup:roster") + f"?week={monday()}"
    page = shown(gao.get(done["Location"]))
    assert "李敏" in page
    assert "next day" in page
    gap = f"from {monday():%m-%d} (Mon) 00:00 to {monday():%m-%d} (Mon) 20:00"
    assert gap in page
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(hours=12)
    after = monday() + timedelta(days=7)
    copied = gao.post(
        reverse("setup:copy_roster"),
        given(shown(gao.get(reverse("setup:roster"), {"week": after}))) | {"reason": "照旧"},
    )
    assert copied["Location"].endswith(f"?week={after}")
    assert Shift.objects.count() == 2
    assert desk.open_for("zhao").post(reverse("setup:copy_roster")).status_code == 403


def test_a_day_nobody_is_missing_is_said_too(world, desk):
    post = Post.objects.get(person=world.people.li)
    start = timezone.make_aware(datetime.combine(monday(), time.min))
    for n in range(7):
        Shift.objects.create(post=post, starts_at=start + n * DAY, ends_at=start + (n + 1) * DAY)
    page = shown(desk.open_for("zhao").get(reverse("setup:roster"), {"week": monday()}))
    assert "Somebody is on duty at every hour" in page


def test_the_calendar_warns_and_takes_a_day(desk):
    gao = desk.open_for("gao")
    page = shown(gao.get(reverse("setup:calendar"), {"year": 2031}))
    assert "have not been entered" in page
    url = reverse("setup:new", args=["day"])
    done = press(
        gao, url, day="2031-05-05", working="on", spans="08:30-12:00", note="半天", reason="通知"
    )
    assert done["Location"].endswith("?year=2031")
    assert "半天" in shown(gao.get(done["Location"]))
    assert CalendarDay.objects.filter(day="2031-05-05", working=True).exists()
    done = press(
        gao, reverse("setup:new", args=["year"]) + "?year=2031", source="通知", reason="通知"
    )
    assert CalendarYear.objects.filter(year=2031).exists()
    assert "have not been entered" not in shown(gao.get(reverse("setup:calendar"), {"year": 2031}))
    assert gao.get(reverse("setup:calendar"), {"year": "99999"}).status_code == 200


def test_a_template_is_previewed_and_unknown_fields_refused(desk):
    gao, url = desk.open_for("gao"), reverse("setup:new", args=["reply"])
    wrong = press(gao, url, name="已清运", use="result", text="{who} 清了", reason="x")
    assert "{who} is no field" in unescape(wrong.content.decode())
    done = press(
        gao, url, name="已清运", use="result", text="{number} 已由 {unit} 清运。<b>", reason="x"
    )
    assert done.status_code == 302
    page = gao.get(reverse("setup:replies")).content.decode()
    assert "已由 环卫 清运" in page
    assert "&lt;b&gt;" in page


def test_an_account_is_opened_and_must_choose_its_password(world, desk):
    gao = desk.open_for("gao")
    answer = press(gao, reverse("setup:new_account"), username="hu", name="胡明", reason="新来")
    page = shown(answer)
    password = re.search(r'class="first-password"[^>]*>([^<]+)<', page)[1]
    assert answer["Cache-Control"] == "no-store"
    hu = Person.objects.get(username="hu")
    assert password not in shown(gao.get(reverse("setup:account", args=[hu.pk])))
    Post.objects.create(person=hu, kind="handler", title="承办人", unit=world.units.sanitation)
    client = Client(headers={"accept-language": "en"})
    signed = client.post(reverse("web:sign_in"), {"username": "hu", "password": password})
    assert signed.status_code == 302
    for name in ("web:home", "web:matters"):
        assert client.get(reverse(name))["Location"] == reverse("setup:password")
    choose = reverse("setup:password")
    for present, new, again in (
        ("wrong", "maple-bridge-9", "maple-bridge-9"), (password, "maple-bridge-9", "other"),
        (password, "12345", "12345"), (password, password, password),
    ):  # fmt: skip
        sent = {"present": present, "new": new, "again": again}
        assert client.post(choose, sent).status_code == 422
    sent = {"present": password, "new": "maple-bridge-9", "again": "maple-bridge-9"}
    assert client.post(choose, sent)["Location"] == reverse("web:home")
    assert client.get(reverse("web:list", args=["unit"])).status_code == 200
    hu.refresh_from_db()
    assert not hu.first_password


def test_an_account_is_closed_reopened_given_a_password_and_unlocked(world, desk):
    gao, wang = desk.open_for("gao"), world.people.wang

    def act(name, **more):
        page = given(shown(gao.get(reverse("setup:account", args=[wang.pk]))))
        return gao.post(
            reverse("setup:account_act", args=[wang.pk, name]), page | {"reason": "调离"} | more
        )

    assert act("close").status_code == 302
    assert desk.open_for("wang").get(reverse("web:home")).status_code in {302, 403}
    assert "account closed" in shown(gao.get(reverse("setup:posts")))
    assert act("password").status_code == 409
    assert act("reopen").status_code == 302
    assert "first-password" in shown(act("password"))
    assert act("password", reason="").status_code == 400
    assert act("nonsense").status_code == 404
    client = Client()
    for _n in range(5):
        client.post(reverse("web:sign_in"), {"username": "wang", "password": "x"})
    assert "locked" in shown(gao.get(reverse("setup:accounts"), {"q": "王强"}))
    assert act("unlock").status_code == 302
    assert "locked" not in shown(gao.get(reverse("setup:accounts"), {"q": "王强"}))
    acts = Change.objects.filter(list_name="person", row_id=wang.pk).values_list("act", flat=True)
    assert list(acts) == ["unlocked", "password", "changed", "changed"]
    own = reverse("setup:account", args=[world.people.gao.pk])
    assert "Another administrator closes yours" in shown(gao.get(own))


def test_the_history_is_filtered(world, desk):
    gao = desk.open_for("gao")
    press(gao, reverse("setup:change", args=["duty", rubbish().pk]), note="一", reason="会议纪要三")
    press(
        gao,
        reverse("setup:change", args=["unit", world.units.police.pk]),
        phone="110",
        reason="换号",
    )
    url = reverse("setup:history")
    kind = rubbish().category
    Change.objects.filter(list_name="duty").update(title=f"{kind.name} → 环卫所")
    everything = shown(gao.get(url))
    assert f"{kind.name_en} → 环卫所" in everything
    assert kind.name not in everything
    assert "会议纪要三" in everything
    assert "换号" in everything
    for ask, found in (
        ({"list": "unit"}, "换号"), ({"words": "纪要"}, "会议纪要三"),
        ({"person": world.people.gao.pk}, "换号"), ({"since": str(today())}, "换号"),
        ({"until": str(today() - DAY)}, "No change fits"),
    ):  # fmt: skip
        assert found in shown(gao.get(url, ask)), ask
    assert "换号" not in shown(gao.get(url, {"list": "duty"}))


@pytest.mark.parametrize(
    ("ask", "n"),
    [
        ({"category": "E01"}, 1), ({"unit": "sanitation"}, 1), ({"area": TOWN, "category": "E01"}, 1),
        ({"only": "temporary"}, 0), ({"only": "precedent"}, 0), ({"only": "ended"}, 0),
        ({"day": "2020-01-01"}, 0), ({"category": "nothing"}, None),
    ],
)  # fmt: skip
def test_the_duty_list_is_filtered(desk, ask, n):
    page = shown(desk.open_for("zhao").get(reverse("setup:duties"), ask))
    if n is not None:
        assert re.search(rf"\b{n} entr", page), ask
