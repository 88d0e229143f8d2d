"""Tables without personal details as workbooks; taking one out leaves a trace."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from maplebridge.org.rules import Actor
from maplebridge.trust.actions import note_export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal | date | None
Column = tuple[Any, int]  # label and width in characters


def workbook(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet: title, head, rows. Text is written as text, so that nothing becomes a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    money = book.add_format({"border": 1, "num_format": "#,##0.00"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, title, bold)
    for column, (label, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, str(label), head)
    for line, row in enumerate(rows, 2):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(line, column, float(value), money)
            elif isinstance(value, int):
                sheet.write_number(line, column, value, plain)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            else:
                sheet.write_string(line, column, str(value or ""), plain)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


def taken_out(
    request: HttpRequest, actor: Actor, name: str, columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]], title: str,
) -> HttpResponse:  # fmt: skip
    """The workbook as an answer; the export of `name` stands in the list of exports."""
    note_export(
        actor, source=name, query=request.GET.urlencode()[:500],
        columns=[str(label) for label, _width in columns], fields=[], purpose="",
        rows=len(rows), at=timezone.now(),
    )  # fmt: skip
    answer = HttpResponse(workbook(title, columns, rows), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return answer
