"""Real threads on real PostgreSQL: two workers send each message once, and telling never waits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest
from django.db import connection

from maplebridge.notify import channels
from maplebridge.notify.actions import deliver_due
from maplebridge.notify.models import Delivery
from tests.notify.conftest import KEY, MONDAY, Office
from tests.org.builders import build_town

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db):
    return Office(**vars(build_town()))


def test_four_workers_send_each_message_once(office, robots):
    names = ("wang", "sun", "zhou", "li", "zhao", "chen")
    for name in names:
        office.choose(name, dingtalk=KEY, feishu=KEY, wecom=KEY)
    for n in range(5):
        office.tell(*names, number=f"N-{n}")
    start = Barrier(4)

    def work(_index):
        start.wait()
        try:
            return deliver_due(MONDAY)["messages_sent"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 5 * 3 * len(names)
    assert len(robots.got) == 3 * len(names)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_people_are_told_while_a_channel_hangs(office, robots, request):
    before, channels.TIMEOUTS = channels.TIMEOUTS, (5, 5)
    request.addfinalizer(lambda: setattr(channels, "TIMEOUTS", before))
    office.choose("wang", dingtalk=KEY)
    office.tell("wang")
    robots.says = "slow"
    done = Event()

    def work():
        try:
            deliver_due(MONDAY)
        finally:
            done.set()
            connection.close()

    worker = Thread(target=work)
    worker.start()
    while not done.is_set():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND state = 'idle in transaction'"
            )
            if cursor.fetchone()[0]:
                break
    assert office.tell("wang") == 1
    assert not done.is_set()
    worker.join()
    assert Delivery.objects.count() == 2


def test_a_worker_that_dies_sends_again(office, robots):
    from django.db import transaction

    office.choose("wang", dingtalk=KEY)
    office.tell("wang")
    with transaction.atomic():
        deliver_due(MONDAY)
        transaction.set_rollback(True)
    assert deliver_due(MONDAY)["messages_sent"] == 1
    assert len(robots.got) == 2
