"""The residents' pages through real requests, without JavaScript."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.trust.models import VaultEntry
from tests.files.pictures import encoded, picture

URL = "/report"
STRANGE = "<b hx-get='/x'>粗</b><script>alert(1)</script>"


def told(world, **more):
    lon, lat = world.point
    return {
        "command_id": str(uuid4()), "text": "村口垃圾成堆，味道很大", "category": "E02", "lon": lon,
        "lat": lat, "area": "", "address": "桥头", "name": "", "phone": "", "go": "send",
    } | more  # fmt: skip


def send(resident, world, **more):
    answer = resident.post(URL, told(world, **more))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Report.objects.get(code=answer.url.rsplit("/", 1)[1])


@pytest.mark.parametrize("path", ["/", "/report", "/t/", "/ledger", "/privacy"])
def test_open_pages_open(world, resident, path):
    assert resident.get(path).status_code == 200


def test_three_screens_keep_what_was_said_and_end_with_a_code(world, resident):
    first = resident.post(URL, told(world, go="2", text="路灯不亮", category=""))
    assert "Which village?" in first.content.decode()
    assert 'value="路灯不亮"' in first.content.decode()
    second = resident.post(URL, told(world, go="3", text="路灯不亮", category=""))
    page = second.content.decode()
    assert "Your telephone" in page
    assert "路灯不亮" in page
    back = resident.post(URL, told(world, go="1", text="路灯不亮", category=""))
    assert ">\n路灯不亮</textarea>" in back.content.decode()
    report = send(resident, world, text="路灯不亮", category="", phone="13800000000")
    assert report.channel == "web"
    assert report.subject
    done = resident.get(f"/report/done/{report.code}").content.decode()
    assert "<svg" in done
    assert list(verify_ledger()) == []


def test_a_double_press_makes_one_report(world, resident):
    same = told(world)
    codes = {resident.post(URL, same).url for _ in range(2)}
    assert len(codes) == 1
    assert Report.objects.count() == 1


def test_a_likely_duplicate_is_offered_and_followed(world, resident):
    earlier = send(resident, world).matter
    again = told(world, text="村口垃圾没人清")
    offered = resident.post(URL, again | {"go": "3"})
    (offer,) = offered.context["offers"]
    assert resident.post(URL, again | {"follow": "7:forged"}).status_code == 200
    joined = resident.post(URL, again | {"follow": offer.token})
    assert joined.status_code == 302
    earlier.refresh_from_db()
    assert earlier.report_count == 2
    assert Matter.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "screen", "words"),
    [
        ({"text": "", "category": ""}, 1, "Say in a few words"),
        ({"category": "ZZ"}, 1, "Choose one of"),
        ({"category": "J99"}, 1, "Choose one of"),
        ({"text": "x" * 1_000_000}, 1, "At most 10000 characters; these are 1000000."),
        ({"urgency": "zz"}, 1, "Choose one of"),
        ({"lon": "500"}, 2, "This point cannot be used"),
        ({"lon": "nan"}, 2, "This point cannot be used"),
        ({"lon": ""}, 2, "This point cannot be used"),
        ({"lon": "0", "lat": "0"}, 2, "This point cannot be used"),
        ({"address": "桥头" * 200}, 2, "At most 200 characters; these are 400."),
        ({"area": "331181999999"}, 2, "Choose one of"),
        ({"phone": "12"}, 3, "not a phone number"),
        ({"name": "方" * 100}, 3, "60"),
        ({"command_id": "x"}, 3, "send it once more"),
    ],
)
def test_what_is_wrong_is_said_on_its_screen_and_nothing_is_lost(
    world, resident, wrong, screen, words
):
    answer = resident.post(URL, told(world, **wrong))
    assert answer.status_code == 200
    assert answer.context["screen"] == screen
    page = answer.content.decode()
    assert words in page
    assert "桥头" in page
    assert Report.objects.count() == 0


def test_a_place_outside_every_grid_is_taken_and_waits_as_unknown(world, resident):
    lon, lat = world.outside
    report = send(resident, world, lon=lon, lat=lat)
    assert not report.matter.place_known


def test_photos_come_without_javascript_and_travel_back_and_forth(world, resident):
    file = SimpleUploadedFile("a.jpg", encoded(picture()), content_type="image/jpeg")
    page = resident.post(URL, told(world, go="2") | {"photos": file}).content.decode()
    sha = page.split('name="photo" value="')[1][:64]
    report = send(resident, world, photo=sha)
    assert report.photos == [sha]
    assert resident.get(f"/t/{report.code}/photos/{sha}?side=160").status_code == 200
    assert resident.get(f"/t/{report.code}/photos/{'0' * 64}").status_code == 404
    broken = SimpleUploadedFile("a.jpg", b"no photo", content_type="image/jpeg")
    refused = resident.post(URL, told(world) | {"photos": broken})
    assert refused.status_code == 200
    assert Report.objects.count() == 1


def test_following_rating_reopening(world, resident):
    made = world.report(category="E02", at=timezone.now())
    matter = made.matter
    for step, who, fields in (
        ("dispatch", "li", {"category": "E02", "lead": "sanitation"}),
        ("accept", "wang", {}),
        ("start", "wang", {"contact_result": "on_site", "note": "内部备注"}),
        ("handle", "wang", {"result": "内部结果", "public_answer": "已经清走"}),
        ("close", "chen", {}),
    ):
        world.step(matter, step, who, at=timezone.now(), **fields)
    page = resident.get(f"/t/{made.code.lower()}").content.decode()
    for words in ("已经清走", "环卫所", "Checked and closed", "Rate it"):
        assert words in page
    for words in ("内部", "王强", "陈芳"):
        assert words not in page
    url = f"/t/{made.code}/evaluate"
    assert resident.get(url).status_code == 200
    assert resident.post(url, {"command_id": str(uuid4())}).status_code == 422
    rating = {"solved": "no", "satisfied": "no", "contacted": "yes", "command_id": str(uuid4())}
    assert resident.post(url, rating).status_code == 302
    assert world.fresh(matter).status == "in_progress"
    assert resident.post(url, rating).status_code == 302  # the same press again
    assert matter.evaluations.count() == 1
    late = rating | {"command_id": str(uuid4())}
    assert resident.post(url, late).status_code == 422
    assert list(verify_ledger()) == []


def test_adding_and_withdrawing(world, resident):
    made = world.report(category="E02", at=timezone.now())
    add = {"note": STRANGE, "command_id": str(uuid4())}
    assert resident.post(f"/t/{made.code}/add", add).status_code == 302
    page = resident.get(f"/t/{made.code}").content.decode()
    assert "<script>alert" not in page
    assert resident.post(f"/t/{made.code}/add", {"note": "x", "command_id": "y"}).status_code == 422
    gone = {"command_id": str(uuid4())}
    assert resident.post(f"/t/{made.code}/withdraw", gone).status_code == 302
    assert world.fresh(made.matter).status == "withdrawn"


def test_a_rating_after_seven_days_is_refused(world, resident):
    made = world.report(category="E02", at=timezone.now())
    Report.objects.filter(pk=made.pk).update(evaluate_until=timezone.now() - timedelta(hours=1))
    late = resident.get(f"/t/{made.code}/evaluate", follow=True).content.decode()
    assert "This is not possible at the present stage." in late
    Matter.objects.filter(pk=made.matter_id).update(status="closed")
    assert "Rate it" not in resident.get(f"/t/{made.code}").content.decode()
    late = resident.get(f"/t/{made.code}/evaluate", follow=True).content.decode()
    assert "The seven days for this are over." in late


@pytest.mark.parametrize(("language", "words"), [("en", "30 Nov"), ("zh-hans", "11月30日")])
def test_days_are_written_as_people_write_them(world, language, words):
    matter = world.in_status("in_progress")
    world.step(matter, "suspend", "zhao", reason="等雨停", review_on="2026-11-30")
    url = f"/t/{matter.reports.get().code}"
    page = Client(headers={"accept-language": language}).get(url).content.decode()
    shown = re.sub("<[^>]+>", "", page)
    assert shown.count(words) == 2  # above the history, and in it
    assert "2026-" not in shown


@pytest.mark.parametrize(
    "path",
    [
        "/t/XXXX2222",
        "/t/%00",
        "/t/XXXX2222/evaluate",
        "/t/XXXX2222/my-data",
        "/report/done/XXXX2222",
    ],
)
def test_an_unknown_code_is_a_friendly_page(world, resident, path):
    assert resident.get(path).status_code == 404


def test_a_mistyped_code_is_asked_again(world, resident):
    made = world.report(at=timezone.now())
    assert (
        resident.get("/t/", {"code": f" {made.code[:4].lower()} {made.code[4:]} "}).status_code
        == 302
    )
    wrong = resident.get("/t/", {"code": "nothing"})
    assert wrong.status_code == 404
    assert 'value="nothing"' in wrong.content.decode()


def test_own_data_shows_after_the_phone_and_is_erased(world, resident):
    made = world.report(contact={"name": "方某", "phone": "138 0000 0000"}, at=timezone.now())
    url = f"/t/{made.code}/my-data"
    page = resident.get(url).content.decode()
    assert "方某" not in page
    assert "Show my data" in page
    wrong = resident.post(url, {"phone": "13900000000"})
    assert "not the number" in wrong.content.decode()
    shown = resident.post(url, {"phone": "13800000000"}).content.decode()
    assert "方某" in shown
    assert "Yourself" in shown
    assert resident.post(url, {"phone": "13800000000", "erase": "1"}).status_code == 302
    assert VaultEntry.objects.filter(erased_at__isnull=True).count() == 0
    assert "No name or telephone" in resident.get(url).content.decode()
    assert list(verify_ledger()) == []


def test_outlines_come_as_geojson_once(world, resident):
    first = resident.get(reverse("public:areas"))
    names = {f["properties"]["name"] for f in json.loads(first.content)["features"]}
    assert "上村第1网格" in names
    again = resident.get(reverse("public:areas"), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_one_address_cannot_try_codes_without_end(world, resident, monkeypatch):
    monkeypatch.setenv("MAPLEBRIDGE_THROTTLE", "5")
    answers = [resident.get("/t/XXXX2222").status_code for _ in range(7)]
    assert answers == [404] * 5 + [429] * 2
