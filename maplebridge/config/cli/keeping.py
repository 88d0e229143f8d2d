"""token, verify-ledger, backup, restore: what an operator does besides."""

import os
from pathlib import Path

import click

from maplebridge.config.cli.speech import speaking
from maplebridge.config.cli.start import pending, ready


@click.command()
@click.argument("user")
def token(user: str) -> None:
    """Print a new API token for USER, valid 180 days; it is shown only now."""
    ready()
    from maplebridge.org.actions import issue_token  # noqa: PLC0415

    with speaking():
        click.echo(issue_token(user))


@click.command("verify-ledger")
def verify_ledger_command() -> None:
    """Check every chain of events and every day root; name what does not fit."""
    ready()
    from maplebridge.matters.models import MatterEvent  # noqa: PLC0415
    from maplebridge.matters.queries import verify_ledger  # noqa: PLC0415
    from maplebridge.trust.models import DayRoot  # noqa: PLC0415

    problems = 0
    with speaking():
        for problem in verify_ledger():
            problems += 1
            click.echo(str(problem), err=True)
    if problems:
        raise click.ClickException(f"The ledger does not verify: {problems} problems.")
    events, days = MatterEvent.objects.count(), DayRoot.objects.count()
    click.echo(f"{events} events, {days} days: the ledger verifies.")


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Put secrets.json into the backup too.")
def backup_command(folder: Path, with_keys: bool) -> None:
    """Write database and photos into the new FOLDER, with a hash of every file."""
    ready(migrated=False)
    from maplebridge.config.backup import backup  # noqa: PLC0415

    manifest = backup(folder, with_keys=with_keys)
    click.echo(f"{sum(manifest['rows'].values())} rows, {len(manifest['files'])} files: {folder}")
    if not with_keys:
        click.echo("The keys (secrets.json in the data folder) are not in it: keep them elsewhere.")


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds now.")
@click.option("--without-keys", is_flag=True, help="Restore though sealed contacts stay sealed.")
def restore_command(folder: Path, force: bool, without_keys: bool) -> None:
    """Take the backup in FOLDER back, all or nothing, and verify its ledger."""
    from maplebridge.config import secrets  # noqa: PLC0415

    secrets.adopt(folder / "secrets.json", Path(os.environ["MAPLEBRIDGE_DATA"]))
    ready(migrated=False)
    from maplebridge.config.backup import restore  # noqa: PLC0415

    manifest = restore(folder, force=force, without_keys=without_keys)
    click.echo(f"{sum(manifest['rows'].values())} rows restored, as of {manifest['made']}.")
    if pending():
        click.echo("It is of an older version: run `maplebridge migrate`, then `verify-ledger`.")
    else:
        click.get_current_context().invoke(verify_ledger_command)
