"""Every test runs on a real PostgreSQL (see settings_test) and reaches this machine only."""

import ipaddress
import os
import socket
import time
from typing import Any

import psutil
import psycopg
import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from maplebridge.org.queries import lookups
from tests.browser import chromium, people, playwright, server, site, town  # noqa: F401  fixtures
from tests.kept import filled_tables

_connect = socket.socket.connect


def _connect_here(self: socket.socket, address: Any) -> None:
    """Refuse any address but loopback and sockets in the file system."""
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = str(address[0])
        if (
            host != "localhost"
            and not ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
        ):
            pytest.fail(f"A test tried to reach {host}; tests reach this machine only.")
    _connect(self, address)


socket.socket.connect = _connect_here  # type: ignore[method-assign]


def _delete_rows(_case: TransactionTestCase) -> None:
    """Empty the tables after a test that committed.

    Django truncates all of them, which makes hundreds of files anew for a few rows. Triggers rest:
    the append-only ones would refuse, and the stamp says that the directory is another.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in filled_tables(cursor):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        cursor.execute("UPDATE org_directorystamp SET number = nextval('org_directory_number')")


TransactionTestCase._fixture_teardown = _delete_rows  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _count_without_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory looks at its stamp once a second: a count of queries must not depend on when."""
    enter, leave = CaptureQueriesContext.__enter__, CaptureQueriesContext.__exit__

    def begin(self: CaptureQueriesContext) -> Any:
        lookups.directory()
        lookups._checked = time.monotonic() + 3600
        return enter(self)

    def end(self: CaptureQueriesContext, *args: Any) -> None:
        leave(self, *args)
        lookups.forget_directory()

    monkeypatch.setattr(CaptureQueriesContext, "__enter__", begin)
    monkeypatch.setattr(CaptureQueriesContext, "__exit__", end)


@pytest.fixture(scope="session", autouse=True)
def _drop_databases_of_killed_runs() -> None:
    """Databases are named after the run's process; one whose process is gone goes too."""
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
        return
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        rows = connection.execute(
            r"SELECT datname FROM pg_database WHERE datname ~ '^test_\d+(_\w+)?$'"
        ).fetchall()
        for (name,) in rows:
            if not psutil.pid_exists(int(name.split("_")[1])):
                query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(query.format(sql.Identifier(name)))
