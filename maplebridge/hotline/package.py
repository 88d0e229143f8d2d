"""The shared strings of a workbook, kept on disk while openpyxl reads its sheets."""

import mmap
import tempfile
from array import array
from typing import IO, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS
from openpyxl.xml.functions import iterparse


class _Strings:
    """The shared strings of a workbook on disk: openpyxl would hold every long text in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the workbook
        self._ends = array("Q", [0])
        self._bytes: mmap.mmap | bytes = b""

    def read(self, source: IO[bytes]) -> None:
        root: Any = None
        parts: list[str] = []
        for event, node in iterparse(source, events=("start", "end")):
            if event == "start":
                root = node if root is None else root
                continue
            tag = node.tag.rpartition("}")[2]
            if tag == "t":
                parts.append(node.text or "")
            elif tag == "rPh":  # how to pronounce it, not what it says
                parts = parts[: -len(node)] if len(node) else parts
            elif tag == "si":
                raw = "".join(parts).encode()
                parts = []
                self._file.write(raw)
                self._ends.append(self._ends[-1] + len(raw))
                root.clear()
        self._file.flush()
        if self._ends[-1]:
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, index: int) -> str:
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()


class PackageReader(ExcelReader):
    """openpyxl's reader with the shared strings on disk."""

    def read_strings(self) -> None:
        part: Any = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        strings = _Strings()
        self.shared_strings = strings  # type: ignore[assignment]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                strings.read(source)
