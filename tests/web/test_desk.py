"""The desk through real requests: what each post sees, does and is refused."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maplebridge.matters.models import Matter
from maplebridge.matters.queries import verify_ledger
from maplebridge.org.models import Post, Shift
from maplebridge.org.queries import directory
from tests.files.pictures import encoded, picture

HOUR = timedelta(hours=1)
STRANGE = "<b hx-get='/x'>粗</b><script>alert(1)</script>"


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to `action`."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, action
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        found[name[1]] = value[1] if value else ""
    return found


def press(client, matter, step, **fields):
    """Open a step's form as a person would and send it."""
    url = reverse("web:step", args=[matter.number, step])
    page = client.get(url)
    assert page.status_code == 200, page.content.decode()[:500]
    return client.post(url, hidden(page.content.decode(), url) | fields)


def now_report(world, **more):
    return world.report(at=timezone.now(), **more).matter


def test_a_matter_walks_through_the_desk(world, desk):
    matter = now_report(world)
    li, wang, chen = (desk.open_for(n) for n in ("li", "wang", "chen"))
    assert matter.number in li.get(reverse("web:list", args=["inbox"])).content.decode()
    for client, step, fields in (
        (li, "dispatch", {"category": "E02", "lead": "sanitation"}),
        (wang, "accept", {}),
        (wang, "start", {"contact_result": "reached"}),
        (wang, "handle", {"result": "已清运", "public_answer": "已经清走"}),
        (chen, "close", {}),
    ):
        done = press(client, matter, step, **fields)
        assert done.status_code == 302, done.content.decode()[:3000]
    page = chen.get(reverse("web:matter", args=[matter.number])).content.decode()
    for words in ("已清运", "已经清走", "环卫所", "王强", "Closed"):
        assert words in page
    assert world.fresh(matter).status == "closed"
    assert list(verify_ledger()) == []


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [
        ("li", "inbox", 200), ("li", "open", 200), ("li", "unit", 404), ("li", "verify", 404),
        ("wang", "unit", 200), ("wang", "inbox", 404), ("chen", "verify", 200),
        ("zhao", "supervise", 200), ("lin", "open", 200), ("lin", "inbox", 404),
        ("wu", "open", 403), ("li", "nothing", 404),
    ],
)  # fmt: skip
def test_each_post_has_its_lists(world, desk, who, name, status):
    assert desk.open_for(who).get(reverse("web:list", args=[name])).status_code == status


def test_whoever_is_on_duty_has_the_desk_for_as_long(world, desk):
    """An adviser has no lists of his own; while he watches he sees what rings, and only that."""
    rings, other = now_report(world, urgency="fire"), now_report(world, text="路灯不亮")
    post = Post.objects.create(
        person=world.people.wu, kind="adviser", title="值班", unit=world.units.command
    )
    now = timezone.now()
    shift = Shift.objects.create(post=post, starts_at=now - HOUR, ends_at=now + HOUR)
    wu = desk.open_for("wu")
    page = wu.get(reverse("web:list", args=["open"])).content.decode()
    assert (rings.number in page, other.number in page) == (True, False)
    assert wu.get(reverse("web:matter", args=[rings.number])).status_code == 200
    assert press(wu, rings, "acknowledge").status_code == 302
    shift.delete()
    assert wu.get(reverse("web:matter", args=[rings.number])).status_code == 403


def test_a_foreign_matter_is_not_there(world, desk):
    matter = now_report(world)
    zhou = desk.open_for("zhou")
    for url in (
        reverse("web:matter", args=[matter.number]),
        reverse("web:step", args=[matter.number, "accept"]),
        reverse("web:matter", args=["331181-x"]),
        reverse("web:photo", args=[matter.number, "0" * 64]),
    ):
        answer = zhou.get(url)
        assert answer.status_code == 404, url
    assert 'href="/desk/"' in answer.content.decode()


