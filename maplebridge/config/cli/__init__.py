"""The command line `maplebridge`. Errors are one sentence on stderr and a non-zero exit."""

import atexit
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from maplebridge.config import server, ticker
from maplebridge.kernel.errors import MaplebridgeError

ROOT = Path(__file__).resolve().parent.parent.parent


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


def _ready(*, migrated: bool = True) -> None:
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
    if migrated and _pending():
        raise click.ClickException("The database is not up to date: run `maplebridge migrate`.")


@contextmanager
def _in_english() -> Iterator[None]:
    """Let refusals speak like the command line; what is written for people stays Chinese."""
    from django.utils import translation  # noqa: PLC0415

    with translation.override("en"):
        try:
            yield
        except MaplebridgeError as error:
            raise click.ClickException(error.message) from error


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)


def _pending() -> bool:
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _progress() -> Callable[[str, int, int], None]:
    """A line that grows on a terminal, and one line in ten elsewhere."""
    live = sys.stderr.isatty()

    def show(label: str, done: int, total: int) -> None:
        if live:
            click.echo(f"\r    {label}: {done} of {total}", err=True, nl=done == total)
        elif done == total or done % max(total // 10, 1) == 0:
            click.echo(f"    {label}: {done} of {total}", err=True)

    return show


_PORT = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Where to listen.",
)
_HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")


@cli.command()
@_PORT
@_HOST
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Server processes.",
)
@click.option(
    "--tick/--no-tick",
    "ticking",
    default=True,
    show_default=True,
    help="Let time pass: escalate, send messages, close days.",
)
def serve(port: int, host: str, workers: int, ticking: bool) -> None:
    """Serve the site on the present data."""
    address = server.take_address(host, port)
    _ready()
    server.serve(address, port, workers, ticking=ticking)


@cli.command()
@_PORT
@click.option("--accounts", is_flag=True, help="Print the demo accounts as JSON and leave.")
@click.option("--load-only", is_flag=True, help="Load the scenario and leave.")
def demo(port: int, accounts: bool, load_only: bool) -> None:
    """Load the Badu scenario once, then serve it."""
    os.environ["MAPLEBRIDGE_DEMO"] = "1"
    if not (accounts or load_only):
        server.take_address("127.0.0.1", port)
    _ready(migrated=False)
    from maplebridge.demo import scenario  # noqa: PLC0415

    if _pending():
        click.echo("==> Preparing the database", err=True)
        _migrate()
    if not scenario.is_loaded():
        click.echo("==> Loading the Badu scenario: 90 days of an invented township", err=True)
        scenario.load(_progress())
    if accounts:
        click.echo(json.dumps(scenario.accounts(), ensure_ascii=False, indent=1))
    elif not load_only:
        server.serve("127.0.0.1", port, 2, ticking=True)


@cli.command()
def migrate() -> None:
    """Bring the database up to date."""
    _ready(migrated=False)
    _migrate()
    click.echo("The database is up to date.")


@cli.command()
@click.argument("user")
def token(user: str) -> None:
    """Print a new API token for USER, valid 180 days; it is shown only now."""
    _ready()
    from maplebridge.org.actions import issue_token  # noqa: PLC0415

    with _in_english():
        click.echo(issue_token(user))


