"""Reading an .xlsx row by row: checked whole before the first row, memory flat in its size."""

import hashlib
import mmap
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.utils.exceptions import InvalidFileException

from maplebridge.hotline.package import PackageReader
from maplebridge.hotline.rules.columns import find_columns, resolve_columns
from maplebridge.kernel.errors import InvalidInput

MOST_UNPACKED = 2 * 1024**3  # bytes; a million long messages take about half
BOMB_RATIO, BOMB_FROM = 300, 64 * 1024**2  # no honest sheet of this size packs so well
HEADER_WITHIN = 10  # rows; offices like a title above the names
NAME_LENGTH = 20
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRAILING = {None, ""}
Cells = list[Any]


def refuse(message: str) -> InvalidInput:
    """The one kind of refusal of a file."""
    return InvalidInput("file", message)


@dataclass(frozen=True)
class Row:
    """A row that is not blank: its number in the sheet, values, and formula or error cells."""

    number: int
    cells: Cells
    spoilt: Mapping[int, str]  # column index → "formula" or "error"

    def name_of(self, index: int) -> str:
        """The cell's name, E17."""
        return f"{get_column_letter(index + 1)}{self.number}"


@dataclass(frozen=True)
class Sheet:
    """One sheet with its header found: column names, the rows below, about how many there are."""

    title: str
    names: list[str]
    columns: dict[str, str]
    header: int
    about: int | None
    epoch_1904: bool
    _source: Any

    def rows(self) -> Iterator[Row]:
        """Every row below the header that is not blank."""
        try:
            for number, row in enumerate(self._source.iter_rows(), 1):
                if number > self.header and (found := _row(number, row)):
                    yield found
        except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:
            raise refuse(
                _("The sheet has a cell that cannot be read near row %(row)s. Save it anew.")
                % {"row": number + 1}
            ) from error


def _row(number: int, row: tuple[ReadOnlyCell, ...]) -> Row | None:
    cells = [_value(cell.value) for cell in row]
    while cells and cells[-1] in _TRAILING:
        cells.pop()
    if all(c in _TRAILING or (isinstance(c, str) and not c.strip()) for c in cells):
        return None
    spoilt = {
        i: "formula" if cell.data_type == "f" else "error"
        for i, cell in enumerate(row[: len(cells)])
        if cell.data_type in {"f", "e"}
    }
    return Row(number, cells, spoilt)


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), value) if "_x" in value else value
    return value if isinstance(value, (int, float)) or value is None else _simple(value)


def _simple(value: Any) -> Any:
    # An array formula comes as an object of its own.
    return value.text if hasattr(value, "text") else value