def test_a_step_the_table_refuses_says_so(world, desk):
    matter = now_report(world)
    li = desk.open_for("li")
    early = li.get(reverse("web:step", args=[matter.number, "close"]), follow=True)
    assert early.redirect_chain == [(reverse("web:matter", args=[matter.number]), 302)]
    assert "is not possible now" in early.content.decode()
    assert li.get(reverse("web:step", args=[matter.number, "escalate"])).status_code == 403
    assert li.get(reverse("web:step", args=[matter.number, "fly"])).status_code == 404
    assert Matter.objects.get(pk=matter.pk).version == 1


def test_what_was_typed_survives_somebody_faster(world, desk):
    matter = now_report(world)
    li = desk.open_for("li")
    url = reverse("web:step", args=[matter.number, "dispatch"])
    fields = hidden(li.get(url).content.decode(), url)
    world.step(matter, "remark", "li", note="先到", at=timezone.now())
    sent = fields | {"category": "E02", "lead": "sanitation", "note": "请尽快"}
    again = li.post(url, sent)
    assert again.status_code == 422
    page = again.content.decode()
    assert "Somebody was faster" in page
    assert "请尽快" in page
    assert li.post(url, sent | hidden(page, url)).status_code == 302
    assert world.fresh(matter).status == "dispatched"


