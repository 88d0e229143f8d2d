"""import-hotline: office staff read what it says, so it speaks their language."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from maplebridge.config.cli.speech import Progress, speaking, terminal_language
from maplebridge.config.cli.start import ready


@click.command("import-hotline")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", help="Name of the sheet; the first otherwise.")
@click.option("--mapping", help="A kept mapping's name, or field=column,field=column.")
@click.option("--save-mapping", help="Keep the mapping used under this name.")
@click.option(
    "--errors",
    "errors_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Error workbook; beside FILE otherwise.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default=terminal_language,
    help="Language of messages and error workbook; the terminal's (LANG) otherwise.",
)
def import_hotline_command(file: Path, lang: str, **options: Any) -> None:
    """Take in a hotline workbook FILE (.xlsx); twice makes nothing twice."""
    ready()
    from django.utils.translation import gettext as _  # noqa: PLC0415

    from maplebridge.hotline.commands import import_hotline  # noqa: PLC0415

    with speaking(lang):
        with Progress(_("Rows")) as progress:
            summary = import_hotline(file, progress=progress, **options)
        counts = asdict(summary)
        click.echo(
            _(
                "%(rows)s rows: %(reports)s new matters, %(joined)s joined one, "
                "%(already)s known before, %(failed)s failed."
            )
            % counts
        )
        if summary.errors_path:
            click.echo(_("The failed rows and why: %(errors_path)s") % counts)
