"""From a row of a sheet to a telling: who sent it stays a code, where is looked up in words."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from maplebridge.hotline.rules import PlaceFinder, parse_time
from maplebridge.hotline.workbook import Row, Sheet
from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.text import signature
from maplebridge.matters.actions import Telling

DEFAULT_OFFICE = "hotline"
_ID_LENGTH = 50


class RowReader:
    """Reads rows of one sheet for one office (the name of its mapping)."""

    def __init__(self, sheet: Sheet, finder: PlaceFinder, office: str, now: datetime) -> None:
        self._finder, self._office, self._now = finder, office, now
        self._epoch_1904 = sheet.epoch_1904
        self._at: Mapping[str, int] = {f: sheet.names.index(n) for f, n in sheet.columns.items()}
        self._columns = sheet.columns

    def telling(self, row: Row) -> Telling:
        """The telling of a row. Raises InvalidInput with the reason for a person to mend it.

        Its source is "<office>:<message number>", without a number a hash of sender, time and
        text. Its id comes from that number and the words, so the same row of another copy of the
        workbook, or under another mapping, is the same telling.
        """
        for index in self._at.values():
            if kind := row.spoilt.get(index):
                raise InvalidInput("cell", _spoilt(row.name_of(index), kind))
        time = self._cell(row, "time")
        reported_at = None
        if "time" in self._at:
            reported_at = parse_time(time, now=self._now, epoch_1904=self._epoch_1904)
        title, words = self._text(row, "title"), self._text(row, "text")
        text = words if words.startswith(title) else f"{title}\n{words}".strip()
        if not text:
            raise InvalidInput("text", _("The text is empty."))
        number = self._text(row, "id")
        mark = signature(text)
        if not number:
            who = f"{self._text(row, 'sender')}|{reported_at}|{text}"
            number = sha256(who.encode()).hexdigest()[:24]
        elif len(number) > _ID_LENGTH:
            number = sha256(number.encode()).hexdigest()[:24]
        address = self._text(row, "address")
        contact = {f: v for f in ("name", "phone") if (v := self._text(row, f))}
        return Telling(
            command_id=uuid5(NAMESPACE_URL, f"hotline/{number}/{mark}"),
            text=text,
            source=f"{self._office}:{number}",
            area=self._finder.find(address, title, words),
            address=address,
            hint=self._text(row, "category"),
            contact=contact,
            reported_at=reported_at,
        )

    def column_of(self, field: str) -> str:
        """The workbook's name for a field that was refused, "" for one it does not have."""
        return self._columns.get(field.rpartition(".")[2], "")

    def _cell(self, row: Row, field: str) -> object:
        index = self._at.get(field)
        return row.cells[index] if index is not None and index < len(row.cells) else None

    def _text(self, row: Row, field: str) -> str:
        value = self._cell(row, field)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value).strip()


def _spoilt(cell: str, kind: str) -> str:
    if kind == "formula":
        return _("cell %(cell)s is a formula: paste values") % {"cell": cell}
    return _("cell %(cell)s shows an error: mend it") % {"cell": cell}
