"""Rows of delimited text: CSV in the dialects that programs write."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from openpyxl.utils import get_column_letter

from orders.documents.layout import MAX_ROWS, Cell, Row

DELIMITERS = ";\t|,"
_LOOKED_AT = 30
_MAX_COLUMNS = 200
_MAX_CELL = 1_000
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def text_of(data: bytes) -> str:
    """The text in its own encoding: a byte order mark tells, else it is UTF-8 or old Windows."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def delimiter_of(text: str) -> str:
    """The sign that parts most rows into the same number of cells; empty where none does."""
    lines = [line for line in text.splitlines()[: _LOOKED_AT * 3] if line.strip()][:_LOOKED_AT]
    best, votes = "", 1
    for delimiter in DELIMITERS:
        counts = Counter(len(cells) for cells in _split(lines, delimiter) if len(cells) > 2)
        alike = max(counts.values(), default=0)
        if alike > votes or (alike and len(lines) <= 2 and not best and alike == len(lines)):
            best, votes = delimiter, alike
    return best


def _split(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        return


def rows_of(text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return list(islice(_rows(reader), MAX_ROWS + 1))


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    at = 0
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond all bounds
            continue
        at += 1
        cells = tuple(
            Cell(text, column, column, path=f"{get_column_letter(column)}{at}")
            for column, value in enumerate(values[:_MAX_COLUMNS], start=1)
            if (text := " ".join(value[:_MAX_CELL].split()))
        )
        if cells:
            yield Row(at, "  ".join(cell.text for cell in cells), cells)
