"""bench."""

import json
import os
from pathlib import Path

import click

from maplebridge.config.cli.start import make_tables, ready


@click.command("bench")
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
@click.option(
    "--phones",
    type=click.IntRange(min=0),
    default=500,
    show_default=True,
    help="Phones that send 40 records each at once; 0 for none.",
)
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path))
def bench_command(
    sizes: str, seconds: float, rows: int, phones: int, json_path: Path | None
) -> None:
    """Measure on a scratch database that is dropped afterwards; print one table."""
    from maplebridge.config.scratch import scratch_database  # noqa: PLC0415

    try:
        counts = [int(size) for size in sizes.split(",")]
        if min(counts) < 1:
            raise ValueError(sizes)
    except ValueError as error:
        raise click.UsageError("--sizes takes numbers such as 10000,1000000.") from error
    with scratch_database(Path(os.environ["MAPLEBRIDGE_DATA"])):
        ready(migrated=False)
        make_tables()
        from maplebridge.bench.run import bench, table  # noqa: PLC0415

        found = bench(
            counts,
            seconds=seconds,
            rows=rows,
            phone_count=phones,
            say=lambda text: click.echo(f"==> {text}", err=True),
        )
    click.echo(table(found))
    if json_path:
        json_path.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
