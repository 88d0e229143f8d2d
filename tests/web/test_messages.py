"""The bell, my messages, how I am told, channels that fail; and that nobody sees what I have read."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from maplebridge.notify.actions import choose, deliver_due
from maplebridge.notify.models import Channel, Delivery, Message
from maplebridge.notify.rules import MAX_TRIES, Wish
from maplebridge.org.models import Post
from tests.notify.conftest import KEY
from tests.notify.outside import Robots, served

CHOSEN = {
    "quiet_from": "22:00", "quiet_to": "06:30", "assigned": "at_once", "decisions": "gathered", "late": "off",
}  # fmt: skip


@pytest.fixture
def robots(settings):
    for server in served(Robots()):
        settings.ROBOTS = dict.fromkeys(("dingtalk", "wecom", "feishu"), server.url)
        yield server


@pytest.fixture
def told(world):
    """A matter dispatched to 王强 and 孙丽."""
    matter = world.report(at=timezone.now()).matter
    world.step(matter, "dispatch", "li", category="E02", lead="sanitation", at=timezone.now())
    return matter


def page(client, name, *args):
    answer = client.get(reverse(f"web:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def bell(client):
    found = re.search(r'class="btn btn-quiet bell".*?</a>', page(client, "list", "open"), re.DOTALL)
    count = re.search(r'class="count">(\d+\+?)', found[0])
    return count[1] if count else ""


def test_the_bell_rings_until_the_matter_is_looked_at(told, desk):
    wang, sun = desk.open_for("wang"), desk.open_for("sun")
    assert (bell(wang), bell(sun), bell(desk.open_for("li"))) == ("1", "1", "")
    assert told.number in page(wang, "messages")
    assert "Dispatch" in page(wang, "messages")
    assert told.title in page(wang, "messages")
    message = Message.objects.get(person__username="wang")
    opened = wang.get(reverse("web:open_message", args=[message.id]))
    assert opened["Location"] == reverse("web:matter", args=[told.number])
    assert (bell(wang), bell(sun)) == ("", "1")
    page(sun, "matter", told.number)
    assert bell(sun) == ""


def test_the_bell_counts_to_ninety_nine(told, desk):
    wang = Message.objects.get(person__username="wang")
    for n in range(120):
        Message.objects.create(person_id=wang.person_id, kind="dispatch", number=f"N-{n}",
                               at=wang.at, source=f"00000000-0000-0000-0000-{n:012}")  # fmt: skip
    client = desk.open_for("wang")
    assert bell(client) == "99+"
    client.post(reverse("web:read_all"), {"upto": str(Message.objects.latest("id").id)})
    assert bell(client) == ""
    assert client.post(reverse("web:read_all"), {"upto": "x"}).status_code == 302


def test_the_bell_costs_one_query(told, desk, django_assert_num_queries):
    from maplebridge.web.context import desk as frame

    request = desk.open_for("wang").get(reverse("web:messages")).wsgi_request
    with django_assert_num_queries(0):
        made = frame(request)["desk"]
    with django_assert_num_queries(1):
        assert [made["unread"]() for _ in range(3)] == [1, 1, 1]


def test_pages_cost_the_same_however_many_messages(told, desk, django_assert_max_num_queries):
    wang, client = Message.objects.get(person__username="wang"), desk.open_for("wang")
    page(client, "messages")
    for count in (2, 40):
        for n in range(count):
            Message.objects.create(person_id=wang.person_id, kind="escalate", number=f"N-{n}", category="E02",
                                   at=wang.at, source=f"00000000-0000-0000-{count:04}-{n:012}")  # fmt: skip
        with django_assert_max_num_queries(8):
            page(client, "messages")


def test_others_messages_are_not_there(told, desk):
    message = Message.objects.get(person__username="wang")
    for name in ("sun", "zhao", "li"):
        answer = desk.open_for(name).get(reverse("web:open_message", args=[message.id]))
        assert answer.status_code == 404
    assert not Message.objects.filter(read=True).exists()


def test_choices_are_kept_and_a_test_says_what_happened(world, desk, robots):
    client = desk.open_for("wang")
    sent = CHOSEN | {
        "dingtalk_on": "on",
        "dingtalk": f"https://oapi.dingtalk.com/robot/send?access_token={KEY}",
    }
    assert client.post(reverse("web:message_settings"), sent).status_code == 302
    shown = page(client, "message_settings")
    assert KEY in shown
    assert 'value="22:00"' in shown
    assert re.search(r'name="late" value="off"[^>]*checked', shown)
    test = reverse("web:test_channel", args=["dingtalk"])
    assert "the test was sent" in client.post(test, follow=True).content.decode()
    robots.says = 310000
    assert "not sent. The server refused" in client.post(test, follow=True).content.decode()
    assert client.post(reverse("web:test_channel", args=["mail"])).status_code == 404
    assert KEY not in page(desk.open_for("zhao"), "message_settings")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"wecom_on": "on"}, "Without an address"),
        ({"wecom_on": "on", "wecom": "https://evil.example/x"}, "not the address of a robot"),
        ({"late": "never"}, "valid choice"),
        ({"quiet_from": "25:00"}, "valid time"),
    ],
)
def test_a_wrong_choice_is_named_and_nothing_kept(world, desk, typed, words):
    answer = desk.open_for("wang").post(reverse("web:message_settings"), CHOSEN | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Channel.objects.exists()


def test_mail_is_offered_where_there_is_a_server(world, desk, settings):
    settings.EMAIL_HOST = ""
    assert 'name="mail"' not in page(desk.open_for("wang"), "message_settings")
    settings.EMAIL_HOST = "127.0.0.1"
    assert 'name="mail"' in page(desk.open_for("wang"), "message_settings")


def test_a_failing_channel_is_shown_without_what_it_should_say(world, told, desk, robots):
    now = timezone.now()
    choose(world.people.wang.id, Wish(), {"dingtalk": (True, KEY)}, now=now)
    other = world.report(at=now).matter
    world.step(other, "dispatch", "li", category="E02", lead="sanitation", at=now)
    robots.says = 500
    for n in range(MAX_TRIES + 8):
        deliver_due(now + timedelta(hours=5 * n))
    assert "has not taken your messages" in page(desk.open_for("wang"), "messages")
    assert "tried again by itself" in page(desk.open_for("wang"), "message_settings")
    Post.objects.create(person=world.people.wu, kind="administrator", title="系统管理员",
                        unit=world.units.command)  # fmt: skip
    assert "王强" in page(desk.open_for("wu"), "message_deliveries")
    zhao = desk.open_for("zhao")
    book = zhao.get(reverse("web:deliveries_book")).getvalue()
    book = list(load_workbook(BytesIO(book)).active.values)
    assert [row[0] for row in book[2:]] == ["王强"]
    assert KEY not in str(book)
    shown = page(zhao, "message_deliveries")
    assert "王强" in shown
    assert "fault of its own (500)" in shown
    for hidden in (other.number, KEY, "Dispatch</"):
        assert hidden not in shown
    assert desk.open_for("wang").get(reverse("web:message_deliveries")).status_code == 403
    assert "dingtalk" not in page(desk.open_for("chen"), "messages").lower()
    zhao.post(reverse("web:retry_channel", args=[Channel.objects.get().id]))
    assert Delivery.objects.get().state == "waiting"


def test_nobody_sees_what_somebody_has_read(world, told, desk):
    """A line we do not cross: no page of others changes when a message is read."""

    def pages_of(name):
        client, found = desk.open_for(name), {}
        for address in (
            "list/open", "messages", "message_settings", "message_deliveries", "matter", "unit", "supervise", "verify", "dispatch",
        ):  # fmt: skip
            view, _slash, arg = address.partition("/")
            args = [told.number] if view == "matter" else [arg] if arg else []
            answer = client.get(reverse(f"web:{view}", args=args))
            text = re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())  # fmt: skip
            text = re.sub(r'since=[^"&]*', "", text)  # the moment of asking
            text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|-[0-9a-f]{6}\b", "", text)
            found[address] = answer.status_code, text
        return found

    others = ("li", "zhao", "chen", "sun")
    before = {name: pages_of(name) for name in others}
    before = {name: pages_of(name) for name in others}  # looking at the matter was their reading
    page(desk.open_for("wang"), "matter", told.number)
    assert Message.objects.get(person__username="wang").read
    after = {name: pages_of(name) for name in others}
    for name, pages in after.items():
        for address, shown in pages.items():
            assert shown == before[name][address], (name, address)


def test_no_time_of_reading_is_kept_and_the_admin_shows_no_messages():
    assert {f.name for f in Message._meta.fields} == {
        "id", "person", "kind", "number", "category", "urgent", "at", "read", "source",
    }  # fmt: skip
    assert not [m for m in admin.site._registry if m._meta.app_label == "notify"]
