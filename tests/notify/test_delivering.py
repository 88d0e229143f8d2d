"""Out of the house: real HTTP, real SMTP, failures on demand."""

import base64
import email
import email.policy
import hmac
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from maplebridge.kernel.errors import NotFound
from maplebridge.notify import channels
from maplebridge.notify.actions import choose, deliver_due, retry, send_test
from maplebridge.notify.models import Channel, Delivery
from maplebridge.notify.queries import failing_channels, stuck_since
from maplebridge.notify.rules import MAX_TRIES, Wish
from maplebridge.org.queries import actor_for
from tests.notify.conftest import AT_ONCE, KEY, MONDAY, NUMBER

NIGHT = MONDAY + timedelta(hours=13)  # 22:00 in Shanghai
MORNING = MONDAY + timedelta(hours=22, minutes=30)  # 07:30
ROBOTS = ("dingtalk", "wecom", "feishu")


def deliver(now=MONDAY, spread=0.5):
    return deliver_due(now, spread=lambda: spread)


@pytest.mark.parametrize(
    ("kind", "path"),
    [("dingtalk", f"/?access_token={KEY}"), ("wecom", f"/?key={KEY}"), ("feishu", f"/{KEY}")],
)
def test_a_robot_says_word_number_category_and_address_only(office, robots, settings, kind, path):
    settings.PUBLIC_URL = "https://maple.example"
    office.choose("wang", **{kind: KEY})
    office.tell("wang")
    assert deliver()["messages_sent"] == 1
    category = "E02"
    from maplebridge.org.queries import directory

    label = directory().category(category).label
    text = f"Maplebridge: Dispatch {NUMBER} {label}\nhttps://maple.example/desk/matters/{NUMBER}"
    assert robots.got[0][1] == text
    assert robots.got[0][0].replace("//", "/") == path
    assert deliver()["messages_sent"] == 0


def test_a_signed_robot_of_dingtalk_takes_the_signature(office, robots):
    secret = "SEC" + "0a1b2c3d" * 8
    office.choose(
        "wang", dingtalk=f"https://oapi.dingtalk.com/robot/send?access_token={KEY} {secret}"
    )
    office.tell("wang")
    assert deliver()["messages_sent"] == 1
    asked = {k: v[0] for k, v in parse_qs(urlsplit(robots.got[0][0]).query).items()}
    signed = hmac.digest(secret.encode(), f"{asked['timestamp']}\n{secret}".encode(), "sha256")
    assert asked["access_token"] == KEY
    assert base64.b64decode(asked["sign"]) == signed


def test_mail_says_the_same(office, mail):
    office.choose("wang", mail="wang@example.cn")
    office.tell("wang")
    assert deliver()["messages_sent"] == 1
    sent = email.message_from_bytes(mail.got[0], policy=email.policy.default)
    assert sent["To"] == "wang@example.cn"
    assert sent["Subject"].startswith(f"Maplebridge: Dispatch {NUMBER}")
    assert f"/desk/matters/{NUMBER}" in sent.get_content()


def test_several_go_as_one_text(office, robots):
    office.choose("wang", dingtalk=KEY)
    for n in range(13):
        office.tell("wang", number=f"N-{n:02}")
    assert deliver()["messages_sent"] == 13
    (text,) = robots.texts()
    assert text.startswith("Maplebridge: 13 messages\n")
    assert "and 3 more" in text
    assert text.endswith("/desk/messages")
    for n in range(5):
        office.tell("wang", number=f"M-{n}", at=MONDAY + timedelta(minutes=1))
    assert deliver(MONDAY + timedelta(minutes=1))["messages_sent"] == 0
    assert deliver(MONDAY + timedelta(minutes=5))["messages_sent"] == 5
    assert len(robots.got) == 2


def test_the_night_is_quiet_save_for_alarms(office, robots):
    office.choose("wang", dingtalk=KEY)
    for n in range(3):
        office.tell("wang", at=NIGHT, number=f"N-{n}")
    assert deliver(NIGHT)["messages_sent"] == 0
    office.tell("wang", kind="alert", urgent=True, at=NIGHT, number="A-1")
    assert deliver(NIGHT)["messages_sent"] == 1
    assert "Alarm A-1" in robots.texts()[0]
    assert deliver(MORNING - timedelta(minutes=1))["messages_sent"] == 0
    assert deliver(MORNING)["messages_sent"] == 3
    assert robots.texts()[1].startswith("Maplebridge: 3 messages")


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize(
    ("says", "failure", "detail"),
    [
        (500, "broken", "500"), (503, "broken", "503"), (429, "busy", "429"), (404, "rejected", "404"),
        (302, "rejected", "302"), (310000, "rejected", "310000"), (130101, "busy", "130101"),
        ("page", "broken", "no answer"), ("slow", "timeout", ""), ("gone", "unreachable", ""),
    ],
)  # fmt: skip
def test_every_failure_is_known_for_what_it_is(
    robots, settings, kind, says, failure, detail, request
):
    if says == "slow":
        before, channels.TIMEOUTS = channels.TIMEOUTS, (1, 0.3)
        request.addfinalizer(lambda: setattr(channels, "TIMEOUTS", before))
    if says == "gone":
        settings.ROBOTS = dict.fromkeys(ROBOTS, "http://127.0.0.1:1")
    robots.says = says
    with pytest.raises(channels.NotSent) as caught:
        channels.send(kind, KEY, "x", "y")
    assert (caught.value.failure, caught.value.detail) == (failure, detail)
    assert robots.got == []


