"""What many tests begin with is built once in each process; its rows are kept and put back.

Building a town through the models and acts takes a fifth of a second, putting its rows back a
fiftieth of that. The tests of those models and acts call them themselves.
"""

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.translation import get_language
from psycopg import sql

from maplebridge.org.queries import forget_directory

T = TypeVar("T")
# What the migrations filled: a test begins with it and never keeps it.
MIGRATED = {"django_migrations", "django_content_type", "auth_permission", "org_directorystamp"}
_kept: dict[tuple[str, str | None], tuple[bytes, int, list[tuple[sql.Composed, bytes]]]] = {}


def kept(name: str, build: Callable[[], T]) -> T:
    """Return what `build` returned when it first ran here, its rows in the database again.

    Titles it takes from our words are of the language it runs in. Where other rows were there
    before it, nothing is kept.
    """
    key = (name, get_language())
    if key in _kept:
        return _put_back(*_kept[key])
    with connection.cursor() as cursor:
        empty = not filled_tables(cursor)
    built = build()
    if not empty:
        return built
    with connection.cursor() as cursor:
        rows = [(_table(t, "FROM STDIN"), _read(cursor, t)) for t in filled_tables(cursor)]
        cursor.execute("SELECT number FROM org_directorystamp WHERE id = 1")
        _kept[key] = (pickle.dumps(built), cursor.fetchone()[0], rows)
    return built


def filled_tables(cursor: Any) -> list[str]:
    """Names of the tables that hold rows beside what the migrations filled."""
    names = sorted(set(connection.introspection.table_names(cursor)) - MIGRATED)
    found = " UNION ALL ".join(f"SELECT '{n}' WHERE EXISTS (SELECT FROM {n})" for n in names)
    cursor.execute(found)
    return [name for (name,) in cursor.fetchall()]


def _table(name: str, way: str) -> sql.Composed:
    return sql.SQL("COPY {} " + way).format(sql.Identifier(name))


def _read(cursor: Any, name: str) -> bytes:
    with cursor.copy(_table(name, "TO STDOUT")) as copy:
        return b"".join(copy)


def _put_back(built: bytes, stamp: int, rows: list[tuple[sql.Composed, bytes]]) -> Any:
    # Triggers rest: keys fit as they did, events stay as chained, and the stamp that stood for
    # these rows stands for them again, so that a directory in memory needn't be read anew.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement, data in rows:
            with cursor.copy(statement) as copy:
                copy.write(data)
        cursor.execute("UPDATE org_directorystamp SET number = %s WHERE id = 1", [stamp])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    forget_directory()
    cache.clear()  # some of it goes by the stamp and holds more than that stands for
    return pickle.loads(built)
