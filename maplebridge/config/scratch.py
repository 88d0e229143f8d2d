"""A database of its own beside the real one, for measuring."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from maplebridge.config import postgres


@contextmanager
def scratch_database(data_dir: Path) -> Iterator[None]:
    """Let DATABASE_URL name a new, empty database on the same server; drop it at the end."""
    own = not os.environ.get("DATABASE_URL")
    url = postgres.start(data_dir) if own else os.environ["DATABASE_URL"]
    postgres.check_url(url)
    name = f"scratch_{os.getpid()}"
    _run(url, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name)
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    try:
        yield
    finally:
        _run(url, "DROP DATABASE {} WITH (FORCE)", name)
        if own:
            postgres.stop(data_dir)


def _run(url: str, statement: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
