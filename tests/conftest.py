"""Every test runs on a real PostgreSQL (see settings_test) and reaches this machine only."""

import ipaddress
import os
import socket
import time
from typing import Any

import pytest
import pytest_django
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from maplebridge.org.queries import lookups
from tests import databases
from tests.browser import chromium, people, playwright, server, site, town  # noqa: F401  fixtures

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first, so that no worker is left alone with them at the end."""
    long = {item.path for item in items if {"browser", "long"} & {*item.keywords}}
    items.sort(key=lambda item: item.path not in long)


TransactionTestCase._fixture_teardown = lambda _case: databases.empty_tables()


_store = client.store_rendered_templates


def _store_the_page(store: dict[str, Any], *args: Any, **kwargs: Any) -> None:
    """The context of the page, not again of each part it includes: copying those takes long."""
    if "context" not in store:
        _store(store, *args, **kwargs)


client.store_rendered_templates = _store_the_page


@pytest.fixture(autouse=True)
def _begin_in_the_language_of_the_house() -> None:
    """A page asked for in English leaves its thread in English, and the next test with it."""
    translation.activate(settings.LANGUAGE_CODE)


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


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """A worker's database begins as a copy of one that is migrated."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = databases.migrated()


@pytest.fixture(scope="session", autouse=True)
def _drop_databases_of_killed_runs() -> None:
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
        databases.drop_those_of_killed_runs()
