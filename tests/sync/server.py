"""A server of its own on a database of its own, which can be set back to an earlier state."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import psycopg
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from psycopg import sql

from tests.matters.conftest import World
from tests.org.builders import build_town
from tests.sync.phone import Offline

CLOSE = "/close-connections"


def admin():
    """A connection from which databases are made and dropped."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def copy_database(source, target):
    """Make `target` a copy of `source`, which nobody may be connected to."""
    with admin() as db:
        db.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target))
        )
        # The browser tests' server may hold a connection open; it takes another when it needs one.
        db.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [source],
        )
        db.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )


@contextmanager
def own_database(suffix="phones"):
    """The test runs on a copy of the test database; gives its name."""
    facts = connection.settings_dict
    original = facts["NAME"]
    name = f"{original}_{suffix}"
    connections.close_all()
    copy_database(original, name)
    facts["NAME"] = name
    try:
        yield name
    finally:
        connections.close_all()
        facts["NAME"] = original
        with admin() as db:
            for each in (name, f"{name}_backup"):
                db.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(each))
                )


@contextmanager
def own_town(suffix="phones"):
    """A town on a database of its own: (World, name of the database)."""
    with own_database(suffix) as name:
        world = World(**vars(build_town()))
        with connection.cursor() as cursor:  # rows that were put back took no numbers
            for table in connection.introspection.table_names(cursor):
                for row in connection.introspection.get_sequences(cursor, table):
                    cursor.execute(
                        sql.SQL("SELECT setval(%s, greatest(max({}), 1)) FROM {}").format(
                            sql.Identifier(row["column"]), sql.Identifier(table)
                        ),
                        [row["name"]],
                    )
        yield world, name


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        pass


class _Server(WSGIServer):
    request_queue_size = 64

    def handle_error(self, *_args):
        pass  # a client that went away


class _Threads(ThreadingMixIn, _Server):
    daemon_threads = True


class Server:
    """Django behind a real socket, in a thread of this process."""

    def __init__(self, *, threads=False):
        kind = _Threads if threads else _Server
        self._server = kind(("127.0.0.1", 0), _Quiet)
        self._server.set_app(self._app)
        self._django = WSGIHandler()
        self.address = self._server.server_address[:2]
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True)
        self._thread.start()

    def _app(self, environ, start_response):
        if environ["PATH_INFO"] == CLOSE:
            connections.close_all()
            start_response("204 No Content", [])
            return []
        return self._django(environ, start_response)

    def let_go(self):
        """Close the server's connection to the database."""
        request(self.address, "POST", CLOSE, b"", {})

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def request(address, method, path, body, headers, timeout=30):
    """One request over a real connection; Offline when there is no whole answer."""
    client = HTTPConnection(*address, timeout=timeout)
    try:
        client.request(method, path, body, {"Connection": "close", **headers})
        answer = client.getresponse()
        content = answer.read()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content
    except (OSError, HTTPException) as error:
        raise Offline(str(error)) from error
    finally:
        client.close()


def carry_to(address):
    """How a phone's requests reach an address."""
    return lambda method, path, body, headers: request(address, method, path, body, headers)


def environment(**more):
    """The environment in which a program of ours works on the present database."""
    url = urlsplit(os.environ["DATABASE_URL"])
    url = url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "maplebridge.config.settings",
        "MAPLEBRIDGE_SECRET_KEY": settings.SECRET_KEY, "MAPLEBRIDGE_VAULT_KEY": settings.VAULT_KEY,
        "MAPLEBRIDGE_HOSTS": "127.0.0.1", "MAPLEBRIDGE_THROTTLE": "off",
        "MAPLEBRIDGE_DATA": str(settings.MEDIA_ROOT), **more,
    }  # fmt: skip


@contextmanager
def process(port, *, workers=1, program="", env=None):
    """The real server on the present database as a process of its own, or a `program` that serves
    the application in its own way."""
    server = [
        "-m", "granian", "maplebridge.config.wsgi:application", "--interface", "wsgi",
        "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "4", "--no-log",
    ]  # fmt: skip
    command = [sys.executable, *(["-c", program, str(port)] if program else server)]
    running = subprocess.Popen(command, env=environment(**(env or {})), start_new_session=True)
    try:
        _wait_for(port, running)
        yield running
    finally:
        if running.poll() is None:
            running.terminate()
            running.wait(30)


def _wait_for(port, running):
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        try:
            if request(("127.0.0.1", port), "GET", "/healthz", None, {}, timeout=5)[0] == 200:
                return
        except Offline:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")
