"""The rows of spreadsheets, .xlsx and .xls. Runs in the jail."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils import get_column_letter

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.documents.language import language_of
from orders.documents.layout import MAX_ROWS, PAGE_GAP, Cell, Row
from orders.documents.numbers import Notation, notation

MAX_MEMBERS = 100
MAX_RATIO = 100
MAX_UNPACKED = 50_000_000
MAX_SHEETS = 20
MAX_COLUMNS = 200
MAX_CELL = 1_000
_SMALL = 2_000_000
"""Bytes up to which no ratio of packing matters."""
_CHUNK = 1 << 16
_NO_RESULT = re.compile(rb"(?:</f>|<f\b[^<>]{0,200}/>)(?:<v></v>|<v\s?/>)?</c>")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_PLACES = 10


@dataclass(frozen=True, slots=True)
class Sheets:
    rows: list[Row]
    notation: Notation
    """How the cells are shown that hold numbers and not text."""
    complete: bool
    computed: bool = True
    """Whether all formulas came with their results."""


_Value = str | int | float | Decimal | date | datetime | time | bool | None


@dataclass(frozen=True, slots=True)
class _Entry:
    value: _Value
    percent: bool = False


_Grid = tuple[str, list[list[_Entry]]]


def read_xlsx(data: bytes, language: str) -> Sheets:
    """Raises DomainError where it is no workbook, or one beyond all bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            computed = _inspect(archive, len(data))
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        grids = [_xlsx_grid(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError) as broken:
        raise _unreadable(N_("The spreadsheet is damaged and cannot be read.")) from broken
    except NotImplementedError as locked:
        raise _unreadable(N_("The spreadsheet is protected by a password.")) from locked
    return _sheets(grids, language, computed=computed)


def read_xls(data: bytes, language: str) -> Sheets:
    """The format of Excel up to 2003. Raises DomainError."""
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True)
        visible = [
            name
            for name, one in zip(book.sheet_names(), book._sheet_visibility, strict=True)
            if not one
        ]
        grids = [_xls_grid(book, name) for name in visible[: MAX_SHEETS + 1]]
    except xlrd.XLRDError as refused:
        locked = "encrypt" in str(refused).lower() or "password" in str(refused).lower()
        raise _unreadable(
            N_("The spreadsheet is protected by a password.")
            if locked
            else N_("The spreadsheet is damaged and cannot be read.")
        ) from refused
    except (xlrd.compdoc.CompDocError, ValueError, KeyError, IndexError, AssertionError) as broken:
        raise _unreadable(N_("The spreadsheet is damaged and cannot be read.")) from broken
    return _sheets(grids, language)


def _inspect(archive: zipfile.ZipFile, size: int) -> bool:
    """Unpack once and throw away: what a header says of sizes is a stranger's word.

    Returns whether all formulas have results.
    """
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise _too_large()
    total, computed = 0, True
    for member in members:
        if member.flag_bits & 1:
            raise NotImplementedError("encrypted")
        tail = b""
        with archive.open(member) as file:
            while piece := file.read(_CHUNK):
                total += len(piece)
                if total > MAX_UNPACKED or total > max(_SMALL, size * MAX_RATIO):
                    raise _too_large()
                window = tail + piece
                if any(mark in window for mark in _FORBIDDEN) and member.filename.endswith(
                    (".xml", ".rels")
                ):
                    raise _unreadable(N_("The spreadsheet is damaged and cannot be read."))
                if member.filename.startswith("xl/worksheets/") and _NO_RESULT.search(window):
                    computed = False
                tail = window[-300:]
    return computed


def _xlsx_grid(sheet: Any) -> _Grid:
    sheet.reset_dimensions()  # a sheet may lie about its size
    return sheet.title, [
        [
            _Entry(cell.value, "%" in str(cell.number_format or ""))
            if cell.value is not None
            else _Entry(None)
            for cell in row
        ]
        for row in islice(sheet.iter_rows(max_col=MAX_COLUMNS), MAX_ROWS + 1)
    ]


def _xls_grid(book: xlrd.Book, name: str) -> _Grid:
    sheet = book.sheet_by_name(name)
    return name, [
        [_xls_entry(cell, book.datemode) for cell in sheet.row(at)[:MAX_COLUMNS]]
        for at in range(min(sheet.nrows, MAX_ROWS + 1))
    ]


def _xls_entry(cell: Any, datemode: int) -> _Entry:
    if cell.ctype == xlrd.XL_CELL_DATE:
        with suppress(xlrd.XLDateError, ValueError, OverflowError):
            return _Entry(xlrd.xldate_as_datetime(cell.value, datemode))
    known = cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER)
    return _Entry(cell.value if known else None)


def _sheets(grids: Sequence[_Grid], language: str, *, computed: bool = True) -> Sheets:
    texts = "\n".join(
        entry.value[:MAX_CELL]
        for _, lines in grids[:MAX_SHEETS]
        for line in lines
        for entry in line
        if isinstance(entry.value, str)
    )
    numbers = Notation(notation(texts, language or language_of(texts)).language, proven=True)
    rows = list(islice(_rows(grids[:MAX_SHEETS], numbers), MAX_ROWS + 1))
    too_many = len(rows) > MAX_ROWS or any(len(lines) > MAX_ROWS for _, lines in grids)
    complete = len(grids) <= MAX_SHEETS and not too_many
    return Sheets(rows[:MAX_ROWS], numbers, complete, computed)


def _rows(grids: Iterable[_Grid], numbers: Notation) -> Iterator[Row]:
    for index, (title, lines) in enumerate(grids):
        for at, line in enumerate(lines, start=1):
            cells = tuple(
                Cell(text, column, column, path=f"{title}!{get_column_letter(column)}{at}")
                for column, entry in enumerate(line, start=1)
                if (text := _shown(entry, numbers))
            )
            if cells:
                yield Row(index * PAGE_GAP * 100 + at, "  ".join(c.text for c in cells), cells)


def _shown(entry: _Entry, numbers: Notation) -> str:
    """The value as its sheet would show it, in the notation of its texts."""
    value = entry.value
    if isinstance(value, str):
        return " ".join(value[:MAX_CELL].split())
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, int | float | Decimal):
        return _number(Decimal(str(value)), numbers, percent=entry.percent)
    return str(value)


def _number(value: Decimal, numbers: Notation, *, percent: bool) -> str:
    if not value.is_finite():
        return ""
    if percent:
        value *= 100
    text = f"{round(value, _PLACES):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = text.replace(".", ",") if numbers.language == "de" else text
    return f"{text} %" if percent else text


def _too_large() -> DomainError:
    return _unreadable(N_("The spreadsheet is too large."))


def _unreadable(message: str) -> DomainError:
    return DomainError("unreadable_sheet", message, status=422)
