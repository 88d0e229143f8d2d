"""API v1 as its clients use and misuse it."""

import json
import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import get_args
from uuid import uuid4

import pytest
from django.utils import timezone

from maplebridge.api.schemas import Urgency
from maplebridge.api.v1 import OPEN, api
from maplebridge.matters.flow import URGENCIES
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.notify.models import Message
from maplebridge.org.models import Token
from tests.files.pictures import encoded, picture, with_position

SNAPSHOT = Path(__file__).with_name("openapi.json")


def test_the_description_is_the_one_we_promised():
    """Run with RENEW=1 to write a changed description down; a reviewer sees the difference."""
    now = json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("RENEW"):
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert now == SNAPSHOT.read_text(encoding="utf-8")


def test_every_operation_declares_who_may_call_it():
    for path, item in api.get_openapi_schema()["paths"].items():
        for method, operation in item.items():
            known = operation["operationId"] in OPEN or operation.get("security")
            assert known, f"{method} {path}"


def test_a_report_is_taken_located_and_routed(call, world):
    lon, lat = world.point
    told = {"text": "村口垃圾成堆", "category": "E02", "lon": lon, "lat": lat, "id": str(uuid4())}
    first, again = call("POST", "/reports", told), call("POST", "/reports", told)
    assert first.status == again.status == 201
    assert first.body == again.body
    assert first.body["grid"] == "331181101201001"
    assert first.body["lead"] == "综合行政执法队"
    assert first.body["track_url"].endswith(f"/t/{first.body['code']}")
    assert Report.objects.count() == 1
    other = call("POST", "/reports", told | {"text": "完全不同的事"})
    assert (other.status, other.body["code"]) == (409, "conflict")


def test_a_danger_rings_as_from_the_residents_form(call, world):
    assert get_args(Urgency) == ("", *dict(URGENCIES))  # no danger is missing from the description
    lon, lat = world.point
    told = {"text": "山上冒烟", "lon": lon, "lat": lat, "urgency": "fire", "id": str(uuid4())}
    first, again = call("POST", "/reports", told), call("POST", "/reports", told)
    assert first.body == again.body
    assert first.body["call_first"] == ["110", "119", "120"]
    matter = Matter.objects.get(number=first.body["matter"])
    assert (matter.urgent, matter.urgency) == (True, "fire")
    assert [e.step for e in matter.events.all()].count("alert") == 1
    assert Message.objects.filter(number=matter.number, kind="alert", urgent=True).exists()
    calm = call("POST", "/reports", {"text": "路灯不亮", "lon": lon, "lat": lat})
    assert calm.body["call_first"] == []
    assert not Matter.objects.get(number=calm.body["matter"]).urgent


def test_coordinates_of_maps_used_here_are_converted(call, world):
    lon, lat = world.point
    made = call("POST", "/reports", {"text": "路灯不亮", "lon": lon, "lat": lat, "crs": "gcj02"})
    matter = Matter.objects.get(number=made.body["matter"])
    assert (matter.lon, matter.lat) != (lon, lat)


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"text": ""}, 422, "text"),
        ({"text": "  \n "}, 422, "text"),
        ({"text": "x" * 1_000_000}, 422, "text"),
        ({"text": 7}, 422, "text"),
        ({"lon": 500, "lat": 28}, 422, "lon"),
        ({"lon": 119.05}, 422, "lat"),
        ({"lat": 28.0}, 422, "lon"),
        ({"lon": "east", "lat": 28}, 422, "lon"),
        ({"lon": 0, "lat": 0}, 422, "lon"),
        ({"crs": "mars"}, 422, "crs"),
        ({"category": "ZZ"}, 422, "category"),
        ({"category": "x" * 99}, 422, "category"),
        ({"area": "331181999999"}, 422, "area"),
        ({"address": "x" * 300}, 422, "address"),
        ({"contact": {"phone": "12"}}, 422, "contact.phone"),
        ({"contact": {"passport": "12"}}, 422, "contact.passport"),
        ({"photos": ["0" * 64]}, 422, "photos"),
        ({"photos": ["no hash"]}, 422, "photos"),
        ({"photos": ["0" * 64] * 10}, 422, "photos"),
        ({"id": "7"}, 422, "id"),
        ({"urgency": "noise"}, 422, "urgency"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_bad_input_is_named_and_nothing_written(call, world, wrong, status, field):
    answer = call("POST", "/reports", {"text": "路灯不亮"} | wrong)
    assert answer.status == status, answer.body
    assert answer.body["field"] == field
    assert answer.body["message"]
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b"", 422), (b"{", 400), (b"[]", 422), (b'"x"', 422), (b"null", 422), (b"\xff\xfe", 400), (b'{"text": NaN}', 422)],
)  # fmt: skip
def test_a_body_that_is_no_object_is_refused(call, world, raw, status):
    answer = call("POST", "/reports", raw=raw)
    assert answer.status == status
    assert answer.body["message"]