class Workbook:
    """An open workbook whose archive, checksums and XML were found whole.

    Raises InvalidInput("file") with one plain sentence for everything that is not one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = _checked(path)
        self._file = path.open("rb")
        try:
            reader = PackageReader(self._file, read_only=True, keep_links=False)
            reader.read()
            self._book: Any = reader.wb
            for sheet in self._book.worksheets:
                part: str = sheet._worksheet_path  # type: ignore[attr-defined]
                with reader.archive.open(part) as source:
                    _well_formed(source)
        except (KeyError, ValueError, TypeError, AttributeError, InvalidFileException) as error:
            self._file.close()
            raise refuse(_("The file is not an Excel workbook (.xlsx).")) from error
        except (expat.ExpatError, ParseError, zipfile.BadZipFile, EOFError) as error:
            self._file.close()
            raise refuse(_("The file is damaged. Fetch or save it anew.")) from error
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._book.close()
        self._file.close()

    def sheet(self, title: str | None, chosen: Mapping[str, str]) -> Sheet:
        """The named sheet, or the first that has the columns; the refusal says what there is."""
        sheets = {s.title: s for s in self._book.worksheets}
        if title is not None:
            if title not in sheets:
                raise refuse(
                    _("There is no sheet %(wanted)s. The sheets are: %(names)s.")
                    % {"wanted": title, "names": "、".join(sheets) or "–"}
                )
            return self._sheet(sheets[title], chosen)
        refusals = []
        for sheet in sheets.values():
            try:
                return self._sheet(sheet, chosen)
            except InvalidInput as error:
                refusals.append(error)
        # A blank sheet beside one with unknown columns is not what the reader needs to hear of.
        raise next(
            (r for r in refusals if r.field == "mapping"),
            refusals[0] if refusals else refuse(_("The workbook has no sheet.")),
        )

    def _sheet(self, sheet: Any, chosen: Mapping[str, str]) -> Sheet:
        about = sheet.max_row
        sheet.reset_dimensions()  # many programs write a wrong one; rows would be lost unseen
        top: list[Row] = []
        for number, row in enumerate(sheet.iter_rows(max_row=HEADER_WITHIN), 1):
            if found := _row(number, row):
                top.append(found)
        if not top:
            raise refuse(_("The sheet %(sheet)s is empty.") % {"sheet": sheet.title})
        wanted = set(chosen.values()) - {""}
        head = max(top, key=lambda r: (_fit(r, wanted), -r.number))
        for index, kind in head.spoilt.items():
            if kind == "formula":
                raise refuse(
                    _("The column name in %(cell)s is a formula. Paste it as a value.")
                    % {"cell": head.name_of(index)}
                )
        names = ["" if c is None else str(c).strip() for c in head.cells]
        columns = resolve_columns(names, chosen)
        found_sheet = Sheet(
            sheet.title, names, columns, head.number, about,
            self._book.epoch == MAC_EPOCH, sheet,
        )  # fmt: skip
        if next(found_sheet.rows(), None) is None:
            raise refuse(
                _("The sheet %(sheet)s has no rows below the names.") % {"sheet": sheet.title}
            )
        return found_sheet


def _fit(row: Row, wanted: set[str]) -> int:
    # Names of columns are short; a long telling that ends in one of their words is none.
    names = [c for c in row.cells if isinstance(c, str) and len(c.strip()) <= NAME_LENGTH]
    return len(find_columns(names)) + len(wanted & {n.strip() for n in names})


def _checked(path: Path) -> str:
    """The SHA-256 of the file, once archive, sizes and checksums are found whole."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise refuse(
            _("%(file)s cannot be opened: %(why)s.")
            % {"file": path.name, "why": error.strerror or "?"}
        ) from error
    if not start:
        raise refuse(_("The file is empty."))
    if start == _OLE:
        raise refuse(_old_or_locked(path))
    if start[:4] != _ZIP:
        raise refuse(_("The file is not an Excel workbook (.xlsx)."))
    try:
        with zipfile.ZipFile(path) as archive:
            _guard(archive)
            if archive.testzip() is not None:
                raise refuse(_("The file is damaged. Fetch or save it anew."))
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise refuse(_("The file is cut off or damaged. Fetch or save it anew.")) from error
    except (RuntimeError, NotImplementedError) as error:
        raise refuse(_("The file is protected by a password. Save it without.")) from error
    except (zipfile.zlib.error, ValueError) as error:  # type: ignore[attr-defined]
        raise refuse(_("The file is damaged. Fetch or save it anew.")) from error
    return digest


def _old_or_locked(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        if held.find("EncryptedPackage".encode("utf-16le")) >= 0:
            return _("The file is protected by a password. Save it without.")
    return _("This is an old Excel file (.xls). Save it as .xlsx.")


def _guard(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {e.filename for e in entries}
    if "[Content_Types].xml" not in names or not any(n.endswith("workbook.xml") for n in names):
        raise refuse(_("The file is not an Excel workbook (.xlsx)."))
    unpacked = sum(e.file_size for e in entries)
    packed = sum(e.compress_size for e in entries) or 1
    if unpacked > MOST_UNPACKED or (unpacked > BOMB_FROM and unpacked / packed > BOMB_RATIO):
        raise refuse(_("The file unpacks to too much. Divide it into smaller ones."))


def _well_formed(source: IO[bytes]) -> None:
    """Read a sheet's XML to its end; a document type, which Excel never writes, is refused."""

    def no_doctype(*_parts: object) -> None:
        raise refuse(_("The file is not an Excel workbook (.xlsx)."))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = no_doctype
    parser.ParseFile(source)
