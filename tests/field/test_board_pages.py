"""The command room's pages: which phone needs somebody, and what becomes of returned records."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from maplebridge.matters.models import Matter
from maplebridge.sync.models import Device, Submission
from maplebridge.trust.models import Export
from maplebridge.web.exporting import TABLES
from tests.files.pictures import encoded, picture
from tests.matters.conftest import World
from tests.org.builders import build_town
from tests.sync.conftest import enrolled


@pytest.fixture
def world(db):
    return World(**vars(build_town()))


@pytest.fixture
def room(world):
    made = Client(headers={"accept-language": "en"})
    made.force_login(world.people.li, "django.contrib.auth.backends.ModelBackend")
    return made


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def book(room, name):
    """The rows below the head of a list's workbook, and its note in the list of exports."""
    answer = room.get(f"/desk/devices{name}.xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)[2:]
    made = Export.objects.latest("pk")
    assert (made.rows, made.person.username) == (len(rows), "li")
    assert made.source in TABLES  # it has a name there
    return rows


def returned(phone):
    """A report that the rules refuse: its category is none of ours."""
    phone.record("report", {"text": "路灯不亮", "category": "ZZ"})
    phone.send()
    return Submission.objects.latest("receipt").receipt


def test_an_empty_board_says_why(room):
    assert "No phone has been set up yet" in text(room.get("/desk/devices"))
    assert "Nothing waits for a decision" in text(room.get("/desk/devices/returned"))


def test_the_gravest_stands_first_with_what_to_do(room, world):
    now = timezone.now()
    quiet, stuck, fine = (enrolled(getattr(world.people, n)) for n in ("lin", "wang", "zhou"))
    facts = {"persistent": True, "free_bytes": 9_000_000_000, "app": "0123456789ab"}
    for phone, days, told in (
        (quiet, 4, {}),
        (stuck, 2, {"unsent": 3}),
        (fine, 0, {"persistent": False}),
    ):
        Device.objects.filter(pk=phone.device).update(
            last_contact_at=now - timedelta(days=days), told=facts | told, drift_ms=0
        )
    page = text(room.get("/desk/devices"))
    stands = [page.index(name) for name in ("王强", "林青", "周平")]
    assert stands == sorted(stands)
    assert "3 records wait on the phone: ask for “Send now”" in page
    assert "Silent for 4 days: call." in page
    assert page.index("In order") < stands[2] < page.index("Its browser may clear")
    assert "9 GB free" in page
    rows = book(room, "")
    assert [row[0] for row in rows] == ["王强", "林青", "周平"]
    assert rows[0][3:5] == (3, "9 GB free")
    assert "Silent for 4 days: call." in rows[1][-1]
    assert not re.search(r"119\.0|27\.9|position:", page)


def test_a_lost_phone_is_taken_out_of_use_after_a_question(room, world):
    phone = enrolled(world.people.lin)
    address = f"/desk/devices/{phone.device}/revoke"
    page = text(room.get(address))
    assert "林青" in page
    assert "destroys the key" in page
    assert Device.objects.get().revoked_at is None
    assert "Out of use." in text(room.post(address, follow=True))
    assert Device.objects.get().revoked_by == world.people.li


def test_a_returned_record_is_read_applied_or_set_aside(room, world):
    phone = enrolled(world.people.lin)
    receipt = returned(phone)
    one = f"/desk/devices/returned/{receipt}"
    assert "林青" in text(room.get("/desk/devices/returned"))
    page = text(room.get(one))
    assert "路灯不亮" in page
    assert "What is the matter?" in page
    assert [row[1] for row in book(room, "/returned")] == ["林青"]
    assert "路灯不亮" not in str(book(room, "/returned"))
    refused = text(room.post(f"{one}/apply", follow=True))  # it is still what it was
    assert "It still cannot be applied" in refused
    assert Matter.objects.count() == 0
    assert room.post(one, {"reason": ""}).status_code == 422
    assert "Set aside." in text(room.post(one, {"reason": "已另行登记"}, follow=True))
    assert Submission.objects.get().reason == "已另行登记"
    assert room.get(one).status_code == 404


def test_a_record_made_before_the_post_was_entered_is_let_in(room, world):
    phone = enrolled(world.people.lin)
    Device.objects.update(revoked_at=timezone.now(), revoked_by=world.people.li)
    phone.record("report", {"text": "路灯不亮"})
    phone.send()
    receipt = Submission.objects.get().receipt
    page = text(room.post(f"/desk/devices/returned/{receipt}/apply", follow=True))
    assert "Applied in the name of its author" in page
    assert Matter.objects.get().title.startswith("路灯不亮")


def test_text_that_is_here_without_its_photo_is_listed(room, world):
    assert "No photo is missing" in text(room.get("/desk/devices/files"))
    phone = enrolled(world.people.lin)
    phone.record("report", {"text": "路灯不亮"}, files=[(encoded(picture()), "photo")])
    phone.record("visit", {"met": "yes"}, files=[(b"no photo", "photo")])  # it comes back
    phone.send()
    page = text(room.get("/desk/devices/files"))
    assert page.count("1 file on its way") == 2
    assert sorted(row[-2:] for row in book(room, "/files")) == [(1, 0), (1, 0)]
    assert "路灯不亮" in page
    matter = f"/desk/matters/{Matter.objects.get().number}"
    assert "A photo is on its way" in text(room.get(matter))
    phone.upload()
    assert "A photo is on its way" not in text(room.get(matter))
    page = text(room.get("/desk/devices/files"))
    assert "on its way" not in page
    assert "1 file could not be read" in page


def test_others_see_no_board(world):
    for name in ("lin", "wang", "chen"):
        them = Client()
        them.force_login(getattr(world.people, name), "django.contrib.auth.backends.ModelBackend")
        for address in ("/desk/devices", "/desk/devices/returned", "/desk/devices/files",
                        "/desk/devices.xlsx"):  # fmt: skip
            assert them.get(address).status_code == 403
