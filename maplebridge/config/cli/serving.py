"""serve, demo, migrate, tick: a running installation."""

import json
import os

import click
from click.core import ParameterSource

from maplebridge.config import server, ticker
from maplebridge.config.cli.speech import Progress
from maplebridge.config.cli.start import make_tables, pending, ready

_PORT = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Where to listen.",
)
_HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")


@click.command()
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
    ready()
    server.serve(address, port, workers, ticking=ticking)


@click.command()
@_PORT
@click.option("--accounts", is_flag=True, help="Print the demo accounts as JSON and leave.")
@click.option("--load-only", is_flag=True, help="Load the scenario and leave.")
def demo(port: int, accounts: bool, load_only: bool) -> None:
    """Load the Badu scenario once, then serve it."""
    os.environ["MAPLEBRIDGE_DEMO"] = "1"
    # Whoever loads for a port is told now, not minutes later, that it is in use.
    named = click.get_current_context().get_parameter_source("port") is ParameterSource.COMMANDLINE
    if not accounts and (named or not load_only):
        server.take_address("127.0.0.1", port)
    ready(migrated=False)
    from maplebridge.demo import scenario  # noqa: PLC0415

    if pending():
        click.echo("==> Preparing the database", err=True)
        make_tables()
    if not scenario.is_loaded():
        click.echo("==> Loading the Badu scenario: 90 days of an invented township", err=True)
        with Progress("Days") as progress:
            scenario.load(progress)
    if accounts:
        click.echo(json.dumps(scenario.accounts(), ensure_ascii=False, indent=1))
    elif not load_only:
        server.serve("127.0.0.1", port, 2, ticking=True)


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    ready(migrated=False)
    make_tables()
    click.echo("The database is up to date.")


@click.command("tick")
@click.option("--keep-on", is_flag=True, help="Go on until told to stop, as `serve` lets it.")
@click.option("--records", is_flag=True, help="Only apply what phones sent, for a minute at most.")
def tick_command(keep_on: bool, records: bool) -> None:
    """Let time pass once: escalate, resume, archive, erase, close days, send messages.

    `maplebridge serve` does this every minute by itself.
    """
    ready()
    if keep_on:
        ticker.keep_ticking()
        return
    if records:
        from maplebridge.sync.actions import apply_due  # noqa: PLC0415

        click.echo(f"records applied: {apply_due(seconds=60)}")
        return
    counts = ticker.pass_time().items()
    click.echo(", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts))
