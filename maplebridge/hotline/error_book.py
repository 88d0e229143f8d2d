"""The workbook of rows that could not be taken in, with the reason, ready to mend and import."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from maplebridge.hotline.workbook import Row
from maplebridge.kernel.errors import InvalidInput

_LONGEST = 32_767  # characters an Excel cell holds


class ErrorBook:
    """Written only when a first line comes; close() keeps it. Cells stay text: no formula lives."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self.path = path
        self.lines = 0
        self._names = names
        self._book: xlsxwriter.Workbook | None = None

    @classmethod
    def beside(cls, workbook: Path, wanted: Path | None, names: Sequence[str]) -> "ErrorBook":
        """At the wanted path, else beside the workbook, else (not writable) in this folder.

        Raises InvalidInput("errors") before anything is imported when it could not be written.
        """
        path = wanted
        if path is None:
            name = f"{workbook.stem}-errors.xlsx"
            path = workbook.with_name(name)
            if not _writable(path):
                path = Path.cwd() / name
        if path.resolve() == workbook.resolve() or not _writable(path):
            raise InvalidInput(
                "errors", _("The error workbook cannot be written to %(path)s.") % {"path": path}
            )
        return cls(path, names)

    def add(self, row: Row, reason: str) -> None:
        """One line: row number, reason, the row's cells as they were."""
        if self._book is None:
            self._open()
        self.lines += 1
        self._sheet.write_number(self.lines, 0, row.number)
        self._sheet.write_string(self.lines, 1, reason)
        for column, value in enumerate(row.cells, 2):
            self._write(column, value)

    def close(self) -> Path | None:
        """The path when there are lines, else None."""
        if self._book is None:
            return None
        self._book.close()
        return self.path

    def _open(self) -> None:
        self._book = xlsxwriter.Workbook(
            str(self.path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._sheet = self._book.add_worksheet()
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for column, name in enumerate((_("Row"), _("Reason"), *self._names)):
            self._sheet.write_string(0, column, name)

    def _write(self, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, (datetime, date, time)):
            self._sheet.write_datetime(self.lines, column, value, self._time)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self._sheet.write_number(self.lines, column, value)
        else:
            self._sheet.write_string(self.lines, column, str(value)[:_LONGEST])


def _writable(path: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        if path.exists():
            with path.open("ab"):
                pass
    except OSError:
        return False
    return not path.is_dir()
