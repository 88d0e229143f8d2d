"""Administrators at the same moment: real threads against real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.org.actions import change, open_account
from maplebridge.org.lists import LISTS, fingerprint
from maplebridge.org.models import Change, Duty, Person, Post, Shift
from maplebridge.org.queries import actor_for
from tests.org.builders import build_town
from tests.org.test_changes import MONDAY, NOW, at

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
TOGETHER = 8


@pytest.fixture
def town(transactional_db):
    town = build_town()
    Post.objects.create(
        person=town.people.wu, kind="administrator", title="系统管理员", unit=town.units.command
    )
    town.keeper = actor_for(town.people.wu, NOW)
    return town


def together(act):
    start = Barrier(TOGETHER)

    def press(index):
        start.wait()
        try:
            return act(index)
        except (Conflict, InvalidInput) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(press, range(TOGETHER)))


def keep(town, name, row, values, **more):
    given = {"actor": town.keeper, "reason": "并发", "command_id": uuid4(), "at": NOW} | more
    return change(name, row.pk if row else None, values, **given)


def test_the_same_command_eight_times_opens_one_row(town):
    duty, command = Duty.objects.get(category__code="E01"), uuid4()
    done = together(
        lambda _i: keep(
            town, "duty", duty, {"handle": "3wd"}, valid_from=MONDAY, command_id=command
        )
    )
    assert len({row.pk for row in done}) == 1
    assert Duty.objects.filter(category__code="E01").count() == 2
    assert Change.objects.count() == 1


def test_eight_editors_of_one_entry_leave_one_change(town):
    duty = Duty.objects.get(category__code="E01")
    seen = fingerprint(LISTS["duty"], duty)
    done = together(
        lambda i: keep(town, "duty", duty, {"handle": f"{i + 2}wd"}, valid_from=MONDAY, seen=seen)
    )
    assert sum(isinstance(d, Duty) for d in done) == 1
    assert sum(isinstance(d, Conflict) for d in done) == TOGETHER - 1
    assert Duty.objects.filter(category__code="E01").count() == 2


def test_eight_shifts_of_one_post_at_one_time_are_one(town):
    post = Post.objects.get(person=town.people.li)
    done = together(
        lambda i: keep(
            town, "shift", None,
            {"post": post, "starts_at": at(MONDAY, 8) + timedelta(minutes=i), "ends_at": at(MONDAY, 20)},
        )
    )  # fmt: skip
    assert sum(isinstance(d, Shift) for d in done) == 1


def test_one_username_is_given_once(town):
    done = together(
        lambda _i: open_account(
            "hu", "胡明", actor=town.keeper, reason="新来", command_id=uuid4(), at=NOW
        )
    )
    assert sum(isinstance(d, tuple) for d in done) == 1
    assert Person.objects.filter(username="hu").count() == 1