def test_a_body_beyond_the_limit_is_refused(call, world):
    assert call("POST", "/reports", raw=b'{"text": "' + b"x" * 3_000_000).status == 413


@pytest.mark.parametrize(
    "text", ["😀🛵", "a\x00b", "<script>alert(1)</script>", "\u202e反向", "e\u0301"]
)
def test_odd_but_honest_text_is_kept_as_it_is(call, world, text):
    assert call("POST", "/reports", {"text": text}).status == 201
    assert Report.objects.get().text


def test_messages_come_in_the_readers_language(call, world):
    chinese = call("POST", "/reports", {"text": ""}, language="zh-hans").body["message"]
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese)
    english = call("POST", "/reports", {"text": ""}).body["message"]
    assert english.isascii()


def test_tracking_tells_the_way_and_no_person(call, world):
    made = world.report(contact={"name": "方某", "phone": "13800000000"}, at=timezone.now())
    world.step(
        made.matter,
        "dispatch",
        "li",
        at=timezone.now(),
        category="E02",
        lead="sanitation",
        note="内部",
    )
    seen = call("GET", f"/track/{made.code}")
    assert seen.body["status"] == "dispatched"
    assert [s["step"] for s in seen.body["steps"]] == ["report", "dispatch"]
    assert seen.body["expected_by"]
    words = seen.raw.content.decode()
    for secret in ("方某", "1380", "李敏", "内部", made.text):
        assert secret not in words
    assert call("GET", "/track/XXXX2222").status == 404
    assert call("GET", f"/track/{made.code.lower()}").status == 200


def test_a_matter_goes_its_way_by_token(call, world):
    made = world.report(at=timezone.now())
    number = made.matter.number
    steps = [
        ("li", "dispatch", {"category": "E02", "lead": "sanitation"}, "dispatched"),
        ("wang", "accept", {}, "accepted"),
        ("wang", "start", {"contact_result": "reached"}, "in_progress"),
        ("wang", "handle", {"result": "已清运"}, "handled"),
        ("chen", "close", {}, "closed"),
    ]
    for who, name, fields, status in steps:
        body = {"id": str(uuid4()), "step": name, **fields}
        one = call("POST", f"/matters/{number}/steps", body, who=who)
        two = call("POST", f"/matters/{number}/steps", body, who=who)
        assert one.status == 200, one.body
        assert one.body["status"] == status
        assert two.body == one.body
    assert MatterEvent.objects.filter(matter=made.matter).count() == 6
    whole = call("GET", f"/matters/{number}", who="chen").body
    assert whole["status"] == "closed"
    assert [e["step"] for e in whole["events"]][-1] == "close"
    assert list(verify_ledger()) == []


