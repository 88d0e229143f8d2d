"""The desk's pages of places and visits, over Django's own client."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from maplebridge.fieldwork import actions
from maplebridge.fieldwork.models import Need, Place, Visit
from maplebridge.trust.models import Export
from tests.matters.conftest import MONDAY


@pytest.fixture
def sign_in(door, client):
    def start(name):
        client.force_login(getattr(door.people, name))
        return client

    return start


def soon():
    return timezone.localdate() + timedelta(days=5)


def ask(door, place, **more):
    more = {"kind": "visit", "reason": "asked", "due_on": soon()} | more
    return actions.ask_visit(
        need_id=uuid4(), place=place.id, actor=door.actor("li"), at=timezone.now(), **more
    )


def test_a_place_is_entered_and_mended(door, sign_in):
    client = sign_in("li")
    page = client.get(reverse("fieldwork:new_place", args=["rental"]))
    command = page.context["form"]["command_id"].value()
    lon, lat = door.point
    sent = {"command_id": command, "name": "陈家出租房", "lon": lon, "lat": lat, "head_count": 4}
    answer = client.post(reverse("fieldwork:new_place", args=["rental"]), sent)
    place = Place.objects.get()
    assert answer.url == reverse("fieldwork:place", args=[place.id])
    client.post(reverse("fieldwork:new_place", args=["rental"]), sent)  # pressed twice
    assert Place.objects.count() == 1
    mend = {**sent, "command_id": uuid4(), "head_count": 6, "second_exit": "yes"}
    client.post(reverse("fieldwork:mend_place", args=[place.id]), mend)
    place.refresh_from_db()
    assert place.facts == {"head_count": 6, "second_exit": True}
    shown = client.get(reverse("fieldwork:place", args=[place.id])).content.decode()
    assert "4 → 6" in shown


def test_what_is_wrong_is_said_at_the_field(door, sign_in):
    client = sign_in("li")
    answer = client.post(reverse("fieldwork:new_place", args=["rental"]), {"name": "甲"})
    assert answer.status_code == 422
    sent = {"command_id": uuid4(), "name": "甲", "head_count": -3}
    answer = client.post(reverse("fieldwork:new_place", args=["rental"]), sent)
    assert answer.status_code == 422
    assert "head_count" in answer.context["form"].errors
    sent = {"command_id": uuid4(), "name": "甲"}
    answer = client.post(reverse("fieldwork:new_place", args=["rental"]), sent)
    assert "area" in answer.context["form"].errors
    assert not Place.objects.exists()
    assert client.get(reverse("fieldwork:new_place", args=["person"])).status_code == 404


def test_somebody_is_asked_to_go_and_goes(door, sign_in):
    place = door.keep()
    client = sign_in("li")
    url = f"{reverse('fieldwork:ask')}?place={place.id}"
    sent = {"command_id": uuid4(), "kind": "inspection", "reason": "told", "due_on": soon()}
    assert client.post(url, sent).url == reverse("fieldwork:needs")
    need = Need.objects.get()
    client = sign_in("lin")
    assert need.place.name in client.get(reverse("fieldwork:needs")).content.decode()
    url = f"{reverse('fieldwork:go')}?need={need.id}"
    assert "item_alarm" in client.get(url).context["form"].fields
    sent = {"command_id": uuid4(), "item_alarm": "fault", "item_wires": "ok", "report_faults": "on"}
    assert client.post(url, sent).status_code == 302
    visit = Visit.objects.get()
    assert (visit.need, visit.items) == (need, {"alarm": "fault", "wires": "ok"})
    page = client.get(reverse("fieldwork:place", args=[place.id])).content.decode()
    assert "林青" in page


def test_somebody_is_asked_to_go_from_the_page_of_a_matter(door, sign_in):
    matter = door.report().matter
    page = reverse("web:matter", args=[matter.number])
    url = f"{reverse('fieldwork:ask')}?matter={matter.number}"
    client = sign_in("li")
    assert url in client.get(page).content.decode()
    sent = {"command_id": uuid4(), "kind": "visit", "reason": "told", "due_on": soon()}
    assert client.post(url, sent).url == page
    assert Need.objects.get().matter == matter


def test_a_visit_without_words_is_refused(door, sign_in):
    place = door.keep()
    url = f"{reverse('fieldwork:go')}?place={place.id}"
    answer = sign_in("lin").post(url, {"command_id": uuid4(), "met": "yes", "result": ""})
    assert answer.status_code == 422
    assert "result" in answer.context["form"].errors


def test_nothing_of_another_area_opens(door, sign_in):
    place = door.keep(lon=119.055, lat=27.965, who="li")
    need = ask(door, place)
    visit = door.visit(who="li", place=place.id)
    client = sign_in("lin")
    for url in (
        reverse("fieldwork:place", args=[place.id]),
        reverse("fieldwork:mend_place", args=[place.id]),
        f"{reverse('fieldwork:go')}?need={need.id}",
        f"{reverse('fieldwork:go')}?place={place.id}",
        f"{reverse('fieldwork:ask')}?place={place.id}",
        f"{reverse('fieldwork:ask')}?place=nonsense",
        reverse("fieldwork:ask"),
        reverse("fieldwork:photo", args=[visit.id, "a" * 64]),
    ):
        assert client.get(url).status_code == 404, url
    assert (
        client.post(reverse("fieldwork:drop", args=[need.id]), {"reason": "x"}).status_code == 403
    )
    assert client.post(reverse("fieldwork:close_place", args=[place.id])).status_code == 404


def test_lists_ask_the_same_however_long_they_are(door, sign_in):
    client = sign_in("li")
    counts = []
    for _round in (1, 30):
        for n in range(_round):
            ask(door, door.keep(name=f"房{_round}-{n}"))
        for url in ("fieldwork:needs", "fieldwork:places"):
            client.get(reverse(url))
            with CaptureQueriesContext(connection) as seen:
                client.get(reverse(url))
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_the_list_turns_its_pages(door, sign_in):
    for n in range(52):
        ask(door, door.keep(name=f"房{n}"))
    client = sign_in("li")
    first = client.get(reverse("fieldwork:needs"), {"kind": "visit"})
    assert len(first.context["rows"]) == 50
    second = client.get(reverse("fieldwork:needs") + first.context["older_url"])
    assert len(second.context["rows"]) == 2
    assert client.get(reverse("fieldwork:needs"), {"kind": "inspection"}).context["rows"] == []
    assert client.get(reverse("fieldwork:places"), {"q": "房1", "from": "x"}).status_code == 200


def test_a_place_taken_out_of_use_says_so(door, sign_in):
    place = door.keep(at=MONDAY)
    client = sign_in("lin")
    client.post(reverse("fieldwork:close_place", args=[place.id]))
    assert not client.get(reverse("fieldwork:places")).context["places"]
    assert client.get(reverse("fieldwork:place", args=[place.id])).status_code == 200


def test_visits_and_places_are_taken_out_as_shown_and_it_is_noted(door, sign_in):
    place = door.keep()
    ask(door, place, note="电话 13800001234")
    client = sign_in("li")
    for name, kind, found in (("needs", "visit", 1), ("needs", "inspection", 0), ("places", "", 1)):
        answer = client.get(reverse(f"fieldwork:{name}_book"), {"kind": kind})
        rows = list(load_workbook(BytesIO(answer.content)).active.values)[2:]
        assert len(rows) == found, (name, kind)
        assert found == 0 or place.name in rows[0]
        assert "13800001234" not in str(rows)
    noted = Export.objects.order_by("id").values_list("source", "rows", "fields")
    assert list(noted) == [
        ("fieldwork:needs", 1, []), ("fieldwork:needs", 0, []), ("fieldwork:places", 1, []),
    ]  # fmt: skip
    log = sign_in("zhao").get(reverse("web:exports")).content.decode()
    assert "Visits due" in log or "待走访" in log
