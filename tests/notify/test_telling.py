"""Messages are written with what they tell of, once, in one statement."""

from uuid import uuid4

import pytest
from django.db import transaction

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.notify.actions import open_message, read_about, read_all, tidy
from maplebridge.notify.models import Channel, Delivery, Message, Preference
from maplebridge.notify.queries import address_of, messages_of, unread_count
from maplebridge.notify.rules import KEPT_DAYS, Wish
from tests.matters.conftest import World
from tests.notify.conftest import KEY, MONDAY, NUMBER
from tests.org.builders import build_town


def test_telling_many_is_one_statement_and_nobody_none(office, django_assert_num_queries):
    office.choose("wang", dingtalk=KEY, mail="wang@example.cn")
    with django_assert_num_queries(1):
        assert office.tell("wang", "sun", "zhao") == 3
    with django_assert_num_queries(0):
        assert office.tell() == 0
    assert Delivery.objects.count() == 2


def test_the_same_source_tells_once(office):
    office.choose("wang", dingtalk=KEY)
    source = uuid4()
    assert office.tell("wang", source=source) == 1
    assert office.tell("wang", "sun", source=source) == 1
    assert Message.objects.count() == 2
    assert Delivery.objects.count() == 1


def test_what_is_undone_was_never_told(office):
    with transaction.atomic():
        assert office.tell("wang") == 1
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("kind", "urgent", "goes_out"),
    [("dispatch", False, True), ("escalate", False, False), ("escalate", True, True), ("alert", True, True)],
)  # fmt: skip
def test_a_group_switched_off_stays_inside_but_never_an_alarm(office, kind, urgent, goes_out):
    office.choose("wang", Wish(late="off"), dingtalk=KEY)
    office.tell("wang", kind=kind, urgent=urgent)
    assert Message.objects.count() == 1
    assert Delivery.objects.exists() is goes_out


def test_addresses_are_encrypted_and_bound_to_their_row(office):
    office.choose("wang", mail="wang@example.cn")
    channel = Channel.objects.get()
    assert b"wang" not in bytes(channel.address)
    assert address_of(channel) == "wang@example.cn"


def test_choosing_keeps_corrects_switches_off_and_forgets(office):
    office.choose("wang", dingtalk=f"https://oapi.dingtalk.com/robot/send?access_token={KEY}")
    channel = Channel.objects.get()
    assert address_of(channel) == KEY
    office.tell("wang")
    Delivery.objects.update(state="given_up", tries=12)
    office.choose("wang", dingtalk=KEY + "ff")
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.state, delivery.tries) == (channel, "waiting", 0)
    office.choose("wang", dingtalk="")
    assert not Channel.objects.exists()
    with pytest.raises(InvalidInput):
        office.choose("wang", dingtalk="https://elsewhere.example/")


def test_reading_is_the_readers_own(office):
    office.tell("wang", "sun")
    wang, sun = office.people.wang.id, office.people.sun.id
    mine = Message.objects.get(person_id=wang)
    with pytest.raises(NotFound):
        open_message(sun, mine.id)
    assert (unread_count(wang), unread_count(sun)) == (1, 1)
    open_message(wang, mine.id)
    assert (unread_count(wang), unread_count(sun)) == (0, 1)
    assert read_about(sun, NUMBER) == 1


def test_reading_all_leaves_what_came_meanwhile(office):
    office.tell("wang")
    upto = Message.objects.get().id
    office.tell("wang")
    assert read_all(office.people.wang.id, upto) == 1
    assert unread_count(office.people.wang.id) == 1


def test_the_list_pages_unread_first(office, django_assert_num_queries):
    for n in range(120):
        office.tell("wang", number=f"N-{n}")
    Message.objects.filter(number__endswith="5").update(read=True)
    found, after = [], ""
    with django_assert_num_queries(3):
        while True:
            page, after = messages_of(office.people.wang.id, after)
            found += page
            if not after:
                break
    assert len({m.id for m in found}) == 120
    assert [m.read for m in found] == [False] * 108 + [True] * 12
    assert messages_of(office.people.wang.id, "x.y")[0][0] == found[0]


def test_messages_and_addresses_have_their_time(office):
    from datetime import timedelta

    office.choose("wang", mail="wang@example.cn")
    office.tell("wang")
    office.tell("wang", at=MONDAY + timedelta(days=KEPT_DAYS))
    assert tidy(MONDAY + timedelta(days=KEPT_DAYS, hours=1)) == 1
    office.people.wang.is_active = False
    office.people.wang.save()
    tidy(MONDAY)
    assert not Channel.objects.exists()
    assert not Preference.objects.exists()


@pytest.fixture
def world(db):
    return World(**vars(build_town()))


def test_a_step_tells_those_of_the_table_but_not_who_acted(world, django_assert_num_queries):
    matter = world.in_status("dispatched")
    told = Message.objects.filter(kind="dispatch")
    assert {m.person.username for m in told} == {"wang", "sun"}
    assert {(m.number, m.category) for m in told} == {(matter.number, "E02")}
    command = uuid4()
    for _ in range(2):
        world.step(matter, "return_back", "wang", reason_code="not_ours", reason="不属于",
                   basis="条例", belongs_to="enforcement", command_id=command)  # fmt: skip
    assert [m.person.username for m in Message.objects.filter(kind="return_back")] == ["li"]


def test_no_word_of_a_person_is_in_a_message(world):
    matter = world.report(
        text="方某家门口有人闹事", contact={"name": "方某", "phone": "13800000000"}
    ).matter
    world.step(matter, "dispatch", "li", category="E02", lead="sanitation", note="找方某")
    for message in Message.objects.values():
        assert "方某" not in str(message)
        assert "13800000000" not in str(message)


def test_an_alarm_tells_who_is_there_to_act(world):
    world.step(world.report().matter, "mark_urgent", "lin", urgency="fire")
    told = Message.objects.filter(kind="alert")
    assert told.exists()
    assert all(m.urgent for m in told)
