"""What a command needs before its act: keys, database, Django, tables."""

import atexit
import os
from pathlib import Path

import click


def ready(*, migrated: bool = True) -> None:
    """Keys, database and Django; the tables too unless the command makes them."""
    from maplebridge.config import postgres, secrets  # noqa: PLC0415 — --help stays instant

    data = Path(os.environ["MAPLEBRIDGE_DATA"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maplebridge.config.settings")
    secrets.export(data)
    if url := os.environ.get("DATABASE_URL"):
        postgres.check_url(url)
    else:
        os.environ["DATABASE_URL"] = postgres.start(data)
        atexit.register(postgres.stop, data)
    import django  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    django.setup()
    connection.ensure_connection()
    postgres.check_version(connection.pg_version)  # type: ignore[attr-defined]
    if migrated and pending():
        raise click.ClickException("The database is not up to date: run `maplebridge migrate`.")


def make_tables() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)


def pending() -> bool:
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