@cli.command("tick")
@click.option("--keep-on", is_flag=True, help="Go on until told to stop, as `serve` lets it.")
def tick_command(keep_on: bool) -> None:
    """Let time pass once: escalate, resume, archive, erase, close days, send messages.

    `maplebridge serve` does this every minute by itself.
    """
    _ready()
    if keep_on:
        ticker.keep_ticking()
        return
    counts = ticker.pass_time().items()
    click.echo(", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts))


@cli.command("verify-ledger")
def verify_ledger_command() -> None:
    """Check every chain of events and every day root; name what does not fit."""
    _ready()
    from maplebridge.matters.models import MatterEvent  # noqa: PLC0415
    from maplebridge.matters.queries import verify_ledger  # noqa: PLC0415
    from maplebridge.trust.models import DayRoot  # noqa: PLC0415

    problems = 0
    with _in_english():
        for problem in verify_ledger():
            problems += 1
            click.echo(str(problem), err=True)
    if problems:
        raise click.ClickException(f"The ledger does not verify: {problems} problems.")
    events, days = MatterEvent.objects.count(), DayRoot.objects.count()
    click.echo(f"{events} events, {days} days: the ledger verifies.")


@cli.command("import-hotline")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", help="Name of the sheet; the first otherwise.")
@click.option("--mapping", help="A kept mapping's name, or field=column,field=column.")
@click.option("--save-mapping", help="Keep the mapping used under this name.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Error workbook.")
def import_hotline_command(file: Path, **options: Any) -> None:
    """Take in a hotline workbook FILE (.xlsx); twice makes nothing twice."""
    _ready()
    from maplebridge.hotline.commands import import_hotline  # noqa: PLC0415

    errors = options.pop("errors") or file.with_name(f"{file.stem}-errors.xlsx")
    show = _progress()
    summary = import_hotline(
        file,
        errors_path=errors,
        progress=lambda done, total: show("Rows", done, total or done),
        **options,
    )
    click.echo(
        f"{summary.rows} rows: {summary.reports} new matters, {summary.joined} joined one, "
        f"{summary.already} known before, {summary.failed} failed."
    )
    if summary.errors_path:
        click.echo(f"The failed rows and why: {summary.errors_path}")


@cli.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Put secrets.json into the backup too.")
def backup_command(folder: Path, with_keys: bool) -> None:
    """Write database and photos into the new FOLDER, with a hash of every file."""
    _ready(migrated=False)
    from maplebridge.config.backup import backup  # noqa: PLC0415

    manifest = backup(folder, with_keys=with_keys)
    click.echo(f"{sum(manifest['rows'].values())} rows, {len(manifest['files'])} files: {folder}")
    if not with_keys:
        click.echo("The keys (secrets.json in the data folder) are not in it: keep them elsewhere.")


@cli.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds now.")
@click.option("--without-keys", is_flag=True, help="Restore though sealed contacts stay sealed.")
def restore_command(folder: Path, force: bool, without_keys: bool) -> None:
    """Take the backup in FOLDER back, all or nothing, and verify its ledger."""
    from maplebridge.config import secrets  # noqa: PLC0415

    secrets.adopt(folder / "secrets.json", Path(os.environ["MAPLEBRIDGE_DATA"]))
    _ready(migrated=False)
    from maplebridge.config.backup import restore  # noqa: PLC0415

    manifest = restore(folder, force=force, without_keys=without_keys)
    click.echo(f"{sum(manifest['rows'].values())} rows restored, as of {manifest['made']}.")
    if _pending():
        click.echo("It is of an older version: run `maplebridge migrate`, then `verify-ledger`.")
    else:
        click.get_current_context().invoke(verify_ledger_command)


@cli.command("bench")
@click.option("--sizes", default="10000", show_default=True, help="Matters to measure at, a,b,c.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=5.0,
    show_default=True,
    help="How long each thing is asked.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=100_000,
    show_default=True,
    help="Rows of the workbook; 0 for none.",
)
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path))
def bench_command(sizes: str, seconds: float, rows: int, json_path: Path | None) -> None:
    """Measure on a scratch database that is dropped afterwards; print one table."""
    from maplebridge.config.scratch import scratch_database  # noqa: PLC0415

    try:
        counts = [int(size) for size in sizes.split(",")]
        if min(counts) < 1:
            raise ValueError(sizes)
    except ValueError as error:
        raise click.UsageError("--sizes takes numbers such as 10000,1000000.") from error
    with scratch_database(Path(os.environ["MAPLEBRIDGE_DATA"])):
        _ready(migrated=False)
        _migrate()
        from maplebridge.bench.run import bench, table  # noqa: PLC0415

        found = bench(
            counts, seconds=seconds, rows=rows, say=lambda text: click.echo(f"==> {text}", err=True)
        )
    click.echo(table(found))
    if json_path:
        json_path.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")


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
