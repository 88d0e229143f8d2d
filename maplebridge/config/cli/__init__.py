"""The command line `maplebridge`. Errors are one sentence on stderr and a non-zero exit."""

import os
import sys
from pathlib import Path

import click

from maplebridge.config.cli import bench, hotline, keeping, serving
from maplebridge.kernel.errors import MaplebridgeError

ROOT = Path(__file__).resolve().parents[3]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MAPLEBRIDGE_DATA",
    default=ROOT / ".data",
    help="Folder of the database, the photos and the keys.",
)
def cli(data: Path) -> None:
    """Maplebridge 枫桥: what comes up between people, settled in one net.

    DATABASE_URL names a PostgreSQL server (15 or newer); without it an own one runs in the data
    folder.
    """
    os.environ["MAPLEBRIDGE_DATA"] = str(data.resolve())


for command in (
    serving.demo,
    serving.serve,
    serving.migrate,
    serving.tick_command,
    keeping.token,
    keeping.verify_ledger_command,
    keeping.backup_command,
    keeping.restore_command,
    hotline.import_hotline_command,
    bench.bench_command,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; every refusal becomes one sentence and exit status 1."""
    import psycopg  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        cli(standalone_mode=True)
    except (MaplebridgeError, ImproperlyConfigured, DatabaseError, psycopg.Error, OSError) as error:
        if os.environ.get("MAPLEBRIDGE_DEBUG") == "1":
            raise
        named = isinstance(error, OSError) and error.filename and error.strerror
        text = f"{error.filename}: {error.strerror}." if named else str(error)
        click.echo(f"Error: {' '.join(text.split())}", err=True)
        sys.exit(1)
