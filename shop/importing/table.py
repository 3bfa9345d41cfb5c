"""The cells of a CSV file or a workbook, as text. Runs in the jail."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import islice
from typing import Any

import openpyxl

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 10_000, 60, 4_000
Cell = str | None
"""None: a formula, whose result nobody has checked."""
Answer = dict[str, Any]
_GUARDED = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def read(data: bytes) -> Answer:
    """Return {"headers": [...], "rows": [[number, [cells]], ...]}; raises DomainError."""
    if len(data) > MAX_BYTES:
        raise refused(N_("The file is too big. Up to 5 MB are read."))
    lines = _workbook(data) if data.startswith(b"PK") else _csv(data)
    filled = ((number, cells) for number, cells in lines if any(cell != "" for cell in cells))
    number, headers = next(filled, (0, []))
    if not number:
        raise refused(N_("The file is empty."))
    rows = [[at, cells] for at, cells in islice(filled, MAX_ROWS + 1)]
    if len(rows) > MAX_ROWS:
        raise refused(N_("The file has too many rows. Up to 10,000 are read."))
    if len(headers) > MAX_COLUMNS:
        raise refused(N_("The file has too many columns. Up to 60 are read."))
    return {"headers": [cell or "" for cell in headers], "rows": rows}


def refused(message: str) -> DomainError:
    return DomainError("import.unreadable", message, status=422)


def _csv(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = _decoded(data)
    if "\0" in text:
        raise refused(N_("This is neither a CSV file nor a workbook (.xlsx)."))
    # Whatever else it allows, csv.Sniffer takes a comma in a price for a separator.
    first = text.lstrip().partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [_typed(cell) for cell in cells]
    except csv.Error as broken:
        raise refused(
            N_("The CSV file is damaged: perhaps a quotation mark is missing.")
        ) from broken


def _decoded(data: bytes) -> str:
    """UTF-8, or what Excel calls Unicode text and plain CSV in western Europe."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise refused(N_("The letters cannot be read. Save the file as CSV UTF-8."))


def _typed(cell: str) -> Cell:
    """Take off the apostrophe that our exports put before what a spreadsheet would calculate."""
    text = cell.strip()
    if text.startswith("'") and text[1:].lstrip(" '\"").startswith(_GUARDED):
        return _bounded(text[1:])
    return None if text.startswith("=") else _bounded(text)


def _bounded(text: str) -> str:
    if len(text) > MAX_CELL:
        raise refused(N_("A cell holds more text than any product has."))
    return text


def _workbook(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise refused(N_("The workbook is too big once it is unpacked."))
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is not None:
            yield from _rows(sheet.iter_rows(max_col=MAX_COLUMNS + 1))
    except DomainError:
        raise
    except Exception as broken:
        # A damaged workbook fails in as many ways as there are parts in it.
        raise refused(N_("The workbook is damaged or protected and cannot be read.")) from broken


def _rows(rows: Iterable[Any]) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(islice(rows, 10 * MAX_ROWS), start=1):
        cells = [_value(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        yield number, cells


def _value(cell: Any) -> Cell:
    if cell.data_type == "f":
        return None
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # Spreadsheets reckon in binary: 0.1 + 0.2 shall be 0.3 again.
        return f"{Decimal(repr(round(value, 9))).normalize():f}"
    return _typed(str(value)) or ""
