"""A list of matters as a workbook: its columns, and writing it row by row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from maplebridge.kernel.codes import ancestors, level_of
from maplebridge.kernel.masks import redact
from maplebridge.matters.flow import STATUSES
from maplebridge.matters.queries import light_of
from maplebridge.matters.queries.exporting import Exported
from maplebridge.org.queries import directory
from maplebridge.ui.tones import LIGHTS

CELL_LIMIT = 32_767  # characters Excel keeps in a cell
BAD_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
Value = str | int | date | datetime | None


@dataclass(frozen=True)
class Column:
    """One column; `words` are free text, hidden where a matter is confidential."""

    code: str
    label: str | Promise
    width: int
    read: Callable[[Exported], Value]
    usual: bool = True
    words: bool = False


def _place(level: str) -> Callable[[Exported], Value]:
    def name(row: Exported) -> Value:
        town = directory()
        for code in ancestors(row.matter.area_code):
            if level_of(code) == level and (area := town.area(code)):
                return area.name
        return ""

    return name


def _category(row: Exported) -> Value:
    return row.matter.category.label if row.matter.category else ""


def _group(row: Exported) -> Value:
    return row.matter.category.group_label if row.matter.category else ""


def _light(row: Exported) -> Value:
    state = light_of(row.matter, timezone.now())
    return str(LIGHTS[state][1]) if state else ""


def _yes(value: bool) -> str:
    return pgettext("cell", "Yes") if value else ""


COLUMNS = (
    Column("number", gettext_lazy("Matter number"), 28, lambda r: r.matter.number),
    Column("title", gettext_lazy("Title"), 36, lambda r: r.matter.title, words=True),
    Column("status", gettext_lazy("Status"), 12, lambda r: str(STATUSES[r.matter.status])),
    Column("light", gettext_lazy("Light"), 14, _light),
    Column("group", gettext_lazy("Group of the category"), 18, _group, usual=False),
    Column("category", gettext_lazy("Category"), 20, _category),
    Column("town", gettext_lazy("Town or township"), 12, _place("town"), usual=False),
    Column("village", gettext_lazy("Village"), 14, _place("village")),
    Column("grid", gettext_lazy("Grid"), 18, _place("grid"), usual=False),
    Column("address", gettext_lazy("Address"), 28, lambda r: r.matter.address, words=True),
    Column("lead", gettext_lazy("Lead unit"), 18, lambda r: r.matter.lead and r.matter.lead.name),
    Column("urgent", gettext_lazy("Urgent"), 8, lambda r: _yes(r.matter.urgent), usual=False),
    Column("channel", gettext_lazy("Channel"), 12, lambda r: "、".join(dict.fromkeys(r.channels)),
           usual=False),
    Column("reported", gettext_lazy("Reported at"), 17, lambda r: r.matter.reported_at),
    Column("due", gettext_lazy("Due"), 17, lambda r: r.matter.due_at),
    Column("first_limit", gettext_lazy("First limit to handle"), 17, lambda r: r.first_due_at,
           usual=False),
    Column("extended", pgettext_lazy("column", "Extended"), 9, lambda r: _yes(r.extended),
           usual=False),
    Column("suspended", gettext_lazy("Suspended until"), 14, lambda r: r.matter.suspended_until,
           usual=False),
    Column("closed", gettext_lazy("Closed at"), 17, lambda r: r.matter.closed_at),
    Column("reports", gettext_lazy("Number of reports"), 8, lambda r: r.matter.report_count,
           usual=False),
    Column("returns", gettext_lazy("Number of returns"), 8, lambda r: r.matter.returns,
           usual=False),
    Column("reopenings", gettext_lazy("Number of reopenings"), 8, lambda r: r.matter.reopenings,
           usual=False),
    Column("told", gettext_lazy("Words of the reports"), 60, lambda r: "\n\n".join(r.told),
           usual=False, words=True),
    Column("result", gettext_lazy("Result"), 40, lambda r: r.result, usual=False, words=True),
    Column("answer", gettext_lazy("Public answer"), 40, lambda r: r.answer, usual=False,
           words=True),
)  # fmt: skip
USUAL = tuple(column.code for column in COLUMNS if column.usual)


def write_sheet(
    rows: Iterable[tuple[Exported, Sequence[str]]],
    columns: Sequence[Column],
    more: Sequence[str],
    name: str,
) -> tuple[IO[bytes], int]:
    """An .xlsx in a temporary file, at its beginning, and its number of rows.

    `rows` come with the values of the columns `more` (labels). Memory stays flat: a row is
    written and forgotten. All text is written as text, so nothing in it becomes a formula, a link
    or a number; telephone and ID numbers in free text are masked; times are real ones of Shanghai.
    """
    out: IO[bytes] = TemporaryFile()  # noqa: SIM115  handed on open
    options = {"constant_memory": True, "remove_timezone": True}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(name.translate(BAD_IN_NAMES).strip()[:31])
    head = book.add_format({"bold": True, "bg_color": "#f2eee7", "bottom": 1, "valign": "top"})
    styles = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        date: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
    }
    labels = [*(str(c.label) for c in columns), *more]
    for at, label in enumerate(labels):
        sheet.set_column(at, at, columns[at].width if at < len(columns) else 18)
        sheet.write_string(0, at, label, head)
    sheet.freeze_panes(1, 0)
    count = 0
    for row, own in rows:
        count += 1
        values: list[Value] = [_value(column, row) for column in columns]
        for at, value in enumerate([*values, *own]):
            _write(sheet, count, at, value, styles)
    sheet.autofilter(0, 0, count, len(labels) - 1)
    book.close()
    out.seek(0)
    return out, count


def _value(column: Column, row: Exported) -> Value:
    if not column.words:
        return column.read(row)
    return redact(str(column.read(row) or "")) if row.open else str(_("(confidential)"))


def _write(sheet: Any, line: int, at: int, value: Value, styles: dict[type, Any]) -> None:
    match value:
        case None | "":
            return
        case datetime():
            sheet.write_datetime(line, at, timezone.localtime(value), styles[datetime])
        case date():
            sheet.write_datetime(line, at, value, styles[date])
        case int():
            sheet.write_number(line, at, value)
        case _:
            sheet.write_string(line, at, value[:CELL_LIMIT])
