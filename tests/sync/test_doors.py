"""The doors themselves: who may come in, and what happens to bad input."""

import gzip
import json
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from maplebridge.sync import doors
from maplebridge.sync.models import Device, Submission
from maplebridge.sync.rules import MOST_BYTES
from maplebridge.trust.throttle import Bucket
from tests.sync.phone import Refused

# One for all: the workers of a run must draw the same table.
SOME_ID = "01a210ab-f876-7613-83e3-e1d09cbed6f6"
DOORS = [
    ("POST", "/records"), ("POST", "/which"), ("GET", "/changes"), ("GET", "/pack"),
    ("GET", "/ledger?month=2026-11"), ("DELETE", "/devices/me"), ("HEAD", "/files/" + "a" * 64),
    ("PATCH", "/files/" + "a" * 64), ("GET", f"/records/{SOME_ID}"), ("DELETE", f"/records/{SOME_ID}"),
    ("POST", f"/conflicts/{SOME_ID}"),
]  # fmt: skip


def refused(phone, method, path, body=None, **more):
    with pytest.raises(Refused) as caught:
        phone.call(method, path, body, **more)
    return caught.value.status, caught.value.body


def raw(phone, path, data, **headers):
    headers = {"Content-Type": "application/json", **headers}
    return phone.call("POST", path, raw=data, headers=headers)


class TestEnrolling:
    def test_somebody_signed_in_at_the_desk_gets_a_device_of_his_own(self, world):
        client = Client()
        client.force_login(world.people.lin)
        made = client.post("/api/v1/sync/devices", {"browser": "Chrome 131"}, "application/json")
        cookie = made.cookies["maplebridge_device"]
        assert made.status_code == 201
        assert set(made.json()) == {"device", "key", "epoch", "now"}
        assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (
            "/api/v1/sync",
            "Strict",
            True,
        )
        assert Device.objects.get().browser == "Chrome 131"

    def test_nobody_signed_in_gets_none(self, world):
        made = Client().post("/api/v1/sync/devices", {}, "application/json")
        assert (made.status_code, made.json()["code"]) == (401, "signed_out")

    def test_a_forged_form_gets_none(self, world):
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.people.lin)
        made = client.post("/api/v1/sync/devices", {}, "application/json")
        assert made.status_code == 403
        assert not Device.objects.exists()

    def test_a_post_that_does_not_work_at_the_door_gets_none(self, world):
        client = Client()
        client.force_login(world.people.zhao)
        assert client.post("/api/v1/sync/devices", {}, "application/json").status_code == 403

    def test_a_first_password_is_replaced_before(self, world):
        client, lin = Client(), world.people.lin
        lin.first_password = True
        lin.save()
        client.force_login(lin)
        assert client.post("/api/v1/sync/devices", {}, "application/json").status_code == 403


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_no_door_opens_without_the_cookie(phone, method, path):
    phone.cookie = ""
    status, _headers, _body = phone.call(method, path, raw=b"")
    assert status == 401


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_no_door_opens_without_the_header(phone, method, path):
    phone.device = ""
    status, _headers, _body = phone.call(method, path, raw=b"")
    assert status == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sent_at": "yesterday"}, "sent_at"),
        ({"sent_at": "2026-11-25T03:04:05"}, "sent_at"),
        ({"sent_at": None}, "sent_at"),
        ({"records": {}}, "records"),
        ({"records": [{}] * 101}, "records"),
        ({"last": {"receipt": -1, "id": SOME_ID}}, "last.receipt"),
        ({"last": {"receipt": 1, "id": "x"}}, "last.id"),
        ({"last": {"receipt": 10**30, "id": SOME_ID}}, "last.receipt"),
        ({"state": {"unsent": "many"}}, "state.unsent"),
        ({"state": {"where": "at home"}}, "state.where"),
        ({"epoch": "x" * 99}, "epoch"),
        ({"position": [1, 2]}, "position"),
    ],
)
def test_a_wrong_name_or_value_is_named(phone, change, field):
    status, body = refused(phone, "POST", "/records", phone.batch([]) | change)
    assert (status, body["field"]) == (422, field)


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (b"", {}, 422),
        (b"[]", {}, 400),
        (b"{", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"null", {}, 400),
        (b"no gzip", {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"x" * (MOST_BYTES + 10)), {"Content-Encoding": "gzip"}, 413),
        (b" " * (MOST_BYTES + 10), {}, 413),
    ],
    ids=["nothing", "list", "cut", "bytes", "null", "no gzip", "bomb", "large"],
)
def test_what_is_no_batch_is_refused(phone, data, headers, status):
    assert raw(phone, "/records", data, **headers)[0] == status


