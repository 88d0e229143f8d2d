"""import_hotline: a workbook of a hotline office becomes reports, or lines of an error workbook."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils import timezone

from maplebridge.hotline import actions, queries
from maplebridge.hotline.error_book import ErrorBook
from maplebridge.hotline.models import ImportRun
from maplebridge.hotline.rules import parse_mapping
from maplebridge.hotline.tellings import DEFAULT_OFFICE, RowReader
from maplebridge.hotline.workbook import Row, Sheet, Workbook
from maplebridge.kernel.errors import InvalidInput
from maplebridge.matters.actions import Telling
from maplebridge.org.models import Person
from maplebridge.org.queries import directory

BATCH = 500
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Summary:
    """rows = reports (each opened a matter) + joined (a matter there was) + already + failed."""

    rows: int
    reports: int
    joined: int
    already: int
    failed: int
    errors_path: Path | None


def import_hotline(
    path: str | Path,
    *,
    sheet: str | None = None,
    mapping: str | None = None,
    save_mapping: str | None = None,
    errors_path: str | Path | None = None,
    progress: Progress | None = None,
    person: Person | None = None,
) -> Summary:
    """Import a workbook in batches of 500 rows, each one transaction; again is harmless.

    `mapping` is the name of a kept mapping or "field=column,…"; columns nobody named are guessed.
    `save_mapping` keeps the columns under a name, which also tells the office's message numbers
    from others'. `progress` gets (rows read, about how many). Raises MaplebridgeError before
    anything is written when the file, sheet or columns are wrong.
    """
    path = Path(path)
    chosen, office = _chosen(mapping, save_mapping)
    with Workbook(path) as book:
        found = book.sheet(sheet, chosen)
        errors = ErrorBook.beside(path, Path(errors_path) if errors_path else None, found.names)
        if save_mapping:
            actions.keep_mapping(save_mapping, found.columns)
        run = actions.open_run(sha256=book.sha256, name=path.name, sheet=found.title, person=person)
        now = timezone.now()
        finder = queries.place_finder(directory(), timezone.localdate(now))
        reader = RowReader(found, finder, office, now)
        try:
            count = _import(run, found, reader, errors, progress or (lambda _done, _of: None))
        finally:
            kept = errors.close()
        actions.close_run(run)
    return Summary(
        rows=count.total(), reports=count["opened"], joined=count["joined"],
        already=count["already"], failed=count["refused"], errors_path=kept,
    )  # fmt: skip


def _chosen(mapping: str | None, save_mapping: str | None) -> tuple[dict[str, str], str]:
    """The columns a person named, and the office whose numbers these are."""
    if not mapping:
        return {}, save_mapping or DEFAULT_OFFICE
    if "=" in mapping:
        return parse_mapping(mapping), save_mapping or DEFAULT_OFFICE
    return queries.kept_mapping(mapping), save_mapping or mapping


def _import(
    run: ImportRun, sheet: Sheet, reader: RowReader, errors: ErrorBook, progress: Progress
) -> Counter[str]:
    count: Counter[str] = Counter()
    about = sheet.about - sheet.header if sheet.about and sheet.about > sheet.header else None
    for rows in _batches(sheet.rows()):
        readable, unreadable = _read(rows, reader)
        outcomes = actions.take_batch(run, [t for _row, t in readable], unreadable=len(unreadable))
        refused = [
            (row, _reason(reader, outcome.field, outcome.reason))
            for (row, _telling), outcome in zip(readable, outcomes, strict=True)
            if outcome.kind == "refused"
        ]
        for row, reason in sorted([*unreadable, *refused], key=lambda line: line[0].number):
            errors.add(row, reason)
        count.update(o.kind for o in outcomes)
        count["refused"] += len(unreadable)
        done = count.total()
        # Many programs write a wrong size, or none.
        progress(done, about if about and about >= done else None)
    return count


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _read(
    rows: list[Row], reader: RowReader
) -> tuple[list[tuple[Row, Telling]], list[tuple[Row, str]]]:
    readable, unreadable = [], []
    for row in rows:
        try:
            readable.append((row, reader.telling(row)))
        except InvalidInput as error:
            unreadable.append((row, _reason(reader, error.field, error.message)))
    return readable, unreadable


def _reason(reader: RowReader, field: str, message: str) -> str:
    column = reader.column_of(field)
    return f"{column}: {message}" if column else message
