"""Time passes by itself beside a server: one ticker, another when it dies, none that is left over."""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import quote

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from maplebridge.config.ticker import LOCK
from maplebridge.notify.models import Delivery
from maplebridge.notify.rules import Wish
from tests.notify.conftest import KEY, Office
from tests.notify.outside import Robots, served
from tests.org.builders import build_town

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db):
    return Office(**vars(build_town()))


@pytest.fixture
def robots():
    yield from served(Robots())


@pytest.fixture
def start():
    """start("tick", "--keep-on", NAME=value): the command line on the test's database."""
    facts, running = connection.settings_dict, []
    url = f"postgresql://{facts['USER']}@{quote(facts['HOST'], safe='')}/{facts['NAME']}"

    def command(*args, **extra):
        env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "maplebridge.config.settings_test"} | extra  # fmt: skip
        running.append(subprocess.Popen([sys.executable, "-m", "maplebridge", *args], env=env))
        return running[-1]

    yield command
    for process in running:
        for one in [*_family(process.pid), process]:
            one.kill()
        process.wait()


def _family(pid):
    return psutil.Process(pid).children(recursive=True) if psutil.pid_exists(pid) else []


def holders():
    """Ids of the database sessions that hold the ticker's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database "
            "WHERE locktype = 'advisory' AND objid = %s AND granted "
            "AND d.datname = current_database()",
            [LOCK],
        )
        return [pid for (pid,) in cursor.fetchall()]


def wait_for(condition):
    for _ in range(600):
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(condition)


def test_two_tickers_are_one_and_the_other_takes_over(office, robots, start):
    never_quiet = Wish(quiet_from=Wish().quiet_to)
    office.choose("wang", never_quiet, dingtalk=KEY)
    office.tell("wang", at=timezone.now())
    first = start("tick", "--keep-on", MAPLEBRIDGE_DINGTALK=robots.url)
    holder = wait_for(holders)
    second = start("tick", "--keep-on", MAPLEBRIDGE_DINGTALK=robots.url)
    wait_for(lambda: Delivery.objects.filter(state="sent").exists())
    assert holders() == holder
    first.kill()
    wait_for(lambda: set(holders()) - set(holder))
    second.terminate()
    assert second.wait(60) == 0
    assert len(robots.got) == 1


def test_serve_ticks_and_its_ticker_ends_with_it(office, start):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    site = start("serve", "--port", port, "--workers", "1")
    wait_for(holders)
    site.terminate()
    site.wait(60)
    wait_for(lambda: not holders())
    site = start("serve", "--port", port, "--workers", "1")
    wait_for(holders)
    family = _family(site.pid)
    site.kill()
    site.wait()
    wait_for(lambda: not holders())
    for left in family:  # Granian's own worker
        if left.is_running():
            left.kill()


def test_serve_without_tick_leaves_time_alone(office, start):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = start("serve", "--port", str(port), "--workers", "1", "--no-tick")

    def answers():
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            return None

    wait_for(answers).close()
    assert not any("--keep-on" in p.cmdline() for p in _family(site.pid))
    assert holders() == []