def test_the_same_press_twice_is_one_event(world, desk):
    matter = now_report(world)
    li = desk.open_for("li")
    url = reverse("web:step", args=[matter.number, "dispatch"])
    sent = hidden(li.get(url).content.decode(), url) | {"category": "E02", "lead": "sanitation"}
    assert [li.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert matter.events.filter(step="dispatch").count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"category": "E02"}, "required"),
        ({"category": "ZZ", "lead": "sanitation"}, "valid choice"),
        ({"category": "E02", "lead": "nobody"}, "valid choice"),
        ({"category": "E02", "lead": "sanitation", "handle_limit": "soon"}, "soon"),
        ({"category": "E02", "lead": "grid-1"}, "cannot be given to a grid"),
        ({"category": "E02", "lead": "sanitation", "command_id": "7"}, "UUID"),
        ({"category": "E02", "lead": "sanitation", "version": "x"}, "whole number"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_written(world, desk, fields, words):
    matter = now_report(world)
    li = desk.open_for("li")
    answer = press(li, matter, "dispatch", **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert world.fresh(matter).status == "reported"


def test_text_people_typed_is_shut_to_scripts_and_htmx(world, desk):
    matter = now_report(world, text=STRANGE, address=STRANGE)
    for name in ("matter", "list", "matters"):
        args = {"matter": [matter.number], "list": ["inbox"], "matters": []}[name]
        page = (
            desk.open_for("li").get(reverse(f"web:{name}", args=args), {"q": "粗"}).content.decode()
        )
        assert "<script>alert" not in page
        assert "<b hx-get" not in page


def test_reading_a_contact_needs_a_purpose_and_is_logged(world, desk):
    from maplebridge.trust.models import AccessLog

    made = world.report(contact={"name": "方某", "phone": "13800000000"}, at=timezone.now())
    li = desk.open_for("li")
    url = reverse("web:matter", args=[made.matter.number])
    assert "13800000000" not in li.get(url).content.decode()
    reveal = reverse("web:contact", args=[made.matter.number, made.id])
    assert li.post(reveal, {"purpose": "curious"}).status_code == 400
    assert AccessLog.objects.count() == 0
    shown = li.post(reveal, {"purpose": "Telling the result"})
    assert "13800000000" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert {r.field for r in AccessLog.objects.all()} == {"reporter.name", "reporter.phone"}
    assert desk.open_for("zhou").post(reveal, {"purpose": "Telling the result"}).status_code == 404


def test_taking_down_a_report_offers_its_likeness_and_gives_a_code(world, desk):
    earlier = now_report(world, category="E02")
    li = desk.open_for("li")
    url = reverse("web:intake")
    lon, lat = world.point
    told = {
        "command_id": str(uuid4()), "channel": "phone", "text": "村口垃圾成堆", "lon": lon, "lat": lat,
        "name": "方某", "phone": "13800000000", "category": "E02",
    }  # fmt: skip
    offered = li.post(url, told)
    assert offered.status_code == 200
    assert earlier.number in offered.content.decode()
    joined = li.post(url, told | {"join": earlier.number})
    assert joined.status_code == 302
    assert world.fresh(earlier).report_count == 2
    assert "Your query code" in li.get(joined.url).content.decode()
    assert desk.open_for("lin").get(joined.url).status_code == 404
    other = li.post(url, told | {"command_id": str(uuid4()), "sure": "1"})
    assert other.status_code == 302
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": ""}, "required"),
        ({"phone": "12"}, "not a phone number"),
        ({"lon": "500", "lat": "28"}, "-"),
        ({"lon": "119.05", "lat": ""}, "both longitude and latitude"),
        ({"channel": "pigeon"}, "valid choice"),
        ({"category": "J99"}, "valid choice"),
        ({"text": "x" * 20_000}, "10"),
    ],
)
def test_a_wrong_telling_keeps_what_was_typed(world, desk, wrong, words):
    told = {
        "command_id": str(uuid4()),
        "channel": "phone",
        "text": "路灯不亮",
        "address": "桥下五十米",
    }
    answer = desk.open_for("li").post(reverse("web:intake"), told | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "桥下五十米" in page
    assert Matter.objects.count() == 0


def test_a_matter_that_much_was_written_in_asks_the_database_no_oftener(world, desk):
    first = now_report(world)
    world.step(first, "remark", "li", note="先看", at=timezone.now())
    client, url = desk.open_for("li"), reverse("web:matter", args=[first.number])

    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        return len(caught)

    count()
    before = count()
    for n in range(29):
        world.step(first, "remark", "li", note=f"第{n}次", at=timezone.now())
    assert count() <= before


def test_strangers_sign_in_first_and_are_locked_out_after_five_wrong_passwords(world):
    client = Client(headers={"accept-language": "en"})
    url = reverse("web:list", args=["inbox"])
    assert client.get(url).headers["Location"].startswith(reverse("web:sign_in"))
    world.people.li.set_password("maple-bridge")
    world.people.li.save()
    door = reverse("web:sign_in")
    wrong = {"username": "li", "password": "wrong"}
    for _ in range(4):
        assert client.post(door, wrong).status_code == 200
    assert client.post(door, wrong).status_code == 429
    right = {"username": "li", "password": "maple-bridge"}
    assert client.post(door, right).status_code == 429
    assert "15" in client.post(door, right).content.decode()


def test_signing_in_leads_to_the_work(world):
    world.people.li.set_password("maple-bridge")
    world.people.li.save()
    client = Client(headers={"accept-language": "en"})
    right = {"username": "li", "password": "maple-bridge"}
    page = client.post(reverse("web:sign_in"), right, follow=True)
    assert page.redirect_chain[-1][0] == reverse("web:dispatch")
    assert client.post(reverse("web:sign_out")).status_code == 302
    assert client.get(reverse("web:home")).status_code == 302


def test_an_administrator_without_a_post_lands_in_the_admin(world):
    from maplebridge.org.models import Person

    Person.objects.create_superuser("boss", password="maple-bridge-9", name="Boss")
    client = Client()
    door = {"username": "boss", "password": "maple-bridge-9"}
    assert client.post(reverse("web:sign_in"), door)["Location"] == reverse("admin:index")


def test_the_history_is_plain_text_in_the_readers_language(world, desk):
    matter = world.in_status("in_progress")
    world.step(matter, "suspend", "zhao", reason="等雨停", review_on="2026-11-30")
    page = desk.open_for("li").get(reverse("web:matter", args=[matter.number])).content.decode()
    assert "&lt;time" not in page
    assert "30 Nov" in page


def test_two_matters_become_one_and_both_reporters_follow_on(world, desk):
    first, second = (world.report(text=f"村口垃圾成堆{n}", at=timezone.now()) for n in (1, 2))
    world.step(first.matter, "dispatch", "li", category="E02", lead="sanitation", at=timezone.now())
    foreign = world.report(lon=119.055, lat=27.975, at=timezone.now()).matter  # in the township
    li = desk.open_for("li")
    li_post = world.people.li.posts.get()
    li_post.areas.set([world.areas["331181101"]])
    for wrong in ("x\x00", "331181-none", second.matter.number, foreign.number):
        refused = press(li, second.matter, "merge", target_matter=wrong)
        assert refused.status_code == 422, wrong
        assert "Choose another open matter." in refused.content.decode()
    done = press(li, second.matter, "merge", target_matter=first.matter.number)
    assert done.status_code == 302
    for code in (first.code, second.code):
        page = Client(headers={"accept-language": "en"}).get(f"/t/{code}").content.decode()
        for words in ("Joined with another report", "Given to a unit", "环卫所"):
            assert words in page
    gone = li.get(reverse("web:matter", args=[second.matter.number])).content.decode()
    assert "stands with the matter it was merged into" in gone
    assert f"Merged into: {first.matter.number}" in gone
    assert foreign.events.count() == 1
    assert list(verify_ledger()) == []


def test_photos_stay_in_a_form_that_is_refused(world, desk):
    matter = world.in_status("in_progress")
    wang, url = desk.open_for("wang"), reverse("web:step", args=[matter.number, "handle"])
    fields = hidden(wang.get(url).content.decode(), url)
    good = SimpleUploadedFile("a.jpg", encoded(picture()), content_type="image/jpeg")
    letter = SimpleUploadedFile("letter.jpg", b"no photo", content_type="image/jpeg")
    page = wang.post(url, fields | {"result": "", "photos": [good, letter]}).content.decode()
    assert "letter.jpg: This is not a JPEG" in page
    sha = page.split('name="photo" value="')[1][:64]
    assert wang.post(url, fields | {"result": "已清运", "photo": sha}).status_code == 302
    assert matter.events.get(step="handle").data["photos"] == [sha]
    told = {"command_id": str(uuid4()), "channel": "phone", "text": "", "photo": sha}
    page = desk.open_for("li").post(reverse("web:intake"), told).content.decode()
    assert f'name="photo" value="{sha}"' in page


def test_what_is_proposed_goes_by_the_category_that_was_set(world, desk):
    matter = now_report(world)
    page = desk.open_for("li").get(reverse("web:dispatch")).content.decode()
    assert "Because of the words" in page
    world.step(matter, "classify", "li", category="E02", at=timezone.now())
    page = desk.open_for("li").get(reverse("web:dispatch")).content.decode()
    box = page[page.index("<h3>Proposed") :][:600]
    lead = (
        directory()
        .duty_for(directory().categories["E02"], matter.area_code, timezone.localdate())
        .lead
    )
    assert lead.name in box
    assert "The command room set this category" in box
    assert "Because of the words" not in page
    chosen = now_report(world, category="E02")
    page = desk.open_for("li").get(reverse("web:matter", args=[chosen.number])).content.decode()
    assert "The reporter chose this category" in page
    for since in ("2026-13-40T00:00:00", "2026-11-24T09:00:00", "now"):  # none of our moments
        asked = desk.open_for("li").get(reverse("web:dispatch_rows"), {"since": since})
        assert asked.status_code == 200, since


def test_a_dispatch_can_be_taken_back_after_the_list_renewed_and_a_late_one_says_why(world, desk):
    matter = now_report(world)
    li, url = desk.open_for("li"), reverse("web:dispatch_step", args=[matter.number, "dispatch"])
    said = {"category": "E02", "lead": "sanitation", "version": matter.version}
    li.post(url, said | {"command_id": str(uuid4())})
    assert "Take back" in li.get(reverse("web:dispatch_rows")).content.decode()
    late = li.post(url, said | {"command_id": str(uuid4())})  # the other tab
    assert late.status_code == 422
    assert "summary-errors" in late.content.decode()
