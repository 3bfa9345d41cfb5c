"""Spreadsheets and delimited text as the tables they are, with what was read marked in them."""

import csv
import re
from collections.abc import Iterable
from dataclasses import replace
from io import StringIO

from orders.admin.marking import Passage
from orders.documents.delimited import delimiter_of

FORMATS = frozenset({"xlsx", "xls", "csv"})
Row = list[list[Passage]]
"""The pieces of each cell."""
_BETWEEN = re.compile(r"([\t\n])")


def tabbed(text: str, format_: str) -> str:
    """One row a line, and a tab between cells; delimited text comes as its writer exported it."""
    delimiter = delimiter_of(text) if format_ == "csv" else ""
    if not delimiter:
        return text
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return text
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


def table(passages: Iterable[Passage]) -> list[Row]:
    """The rows of a tabbed text; a passage that reaches over several cells is marked in each."""
    rows: list[Row] = [[[]]]
    for passage in passages:
        for piece in _BETWEEN.split(passage.text):
            if piece == "\n":
                rows.append([[]])
            elif piece == "\t":
                rows[-1].append([])
            elif piece:
                rows[-1][-1].append(replace(passage, text=piece))
    return [row for row in rows if any(row)]
