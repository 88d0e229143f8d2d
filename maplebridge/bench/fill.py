"""A scratch database: a township and many matters, made by the database itself."""

import io
import time
from typing import Any

from django.db import connection

from maplebridge.matters.queries.words import RANGES

# A new matter gets the columns of a real one reported before, spread over time, areas and units.
COLUMNS_OF = (
    "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
    "FROM information_schema.columns WHERE table_name = %s AND column_name <> ALL(%s)"
)
TABLES = ("matters_matter", "matters_report", "matters_matterevent", "matters_clock")


def fill(count: int) -> None:
    """Copy the matters there are until there are `count`, each with report, event and clock.

    Copies keep their chain's first event as it was, so this database does not verify; it is for
    measuring only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id), min(id) FROM matters_matter")
        there, top, first = cursor.fetchone()
        missing = count - there
        if missing <= 0:
            return
        cursor.execute("SET session_replication_role = replica")
        for table, own in _SPREAD.items():
            cursor.execute(COLUMNS_OF, [table, list(own)])
            (rest,) = cursor.fetchone()
            joined = "m.id" if table == "matters_matter" else "t.matter_id"
            values = ", ".join(own.values())
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(own)}, {rest}) "  # noqa: S608 — our own names
                f"SELECT {values}, {', '.join('t.' + c for c in rest.split(', '))} "
                f"FROM generate_series(1, %(n)s) AS s(n) "
                f"JOIN {table} t ON {joined.replace('m.', 't.')} = %(first)s + s.n %% %(there)s",
                {"n": missing, "first": first, "there": there, "top": top},
            )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('matters_matter', 'id'), max(id)) "
            "FROM matters_matter"
        )
        cursor.execute("SET session_replication_role = origin")
        for table in TABLES:
            # Else the database does it by itself while the first pages are measured.
            cursor.execute(f"VACUUM (ANALYZE) {table}")


# Ranges of ids are a copy's own: see matters/queries/words.py.
_RANGES = " || ".join(
    f"array_to_tsvector(ARRAY['/{size}:' || (%(top)s + s.n) / {size}])" for size in RANGES
)
# Seven in eight copies are archived, as in an office that has worked for years.
_SPREAD: dict[str, dict[str, str]] = {
    "matters_matter": {
        "id": "%(top)s + s.n",
        "number": "'b' || (%(top)s + s.n)",
        "status": "CASE WHEN s.n %% 200 < 3 THEN t.status ELSE 'archived' END",
        "due_at": "t.due_at + s.n * interval '1 second'",
        "reported_at": "t.reported_at - s.n * interval '30 second'",
    },
    "matters_report": {
        "id": "gen_random_uuid()",
        "matter_id": "%(top)s + s.n",
        "code": "upper(lpad(to_hex(%(top)s + s.n), 8, '0'))",
        "source": "''",
        "search": "ts_delete(t.search, (SELECT array_agg(l) FROM unnest(tsvector_to_array("  # noqa: S608
        "t.search)) AS l WHERE starts_with(l, '/'))) || " + _RANGES,
    },
    "matters_matterevent": {
        "id": "nextval(pg_get_serial_sequence('matters_matterevent', 'id'))",
        "matter_id": "%(top)s + s.n",
        "command_id": "gen_random_uuid()",
    },
    "matters_clock": {
        "id": "nextval(pg_get_serial_sequence('matters_clock', 'id'))",
        "matter_id": "%(top)s + s.n",
    },
}


def copy_limit(seconds: float = 3.0) -> float:
    """Reports per second when their finished rows are inserted with COPY, 500 at a time."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE UNLOGGED TABLE IF NOT EXISTS limit_{table} (LIKE {table})")
            cursor.execute(f"ALTER TABLE limit_{table} SET LOGGED")
        blocks = [_block(cursor, table) for table in TABLES]
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            for table, data in zip(TABLES, blocks, strict=True):
                with cursor.copy(f"COPY limit_{table} FROM STDIN") as copy:
                    copy.write(data)
            done += 500
        taken = time.perf_counter() - start
        for table in TABLES:
            cursor.execute(f"DROP TABLE limit_{table}")
    return done / taken


def _block(cursor: Any, table: str) -> bytes:
    out = io.BytesIO()
    with cursor.copy(f"COPY (SELECT * FROM {table} LIMIT 500) TO STDOUT") as copy:  # noqa: S608
        for part in copy:
            out.write(part)
    return out.getvalue()