def test_damaged_items_of_every_kind(phone):
    items = [None, 7, "x", [], {}, {"id": 1}, {"id": str(uuid4()), "sha256": "00", "sealed": "AA=="},
             {"id": str(uuid4()), "sha256": "zz", "sealed": "é"}, {"id": str(uuid4()), "sha256": "", "sealed": ""}]  # fmt: skip
    answer = phone.call("POST", "/records", phone.batch([]) | {"records": items})
    assert [d["at"] for d in answer["damaged"]] == list(range(len(items)))
    assert not Submission.objects.exists()


def test_an_empty_batch_tells_how_the_phone_stands(phone):
    phone.record("report", {"text": "x"})
    phone.call("POST", "/records", phone.batch([]))
    device = Device.objects.get()
    assert device.told["unsent"] == 1
    assert device.seq_told == 1
    assert device.last_contact_at is not None


def test_which_is_bounded(phone):
    assert refused(phone, "POST", "/which", {"ids": [str(uuid4())] * 1001})[0] == 422
    assert phone.call("POST", "/which", {"ids": []}) == {"missing": [], "files": []}


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-11-01", "x"])
def test_a_month_is_a_month(phone, month):
    assert refused(phone, "GET", f"/ledger?month={month}")[0] == 422


def test_other_peoples_records_are_nobodys(phone, handler):
    name = phone.record("report", {"text": "路灯不亮"})
    phone.send()
    assert refused(handler, "GET", f"/records/{name}")[0] == 404
    assert refused(handler, "DELETE", f"/records/{name}")[0] == 404
    said = {"id": str(uuid4()), "choose": {}}
    assert refused(handler, "POST", f"/conflicts/{name}", said)[0] == 404
    assert refused(phone, "POST", f"/conflicts/{name}", said)[0] == 409
    assert refused(phone, "DELETE", f"/records/{name}")[0] == 409


def test_too_many_calls_of_one_phone_wait(phone, handler, monkeypatch):
    monkeypatch.setenv("MAPLEBRIDGE_THROTTLE", "60")
    monkeypatch.setattr(doors, "_bucket", Bucket(2))
    for _ in range(2):
        phone.call("GET", "/changes")
    status, headers, body = phone.call("GET", "/changes", raw=b"")
    assert (status, json.loads(body)["code"]) == (429, "too_many")
    assert int(headers["retry-after"]) > 0
    handler.call("GET", "/changes")  # another phone at the same address goes on


def test_large_answers_come_packed(phone):
    status, headers, body = phone.call(
        "GET", "/pack", raw=b"", headers={"Accept-Encoding": "gzip, br"}
    )
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert json.loads(gzip.decompress(body))["me"]["name"] == "林青"


def test_reasons_are_in_the_language_of_the_phone(phone):
    name = phone.record("report", {"text": "x", "category": "ZZ"})
    carry = phone.carry
    phone.carry = lambda m, p, b, h: carry(m, p, b, {**h, "Accept-Language": "zh-CN"})
    phone.send()
    assert phone.outbox[name].reason
    assert not phone.outbox[name].reason.isascii()


def test_the_ledger_is_its_rows(phone, handler, world):
    for body in ({"text": "路灯不亮"}, {"text": "井盖坏了"}, {"category": "ZZ", "text": "x"}):
        phone.record("report", body)
    phone.record("report", {"text": "等一等"}, after=uuid4())
    phone.record("draft", {"text": "半截"})
    phone.send()
    told = phone.call("GET", f"/ledger?month={timezone.localdate():%Y-%m}")
    assert told["counts"] == {"sent": 4, "counted": 2, "waiting": 1, "returned": 1}
    assert sorted(r["counts_as"] for r in told["rows"]) == [
        "counted",
        "counted",
        "returned",
        "waiting",
    ]
    assert handler.call("GET", f"/ledger?month={timezone.localdate():%Y-%m}")["counts"]["sent"] == 0
    assert phone.call("GET", "/ledger?month=2020-02")["rows"] == []