def test_refusals_of_steps(call, world):
    made = world.report(at=timezone.now())
    url = f"/matters/{made.matter.number}/steps"
    good = {"step": "dispatch", "category": "E02", "lead": "sanitation"}

    def refused(who="li", **fields):
        answer = call("POST", url, {"id": str(uuid4()), **good} | fields, who=who)
        return (
            answer.status,
            answer.body["code"],
            answer.body.get("field"),
            answer.body.get("status"),
        )

    assert refused(step="close") == (409, "conflict", None, "reported")
    assert refused(version=9)[:2] == (409, "conflict")
    assert refused(who="lin", step="decline", decline_code="false")[:2] == (403, "not_allowed")
    assert refused(who="zhou")[:2] == (404, "not_found")
    assert refused(step="fly")[:2] == (404, "not_found")
    assert refused(lead="nobody")[:3] == (422, "invalid", "lead")
    assert refused(lead="")[:3] == (422, "invalid", "lead")
    assert refused(colour="red")[:3] == (422, "invalid", "colour")
    assert refused(id="7")[:3] == (422, "invalid", "id")
    assert call("POST", url, good | {"id": str(uuid4())}).status == 401
    assert world.fresh(made.matter).version == 1


def test_lists_page_by_key(call, world):
    for n in range(3):
        world.report(text=f"第{n}件事情发生了", at=timezone.now())
    assert len(call("GET", "/matters?list=inbox", who="li").body["items"]) == 3
    assert call("GET", "/matters?list=mine", who="wang").body == {"items": [], "next": ""}
    wrong = call("GET", "/matters?list=inbox&after=zzz", who="li")
    assert (wrong.status, wrong.body["field"]) == (422, "after")
    assert call("GET", "/matters?list=secret", who="li").status == 422
    assert call("GET", "/matters/331181-x", who="li").status == 404


def test_a_token_ends(call, world):
    from maplebridge.org.actions import issue_token

    token = issue_token("li")
    assert call("GET", "/matters", token=token).status == 200
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert call("GET", "/matters", token=token).status == 401
    assert call("GET", "/matters", token="x").status == 401
    assert call("GET", "/matters").body["code"] == "not_signed_in"


def test_photos_are_cleaned_and_come_back(call, world):
    data = with_position()
    name = sha256(data).hexdigest()
    kept = call("PUT", f"/files/{name}", raw=data)
    assert kept.status == 200, kept.body
    assert kept.body["sha256"] == name
    back = b"".join(call("GET", f"/files/{name}").raw.streaming_content)
    assert b"Exif" not in back
    assert call("GET", f"/files/{name}?side=160").status == 200
    assert call("POST", "/reports", {"text": "路灯不亮", "photos": [name]}).status == 201


@pytest.mark.parametrize(
    ("data", "named", "status"),
    [
        (b"no photo", None, 422),
        (b"", None, 422),
        (encoded(picture()), "0" * 64, 422),
        (encoded(picture()), "short", 422),
        (b"\xff" * (10 * 1024 * 1024 + 1), None, 413),
    ],
    ids=["text", "nothing", "other-hash", "no-hash", "too-large"],
)
def test_what_is_no_photo_is_refused(call, world, data, named, status):
    answer = call("PUT", f"/files/{named or sha256(data).hexdigest()}", raw=data)
    assert answer.status == status
    assert answer.body["message"]


def test_lists_cost_the_same_with_one_row_and_thirty(call, world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        with CaptureQueriesContext(connection) as caught:
            assert call("GET", "/matters?list=open", who="li").status == 200
        # The directory looks at its stamp once a second.
        return sum("org_directorystamp" not in q["sql"] for q in caught.captured_queries)

    world.report(category="E02", at=timezone.now())
    count()
    before = count()
    for n in range(29):
        world.report(text=f"第{n}件事情发生了", category="E02", at=timezone.now())
    assert count() == before


def test_an_address_is_slowed_down(call, world, monkeypatch):
    monkeypatch.setenv("MAPLEBRIDGE_THROTTLE", "3")
    answers = [call("POST", "/reports", {"text": f"第{n}件"}) for n in range(5)]
    assert [a.status for a in answers] == [201] * 3 + [429] * 2
    assert int(answers[-1].raw["Retry-After"]) >= 1
