"""The databases of a test run: copied from one that is migrated, emptied, dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psutil
import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from tests.kept import filled_tables

ROOT = Path(__file__).resolve().parent.parent
LOCK = 7_202_611  # whoever holds it makes the migrated database


def migrated() -> str:
    """The name of a database that holds what the migrations make, and nobody is connected to.

    It stays for later runs, until a migration or a locked version is another.
    """
    files = [ROOT / "requirements/base.txt", *sorted(ROOT.glob("maplebridge/*/migrations/*.py"))]
    name = f"migrated_{sha256(b''.join(f.read_bytes() for f in files)).hexdigest()[:12]}"
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        others = _names(server, r"^migrated_(?!" + name.removeprefix("migrated_") + ")")
        if _names(server, f"^{name}$"):
            return name
        for other in others:
            _drop(server, other)
        _execute(server, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", "migrated_soon")
        with _connected_to("migrated_soon"):
            call_command("migrate", interactive=False, verbosity=0)
        _execute(server, "ALTER DATABASE {} RENAME TO {}", "migrated_soon", name)
    return name


def drop_those_of_killed_runs() -> None:
    """Databases are named after the run's process; one whose process is gone goes too."""
    with _server() as server:
        for name in _names(server, r"^test_\d+(_.*)?$"):
            if not psutil.pid_exists(int(name.split("_")[1])):
                _drop(server, name)


def empty_tables() -> None:
    """Leave what the migrations made.

    Django would truncate every table, which makes hundreds of files anew for a few rows. Triggers
    rest: the append-only ones would refuse. The stamp says that the directory is another.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in filled_tables(cursor):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        cursor.execute("UPDATE org_directorystamp SET number = nextval('org_directory_number')")


def _server() -> "psycopg.Connection[tuple[str]]":
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _execute(server: "psycopg.Connection[tuple[str]]", query: str, *names: str) -> None:
    server.execute(sql.SQL(query).format(*map(sql.Identifier, names)))


def _names(server: "psycopg.Connection[tuple[str]]", pattern: str) -> list[str]:
    query = "SELECT datname FROM pg_database WHERE datname ~ %s"
    return [name for (name,) in server.execute(query, [pattern]).fetchall()]


def _drop(server: "psycopg.Connection[tuple[str]]", name: str) -> None:
    _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Let Django's connection be one to another database for a while."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