@pytest.mark.parametrize(
    ("says", "failure", "detail"),
    [("550 unknown", "rejected", "550"), ("451 later", "rejected", "451")],
)
def test_a_mail_server_that_refuses(mail, says, failure, detail):
    mail.says = says
    with pytest.raises(channels.NotSent) as caught:
        channels.send("mail", "wang@example.cn", "x", "y")
    assert (caught.value.failure, caught.value.detail) == (failure, detail)


@pytest.mark.parametrize(("host", "failure"), [("", "unset"), ("127.0.0.1", "unreachable")])
def test_no_mail_server(settings, host, failure):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, 1
    with pytest.raises(channels.NotSent) as caught:
        channels.send("mail", "wang@example.cn", "x", "y")
    assert caught.value.failure == failure


def test_a_failing_channel_is_tried_later_and_loses_nothing(office, robots):
    office.choose("wang", dingtalk=KEY)
    office.tell("wang", number="N-1")
    robots.says = 500
    assert deliver()["messages_failed"] == 1
    assert deliver()["messages_failed"] == 0
    office.tell("wang", number="N-2", at=MONDAY)  # waits with the channel, not against it
    assert deliver()["messages_failed"] == 0
    later = MONDAY + timedelta(minutes=2)
    assert deliver(later)["messages_failed"] == 2
    channel = Channel.objects.get()
    assert (channel.failing_since, channel.failures, channel.failure) == (MONDAY, 2, "broken")
    robots.says = "ok"
    assert deliver(later + timedelta(minutes=5))["messages_sent"] == 2
    channel.refresh_from_db()
    assert (channel.failing_since, channel.failures, channel.failure) == (None, 0, "")
    assert {"N-1", "N-2"} <= set(robots.texts()[0].split())


def test_an_alarm_does_not_wait_for_a_failing_channel(office, robots):
    office.choose("wang", dingtalk=KEY)
    office.tell("wang")
    robots.says = 500
    deliver()
    robots.says = "ok"
    office.tell("wang", kind="alert", urgent=True, number="A-1")
    assert deliver()["messages_sent"] == 1
    assert deliver()["messages_sent"] == 0
    assert deliver(MONDAY + timedelta(minutes=5))["messages_sent"] == 1


def test_given_up_is_visible_and_can_be_tried_again(office, robots):
    office.choose("wang", Wish(quiet_from=AT_ONCE.quiet_to), dingtalk=KEY)
    office.tell("wang")
    robots.says = 310000
    now, tries = MONDAY, 0
    while Delivery.objects.get().state == "waiting":
        tries += sum(deliver(now).values())
        now += timedelta(hours=5)
    assert tries == MAX_TRIES
    li, zhao, wang = (actor_for(getattr(office.people, n), MONDAY) for n in ("li", "zhao", "wang"))
    for actor in (li, zhao):
        (row,) = failing_channels(actor)
        assert (row.given_up, row.waiting, row.since) == (1, 0, MONDAY)
    assert failing_channels(wang) == []
    robots.says = "ok"
    with pytest.raises(NotFound):
        retry(actor_for(office.people.zhou, MONDAY), row.channel.id, now)
    assert retry(li, row.channel.id, now) == 1
    assert deliver(now)["messages_sent"] == 1
    assert failing_channels(li) == []


def test_one_bad_channel_does_not_hold_up_the_others(office, robots, settings):
    settings.ROBOTS = settings.ROBOTS | {"wecom": "http://127.0.0.1:1"}
    office.choose("wang", wecom=KEY, feishu=KEY)
    office.choose("sun", dingtalk=KEY)
    office.tell("wang", "sun")
    counts = deliver()
    assert (counts["messages_sent"], counts["messages_failed"]) == (2, 1)


def test_a_test_text_says_plainly_what_happened(office, robots):
    office.choose("wang", dingtalk=KEY)
    wang = office.people.wang.id
    assert send_test(wang, "dingtalk", MONDAY) == ""
    assert "test" in robots.texts()[0]
    robots.says = 310000
    assert "310000" in send_test(wang, "dingtalk", MONDAY)
    with pytest.raises(NotFound):
        send_test(wang, "mail", MONDAY)


def test_another_vault_key_is_told_not_hidden(office, robots, settings):
    office.choose("wang", dingtalk=KEY)
    office.tell("wang")
    settings.VAULT_KEY = "11" * 32
    assert deliver()["messages_failed"] == 1
    assert Channel.objects.get().failure == "unreadable"
    office.choose("wang", dingtalk=KEY)
    assert deliver(MONDAY)["messages_sent"] == 1


def test_off_and_gone_people_get_nothing(office, robots):
    office.choose("wang", dingtalk=KEY)
    office.tell("wang")
    choose(office.people.wang.id, AT_ONCE, {"dingtalk": (False, KEY)}, now=MONDAY)
    assert not Delivery.objects.exists()
    office.choose("sun", dingtalk=KEY)
    office.tell("sun")
    office.people.sun.is_active = False
    office.people.sun.save()
    assert sum(deliver().values()) == 0


def test_a_sender_that_does_not_run_shows(office):
    office.choose("wang", dingtalk=KEY)
    office.tell("wang")
    assert stuck_since(MONDAY + timedelta(minutes=5)) is None
    assert stuck_since(MONDAY + timedelta(hours=1)) == MONDAY
